#!/usr/bin/env python3
"""A million rows changed by op.backfill, beside one UPDATE that does the same.

    backfill.py PROGRAM URL [ROWS [WORKERS]]

Three columns of rows of some 190 bytes: a name put together, an address in small letters, a city out of
a JSON text. Each road begins with the rows as new; printed are the best and the median of three rounds.
With WORKERS, on PostgreSQL, one more road is the durable one by so many.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 3
TABLE = """revision = "aaaa1111"
function upgrade()
  op.create_table("users", function(t)
    t:id() t:text("first") t:text("last") t:text("email") t:text("payload")
    t:text("full_name") t:text("city")
  end)
  local i = 0
  op.bulk_insert("users", function()
    i = i + 1
    return i <= ROWS and { first = "First" .. i, last = "Last" .. i % 1000,
      email = "User" .. i .. "@Example.COM",
      payload = ('{"age": %d, "city": ["Town%d", "x"], "note": "to make it some hundred bytes long"}')
        :format(i % 90, i % 500) } or nil
  end)
end
function downgrade() op.drop_table("users") end
"""
ROW = """op.backfill("users", {
    read = { "first", "last", "email", "payload" }, write = { "full_name", "email", "city" }, WORKERS
  }, function(row)
    return { full_name = row.first .. " " .. row.last, email = row.email:lower(),
      city = json.at(row, "payload", "city", 1) }
  end)"""
SET = """op.execute({
    sqlite = "UPDATE users SET full_name = first || ' ' || last, email = lower(email), "
      .. "city = json_extract(payload, '$.city[0]')",
    postgresql = "UPDATE users SET full_name = first || ' ' || last, email = lower(email), "
      .. "city = payload::json #>> '{city,0}'" })"""
ONE = ROW.replace("WORKERS", "")
ROADS = {"one UPDATE": (SET, True), "backfill": (ONE, True), "durable backfill": (ONE, False)}


def write(path, body, transactional):
    path.write_text(f'revision = "bbbb1111"\ndown_revision = "aaaa1111"\n'
                    f"transactional = {str(transactional).lower()}\n"
                    f"function upgrade()\n  {body}\nend\nfunction downgrade() end\n")


def main():
    program, url = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    rows = sys.argv[3] if len(sys.argv) > 3 else "1000000"
    roads, times = dict(ROADS), {}
    if len(sys.argv) > 4:
        workers = int(sys.argv[4])
        roads[f"{workers} workers"] = (ROW.replace("WORKERS", f"workers = {workers}"), False)
    with tempfile.TemporaryDirectory(prefix="luamig-backfill-") as directory:
        versions = pathlib.Path(directory, "migrations", "versions")
        versions.mkdir(parents=True)
        pathlib.Path(directory, "luamig.toml").write_text('migrations = "migrations"\n')
        (versions / "a.lua").write_text(TABLE.replace("ROWS", rows))

        def luamig(*arguments):
            began = time.monotonic()
            subprocess.run([program, "-q", "-u", url, *arguments], cwd=directory, check=True)
            return time.monotonic() - began

        luamig("ensure-version")
        for name, (body, transactional) in [road for _ in range(ROUNDS) for road in roads.items()]:
            write(versions / "b.lua", body, transactional)
            luamig("upgrade", "aaaa1111")
            times.setdefault(name, []).append(luamig("upgrade"))
            luamig("downgrade", "base")
    for way in (min, statistics.median):
        print("best" if way is min else "median")
        for name, seconds in times.items():
            print(f"{name:18} {way(seconds):6.2f} s  {way(seconds) / way(times['one UPDATE']):5.2f} x")


if __name__ == "__main__":
    main()
