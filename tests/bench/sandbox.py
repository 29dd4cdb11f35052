#!/usr/bin/env python3
"""What it costs to run scripts shut in: CPU of loops over rows, the set-up, and the counting of memory.
Medians of interleaved runs.

  sandbox.py build/luamig [RUNS]
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROWS = 200_000
LOOP = f"""
  local sum = 0
  for row in db:rows [[WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS})
      SELECT n, 'name ' || n AS name, n * 1.5 AS price FROM c]] do
    sum = sum + row.n + #row.name
  end
  print(sum)
"""
BACKFILL = f"""
  op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
  op.execute [[INSERT INTO t (id, a) WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c
      WHERE n < {ROWS}) SELECT n, 'name ' || n FROM c]]
  op.backfill("t", {{ read = {{ "a" }}, write = {{ "b" }} }}, function(row)
    return {{ b = row.a:upper() }}
  end)
"""
GARBAGE = """
  local t = {}
  for i = 1, 3000000 do t[i % 1000 + 1] = { i, tostring(i) } end
"""
EMPTY = ""


def run(program, body, flags, toml=""):
    """CPU of both processes and wall time, in ms."""
    with tempfile.TemporaryDirectory() as place:
        root = pathlib.Path(place)
        versions = root / "migrations" / "versions"
        versions.mkdir(parents=True)
        (root / "luamig.toml").write_text(f'url = "sqlite:///app.db"\n{toml}')
        (versions / "a.lua").write_text(
            f'revision = "a"\nfunction upgrade()\n{body}\nend\nfunction downgrade() end\n')
        before, began = os.times(), time.monotonic()
        done = subprocess.run([program, "upgrade", *flags], cwd=root, capture_output=True,
                              text=True, check=False)
        wall = time.monotonic() - began
        after = os.times()
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        cpu = (after.children_user - before.children_user
               + after.children_system - before.children_system)
        return cpu * 1000, wall * 1000


def medians(program, runs, variants):
    """Of CPU and of wall time, for each variant."""
    seen = [[] for _ in variants]
    for _ in range(runs):
        for kept, variant in zip(seen, variants):
            kept.append(run(program, *variant))
    return [tuple(statistics.median(column) for column in zip(*kept)) for kept in seen]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    for name, body in (("rows", LOOP), ("backfill", BACKFILL)):
        (own, _), (apart, _) = medians(program, runs, [(body, []), (body, ["--sandbox"])])
        print(f"{name}: {own:.0f} ms CPU in its own process, {apart:.0f} ms shut in: "
              f"{apart / own:.2f} x")
    (_, own), (_, apart) = medians(program, runs * 5, [(EMPTY, []), (EMPTY, ["--sandbox"])])
    print(f"set-up: {own:.2f} ms and {apart:.2f} ms a run: {apart - own:.2f} ms")
    (none, _), (counted, _) = medians(
        program, runs,
        [(GARBAGE, [], '[limits]\nmemory = "0"\n'), (GARBAGE, [], '[limits]\nmemory = "256MB"\n')])
    print(f"memory: {none:.0f} ms CPU without a limit, {counted:.0f} ms with one: "
          f"{(counted / none - 1) * 100:+.1f} %")


if __name__ == "__main__":
    main()
