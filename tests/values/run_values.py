#!/usr/bin/env python3
"""Every value of matrix.py through every way in and out: not a bit of it may change.

    run_values.py PROGRAM sqlite|postgres

The server writes each value once itself, by a literal; migrations write it in all their ways, read it
in all their ways and write back what they read. All rows of one value must be the same to the server
(psql) or to another client of the file (Python's sqlite3). Then each is overwritten or removed, and
op.undo gives it back. Last comes one text of LUAMIG_BIG megabytes,
else 3. Ends with 77 where the engine is not here.
"""

import os
import pathlib
import struct
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
import matrix  # noqa: E402
from program import Failed, Program  # noqa: E402

A_FILE = 60  # values in one migration
# Rows of a value: the literal, the ways in and the ways back. What a script makes of bytes anew
# (`again`) is left out of one.
WAYS = {"sqlite": 24, "postgres": 25}


def main():
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    values = [value for value in matrix.all_values() if getattr(value, engine)]
    with tempfile.TemporaryDirectory(prefix="luamig-values-") as directory:
        database = databases.make(engine, pathlib.Path(directory))
        try:
            run(program, database, values, pathlib.Path(directory))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
        finally:
            database.drop()
    print(f"{engine}: {len(values)} values, by every way the same")
    return 0


UNDO = """revision = "undo"
down_revision = "{down}"
local function each(act)
  for i = 0, {last} do act("v" .. i) end
end
function upgrade()
  each(function(name)
    op.backfill(name, {{ set = {{ v = null }}, where = "id <= 11", undo = true }})
    op.backfill(name, {{ read = "id", write = {{ "v", "way" }}, where = "id > 11", undo = true }}, function(row)
      return row.id % 2 == 0 and {{ v = null, way = "changed" }} or "delete"
    end)
    op.backfill(name, {{ delete = true, where = "id <= 11", undo = true }})
  end)
end
function downgrade()
  each(function(name)
    local rows = db:scalar("SELECT count(*) FROM " .. name)
    local counts = op.undo(name)
    if counts.changed + counts.gone > 0 or counts.restored <= rows then
      print("WRONG", name, counts.restored, counts.changed, counts.gone)
    end
  end)
end
"""


def run_undo(program, database, values, directory):
    """Every value changed, or removed with its row, and given back by op.undo."""
    before = rows_of(database, values)
    (directory / "migrations" / "versions" / "undo.lua").write_text(
        UNDO.format(down=last_revision(values), last=len(values) - 1))
    luamig = Program(program, directory, database.url)
    luamig("upgrade", "undo")
    if rows_of(database, values) == before:
        raise Failed("a backfill has changed nothing")
    said = luamig("downgrade", "-1")
    wrong = [line.strip() for line in said.splitlines() if "WRONG" in line]
    for value, rows, now in zip(values, before, rows_of(database, values)):
        if rows != now:
            wrong.append(f"{getattr(value, database.engine)[0]} {value.lua[:60]} after op.undo: {now}"[:400])
    if wrong:
        raise Failed("\n".join(wrong))


def last_revision(values):
    return f"r{(len(values) - 1) // A_FILE * A_FILE}"


BIG = """revision = "big"
down_revision = "{down}"
function upgrade()
  local text = ("it's \\"x\\" 🙂\\n"):rep({times})
  db:execute("INSERT INTO long_text VALUES (2, $1)", {{ text }})
  op.bulk_insert("long_text", {{ {{ id = 3, v = text }}, {{ id = 4, v = null }} }})
  op.backfill("long_text", {{ read = "id", write = "v", where = "id = 4" }}, function() return {{ v = text }} end)
  op.backfill("long_text", {{ read = "v", where = "id = 1" }}, function(row) assert(row.v == text) end)
  assert(db:scalar("SELECT v FROM long_text WHERE id = 1") == text)
  for row in db:rows("SELECT v FROM long_text WHERE id = 1") do
    db:execute("INSERT INTO long_text VALUES (5, :v)", row)
  end
end
function downgrade() end
"""
PIECE = "it's \"x\" 🙂\n"


def run_big(program, database, directory, down, megabytes):
    """One long text in, out and back."""
    times = megabytes * 1024 * 1024 // len(PIECE.encode())
    (directory / "migrations" / "versions" / "big.lua").write_text(BIG.format(down=down, times=times))
    piece = PIECE.replace("'", "''")
    fill = {"postgres": f"repeat('{piece}', {times})",
            "sqlite": f"replace(hex(zeroblob({times})), '00', '{piece}')"}[database.engine]
    database.run(f"CREATE TABLE long_text (id integer PRIMARY KEY, v text); INSERT INTO long_text VALUES (1, {fill});")
    Program(program, directory, database.url)("upgrade")
    rows = database.rows("SELECT count(*), count(DISTINCT v), min(length(v)), max(length(v)) FROM long_text")
    if rows != [["5", "1", str(times * len(PIECE)), str(times * len(PIECE))]]:
        raise Failed(f"a text of {megabytes} MB: {rows}")


def run(program, database, values, directory):
    database.run("\n".join(tables(database.engine, values)))
    write_project(directory, values, database.engine)
    said = Program(program, directory, database.url)("upgrade")
    wrong = [line.strip() for line in said.splitlines() if "WRONG" in line]
    for i, rows in enumerate(rows_of(database, values)):
        wrong += check(database.engine, i, values[i], rows)
    if wrong:
        raise Failed("\n".join(wrong))
    run_undo(program, database, values, directory)
    run_big(program, database, directory, "undo", int(os.environ.get("LUAMIG_BIG", 3)))


def tables(engine, values):
    if engine == "postgres":
        yield matrix.TYPES
    yield "CREATE TABLE source (id integer PRIMARY KEY, n integer); INSERT INTO source VALUES (1, 1);"
    for i, value in enumerate(values):
        kind, literal = getattr(value, engine)
        yield f"CREATE TABLE v{i} (id integer PRIMARY KEY, way text, v {kind});"
        yield f"INSERT INTO v{i} VALUES (1, 'literal', {literal});"


def write_project(directory, values, engine):
    (directory / "luamig.toml").write_text('migrations = "migrations"\n')
    versions, lib = (directory / "migrations" / name for name in ("versions", "lib"))
    versions.mkdir(parents=True)
    lib.mkdir()
    (lib / "ways.lua").write_text((HERE / "ways.lua").read_text(encoding="utf-8"), encoding="utf-8")
    numbered = list(enumerate(values))
    for part in range(0, len(values), A_FILE):
        lines = [f"  -- {getattr(v, engine)[0]}\n"
                 f'  ways.inward("v{i}", {v.lua})\n'
                 f'  ways.outward("v{i}", {v.lua if v.out is None else v.out}, {v.again})\n'
                 for i, v in numbered[part:part + A_FILE]]
        down = f'"r{part - A_FILE}"' if part else "nil"
        (versions / f"r{part}.lua").write_text(
            f'revision = "r{part}"\ndown_revision = {down}\n'
            f'local ways = require("ways")\nfunction upgrade()\n{"".join(lines)}end\n'
            "function downgrade() end\n", encoding="utf-8")


def check(engine, i, value, rows):
    kind = getattr(value, engine)[0]
    if len(rows) != WAYS[engine] - (value.again != "nil"):
        yield f"v{i} {kind} {value.lua[:60]}: {len(rows)} rows"
    wanted = rows[0][1]
    for way, found in rows:
        if found != wanted:
            yield f"v{i} {kind} {value.lua[:60]} by {way}: {found[:200]}, not {wanted[:200]}"


def rows_of(database, values):
    """For each value a list of [way, spelling], the literal's row first."""
    reader = sqlite_rows if database.engine == "sqlite" else postgres_rows
    rows = [[] for _ in values]
    for i, way, spelling, *_ in reader(database, values):
        rows[int(i)].append([way, spelling])
    return rows


# Its text is one to one with the value, but for char(n), whose blanks it leaves out.
def postgres_rows(database, values):
    def bits(value):
        return "encode(bpcharsend(v), 'hex')" if value.postgres[0].startswith("char(") else "v::text"

    return database.rows(" UNION ALL ".join(
        f"SELECT {i} AS i, way, (v IS NULL) || ' ' || coalesce({bits(value)}, ''), id FROM v{i}"
        for i, value in enumerate(values)) + " ORDER BY 1, 4")


def sqlite_rows(database, values):
    connection = database.connect()
    connection.text_factory = bytes
    try:
        for i in range(len(values)):
            for way, kind, v in connection.execute(f"SELECT way, typeof(v), v FROM v{i} ORDER BY id"):
                yield i, way.decode(), spelled(kind.decode(), v)
    finally:
        connection.close()


def spelled(kind, value):
    bits = struct.pack("<d", value).hex() if isinstance(value, float) else repr(value)
    return f"{kind} {bits}"


if __name__ == "__main__":
    sys.exit(main())
