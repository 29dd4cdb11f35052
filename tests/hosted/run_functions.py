#!/usr/bin/env python3
"""Random functions of backfill, run by the host as far as it can and once more by Lua alone: the same
changes, removals, rows elsewhere and errors.

    run_functions.py PROGRAM sqlite|postgres [FIRST SEED] [HOW MANY]

Without HOW MANY it is the first 40, or LUAMIG_SEEDS, which .ci/run sets to 500. Ends with 77 where the
engine is not here.
"""

import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import functions

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import databases  # noqa: E402
import program  # noqa: E402

SEEDS = 40
TOGETHER = 20  # functions of one file, each on a table of its own
LEAST_BY_HOST = 0.35  # of all rows: fewer would mean that nothing is tested here

ROWS = (  # a, b, i, r, f, j
    ("Ada", "x", 1, 0.5, True, '{"city": "Rome", "tags": ["a", "b"], "n": 1}'),
    ("", None, 0, -0.0, False, '{"city": null, "n": 1.5, "flag": true, "null": null}'),
    ("ÄÖÜ straße", "x", -1, 1e15, None, '{"deep": {"er": "é"}, "tags": []}'),
    ("10", "9", 99999999999999, 1e300, True, '{"n": 12345678901234567890, "city": "a\\"b"}'),
    ("O'Hara", None, None, None, None, None),
    ("x" * 300, "Ab", 2**31, 0.1, False, '{"city": {"a": 1}, "tags": [null, "z"]}'),
    ("mixed CASE", "reject", 7, -3.25, True, "[1, 2]"),
    ("tab\tline\n", "delete", -7, 100.0, True, '{"city": "x", "city": "y"}'),
    ("end", " ", 10**14, 2.0, False, '{"n": -0, "city": ""}'),
    ("z", "10", 42, 3.0, None, '{"tags": ["only"]}'),
    ("Zoë", "é", 5, 5.5, True, "{broken"),
    ("last", "b", 70000, 1e-9, False, '{"flag": false, "city": "end"}'),
)

TYPES = {"sqlite": "id INTEGER PRIMARY KEY, a TEXT, b TEXT, i INTEGER, r REAL, f BOOLEAN, j TEXT, x, y",
         "postgres": "id bigint PRIMARY KEY, a text, b text, i bigint, r double precision, f boolean, "
                     "j text, x text, y text"}

HEAD = 'local PREFIX, RATE = "Mr ", 1.5\n'


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def tables(engine, count):
    yield "BEGIN; DROP TABLE IF EXISTS seen; CREATE TABLE seen (t text, id bigint, what " + (
        "text" if engine == "postgres" else "") + ");"
    for n in range(count):
        yield f"DROP TABLE IF EXISTS t{n}; CREATE TABLE t{n} ({TYPES[engine]});"
        for i in range(4 * len(ROWS)):
            # Simple rows between the others, so that a function goes far enough.
            row = ROWS[i // 4] if i % 4 == 3 else ROWS[0]
            values = ", ".join(map(literal, row))
            yield f"INSERT INTO t{n} (id, a, b, i, r, f, j) VALUES ({i + 1}, {values});"
    yield "COMMIT;"


def script(sources, by_lua):
    """Each function in a call of its own: an error ends it alone. What has captured a function is not
    the host's to run."""
    text = HEAD
    for n, lines in enumerate(sources):
        body = "\n    ".join(lines)
        call = "function(row, out) return fn(row, out) end" if by_lua else "fn"
        text += f"""do
  local fn = function(row, out)
    {body}
  end
  local ok, why = pcall(op.backfill, "t{n}", {{ read = {{ "a", "b", "i", "r", "f", "j" }},
    write = {{ "x", "y" }} }}, {call})
  print("t{n}", ok and why.changed .. " " .. why.deleted .. " " .. why.inserted or why.message)
end
"""
    return text


def exact(engine, column):
    """What a column holds, to the byte and the type."""
    return f"typeof({column}), hex({column})" if engine == "sqlite" else f"{column} IS NULL, {column}"


def run(luamig, database, directory, sources, by_lua):
    database.run("\n".join(tables(database.engine, len(sources))))
    file = directory / "run.lua"
    file.write_text(script(sources, by_lua), encoding="utf-8")
    done = subprocess.run([luamig, "-v", "-u", database.url, "run", str(file)], cwd=directory,
                          capture_output=True, text=True, timeout=300, check=False)
    engine = database.engine
    by_host = sum(int(n.replace(",", "")) for n in re.findall(r"the host did ([\d,]+) of", done.stderr + done.stdout))
    said = [line for line in (done.stdout + done.stderr).splitlines() if re.search(r"\bt\d+\t", line)]
    if len(said) != len(sources):
        raise RuntimeError(f"not every function was run:\n{done.stdout}{done.stderr}")
    found = [database.rows(f"SELECT id, {exact(engine, 'x')}, {exact(engine, 'y')} FROM t{n} ORDER BY id")
             for n in range(len(sources))]
    elsewhere = database.rows(f"SELECT id, {exact(engine, 'what')} FROM seen ORDER BY 1, 2, 3")
    return said, found, elsewhere, by_host


def main():
    luamig, engine = sys.argv[1:3]
    why = databases.missing(engine)
    if why:
        print(f"skipped: {why}")
        return databases.SKIPPED
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    seeds = int(sys.argv[4]) if len(sys.argv) > 4 else int(os.environ.get("LUAMIG_SEEDS", SEEDS))
    failed, rows, by_host = 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        (directory / "luamig.toml").write_text('migrations = "migrations"\n', encoding="utf-8")
        (directory / "migrations" / "versions").mkdir(parents=True)
        database = databases.make(engine, directory)
        try:
            for start in range(first, first + seeds, TOGETHER):
                these = range(start, min(start + TOGETHER, first + seeds))
                sources = [functions.random_function(random.Random(seed)) for seed in these]
                one = run(luamig, database, directory, sources, by_lua=False)
                other = run(luamig, database, directory, sources, by_lua=True)
                by_host += one[3]
                rows += 4 * len(ROWS) * len(sources)
                if other[3] != 0:
                    failed += 1
                    print(f"seed {start} and on: the host ran what only Lua should have")
                for n, seed in enumerate(these):
                    if (one[0][n], one[1][n]) != (other[0][n], other[1][n]):
                        failed += 1
                        print(f"seed {seed} differs:\n  " + "\n  ".join(sources[n]))
                        print(f"by the host: {one[0][n]}\nby Lua:      {other[0][n]}")
                        print("\n".join(f"  {a}\n  {b}" for a, b in zip(one[1][n], other[1][n]) if a != b))
                if one[2] != other[2]:
                    failed += 1
                    print(f"seeds {start} and on: other rows in seen")
        finally:
            database.drop()
    print(f"{seeds} functions on {rows} rows, {by_host} of them by the host; {failed} failed")
    if by_host < LEAST_BY_HOST * rows:
        print("too few rows were the host's")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
