#!/usr/bin/env python3
"""Whatever goes through the rows of a table needs no more memory for many of them than for few.

    run_memory.py PROGRAM sqlite|postgres [ROWS]

The peak of each run with ROWS rows (LUAMIG_ROWS, else 200,000) is compared with that of the same work
over 1,000. Ends with 77 where the engine is not here.
"""

import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
from memory import run_watched  # noqa: E402
from program import NOT_PASSED_ON, Failed  # noqa: E402

FEW = 1000
MOST_MORE = 20  # MB

TABLES = """
CREATE TABLE many (id bigint PRIMARY KEY, name text, n integer NOT NULL);
CREATE TABLE copy (id bigint, name text, n integer);
"""
FILL = {
    "sqlite": """WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows})
        INSERT INTO many SELECT i * {apart}, i || {text}, 0 FROM s;""",
    "postgres": "INSERT INTO many SELECT i::bigint * {apart}, i || {text}, 0 "
                "FROM generate_series(1, {rows}) AS s(i);",
}
SPARSE = "backfill by a function, keys far apart"
TEXT = "'" + " a name of some length".ljust(100, ".") + "'"

# Each leaves behind how many rows it met, which is looked at.
WORKS = {
    "rows": """
  for row in db:rows("SELECT id, name FROM many") do n = n + #row.name / #row.name end""",
    "values": """
  for i, id, name in db:values("SELECT id, name FROM many") do n = i end""",
    "rows that are changed": """
  for row in db:rows("SELECT id, name FROM many") do
    if row.id % 100 == 0 then
      db:execute("UPDATE many SET n = n + 1 WHERE id = :id", { id = row.id })
    end
    n = n + 1
  end""",
    "groups": """
  for _, rows in db:groups("SELECT id, name FROM many ORDER BY id", "id") do n = n + #rows end""",
    "bulk_insert from a generator": """
  local i = 0
  n = op.bulk_insert("copy", function()
    i = i + 1
    if i > ROWS then return nil end
    return { id = i, name = ("x"):rep(100), n = i }
  end)""",
    "bulk_insert from rows": """
  n = op.bulk_insert("copy", db:rows("SELECT id, name, n FROM many"))""",
    "copy_in": """
  n = op.copy_in("copy", { "id", "name", "n" }, coroutine.wrap(function()
    for i = 1, ROWS do coroutine.yield({ i, ("x"):rep(100), i }) end
  end))""",
    "import_csv": """
  n = op.import_csv("many.csv", { table = "copy" }).inserted""",
    "import_csv by a function": """
  n = op.import_csv("many.csv", { table = "copy" }, function(line)
    return { id = line.id, name = text.upper(line.name) }
  end).inserted""",
    "backfill by set": """
  n = op.backfill("many", { set = { n = sql.raw("n + 1") } }).changed""",
    "backfill by a function": """
  n = op.backfill("many", { read = { "name", "n" }, write = { "name", "n" } }, function(row)
    return { name = row.name .. "!", n = row.n + 1 }
  end).changed""",
    "backfill that inserts and deletes": """
  n = op.backfill("many", { read = { "name", "n" } }, function(row, out)
    out:insert("copy", { id = row.id, name = row.name, n = row.n })
    return "delete"
  end).deleted""",
    "each_batch": """
  n = op.each_batch("many", { batch = 10000 }, function(batch)
    batch:execute("UPDATE many SET n = n + 1 WHERE id IN (SELECT id FROM batch)")
  end)""",
}
WORKS[SPARSE] = WORKS["backfill by a function"]
DURABLE = (SPARSE, "backfill by set", "backfill by a function", "backfill that inserts and deletes", "each_batch")


def peak_of(program, project, url):
    """The most memory that one `luamig upgrade` had, in MB."""
    environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
    status, said, peak = run_watched([program, "-q", "-u", url, "upgrade"], cwd=project,
                                     env=environment)
    if status != 0:
        raise Failed(f"luamig upgrade ended with {status}\n{said}")
    return peak


def write_migration(project, work, rows, durable):
    body = WORKS[work].replace("ROWS", str(rows))
    header = "transactional = false\n" if durable else ""
    (project / "migrations" / "versions" / "m.lua").write_text(
        f'revision = "aaaa1111"\n{header}function upgrade()\n  local n = 0{body}\n'
        f"  op.assert_equal(n, {rows})\nend\nfunction downgrade() end\n", encoding="utf-8")


def write_lines(project, rows):
    with open(project / "migrations" / "many.csv", "w", encoding="ascii") as lines:
        lines.write("id,name,n\n")
        lines.writelines(f"{i},a name of some length {'.' * 80},{i}\n" for i in range(1, rows + 1))


def one_peak(program, project, engine, work, rows, durable):
    write_migration(project, work, rows, durable)
    if "csv" in work:
        write_lines(project, rows)
    database = databases.make(engine, project)
    try:
        apart = 1_000_003 if work == SPARSE else 1
        database.run(TABLES + FILL[engine].format(rows=rows, text=TEXT, apart=apart))
        return peak_of(program, project, database.url)
    finally:
        database.drop()


def run(program, engine, most, project):
    (project / "migrations" / "versions").mkdir(parents=True)
    (project / "luamig.toml").write_text('migrations = "migrations"\n')
    too_much = []
    for work, durable in [(w, False) for w in WORKS] + [(w, True) for w in DURABLE]:
        few, many = (one_peak(program, project, engine, work, rows, durable) for rows in (FEW, most))
        name = work + (", durable" if durable else "")
        print(f"{engine}: {name:45} {few:6.1f} MB for {FEW:,} rows, {many:6.1f} MB for {most:,}", flush=True)
        if many > few + MOST_MORE:
            too_much.append(name)
    if too_much:
        raise Failed(f"over {MOST_MORE} MB more: {'; '.join(too_much)}")


def main():
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    most = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("LUAMIG_ROWS", 200_000))
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-memory-") as directory:
        try:
            run(program, engine, most, pathlib.Path(directory))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
