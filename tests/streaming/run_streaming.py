#!/usr/bin/env python3
"""Rows of a second database are streamed: memory does not grow with them.

    run_streaming.py PROGRAM MAIN SECOND [ROWS]     MAIN, SECOND: sqlite or postgres

The same revision, once with 1,000 rows and once with ROWS (LUAMIG_STREAM_ROWS, or 60,000), may differ
in its peak memory by 20 MB at the most. Every row must have arrived.
"""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import databases, memory  # noqa: E402

FEW = 1000
MOST_MORE = 20  # MB
MIGRATION = """revision = "aaaa1111"
function upgrade()
  op.create_table("taken", { sql.column("id", sql.integer), sql.column("word", sql.text) })
  local legacy = op.database("legacy")
  local seen = 0
  for _, id in legacy:values("SELECT id FROM source") do seen = seen + id end
  print(seen)
  op.bulk_insert("taken", legacy:rows("SELECT id, word FROM source"), {
    map = function(row) return { id = row.id, word = text.upper(row.word) } end,
  })
end
function downgrade() op.drop_table("taken") end
"""
FILL = {
    "sqlite": "CREATE TABLE source AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM"
              " n WHERE id < {rows}) SELECT id, 'word ' || id || hex(zeroblob(80)) AS word FROM n;",
    "postgres": "CREATE TABLE source AS SELECT id, 'word ' || id || repeat('00', 80) AS word"
                " FROM generate_series(1, {rows}) AS n (id);",
}


def upgrade(program, directory, url):
    """Runs it; what it says, and the peak of its memory in MB."""
    status, said, peak = memory.run_watched([program, "-u", url, "upgrade"], cwd=directory)
    if status != 0:
        sys.exit(f"luamig upgrade ended with {status}\n{said}")
    return said, peak


def run(program, main, second, rows):
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "migrations/versions").mkdir(parents=True)
        (root / "other").mkdir()
        (root / "migrations/versions/a.lua").write_text(MIGRATION, encoding="utf-8")
        old, new = databases.make(second, root / "other"), databases.make(main, root)
        try:
            (root / "luamig.toml").write_text(f'[databases.legacy]\nurl = "{old.url}"\n',
                                              encoding="utf-8")
            old.run(FILL[second].format(rows=rows))
            said, peak = upgrade(program, root, new.url)
            assert str(rows * (rows + 1) // 2) in said, said
            taken = new.rows("SELECT count(*), count(DISTINCT word), max(id) FROM taken")
            assert taken == [[str(rows)] * 3], taken
        finally:
            old.drop()
            new.drop()
    return peak


def main():
    program, engine, second = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
    rows = int(sys.argv[4] if len(sys.argv) > 4 else os.environ.get("LUAMIG_STREAM_ROWS", 60000))
    for why in filter(None, map(databases.missing, (engine, second))):
        print(f"skipped: {why}")
        sys.exit(databases.SKIPPED)
    few, many = run(program, engine, second, FEW), run(program, engine, second, rows)
    print(f"{FEW} rows: {few:.1f} MB; {rows} rows: {many:.1f} MB")
    if many - few > MOST_MORE:
        sys.exit("the memory grows with the rows")


if __name__ == "__main__":
    main()
