#!/usr/bin/env python3
"""Kills `n = n + 1` over many rows at random moments, until it is done: every row was done once, and a
few that the database refuses are rejected once each.

    run_row_kills.py PROGRAM sqlite|postgres [KILLS [ROWS]]

When a run ends before it has been killed often enough, the table is made anew and it goes on. The
default is 12 kills over 20,000 rows; LUAMIG_KILLS and LUAMIG_ROWS say other numbers. Ends with 77 where
the engine is not here.
"""

import os
import random
import sys
import time

import run_kills
from run_kills import databases, Failed

MIGRATION = """revision = "dddd3333"
transactional = false
function upgrade()
  local counts = op.backfill("counted", {{ read = {{ "n" }}, write = {{ "n" }}, target_time = "100ms",
    max_rejects = {rows} }}, function(row)
      return {{ n = row.id % {every} == 0 and null or row.n + 1 }}
    end)
  op.assert_equal(counts.read, {rows})
  op.assert_equal(counts.rejected, {rejected})
  op.assert_equal(counts.changed, {rows} - {rejected})
end
function downgrade() end
"""
FILL = {
    "sqlite": """WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows})
        INSERT INTO counted SELECT i, 'row ' || i, 0 FROM s;""",
    "postgres": "INSERT INTO counted SELECT i, 'row ' || i, 0 FROM generate_series(1, {rows}) AS s(i);",
}
REJECTED = 10
START = 0.03  # seconds that a run takes before its first batch


def make_anew(database, rows):
    database.clear()
    database.run("CREATE TABLE counted (id integer PRIMARY KEY, name text, n integer NOT NULL);"
                 + FILL[database.engine].format(rows=rows))


def check(database, rows):
    found = database.rows("SELECT n, count(*) FROM counted GROUP BY n ORDER BY n")
    if found != [["0", str(REJECTED)], ["1", str(rows - REJECTED)]]:
        raise Failed(f"rows by how often they were done: {found}")
    found = database.rows("SELECT count(*), count(DISTINCT row_key) FROM luamig_rejects")
    if found != [[str(REJECTED)] * 2]:
        raise Failed(f"rows that are rejected, and different ones: {found}")
    if database.rows("SELECT count(*) FROM luamig_progress") != [["0"]]:
        raise Failed("luamig_progress is not empty")
    if database.rows("SELECT count(*) FROM luamig_history WHERE outcome = 'applied'") != [["1"]]:
        raise Failed("it is not applied once")


def run(program, engine, kills, directory):
    rows = int(sys.argv[4] if len(sys.argv) > 4 else os.environ.get("LUAMIG_ROWS", 20_000))
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "luamig.toml").write_text('migrations = "migrations"\n')
    (versions / "d.lua").write_text(MIGRATION.format(rows=rows, every=rows // REJECTED,
                                                   rejected=REJECTED))
    seed = int(os.environ.get("LUAMIG_SEED", time.time_ns() % 1_000_000))
    print(f"LUAMIG_SEED={seed}")
    database = databases.make(engine, directory)
    try:
        chance = random.Random(seed)
        times = run_kills.kill_until(
            lambda: make_anew(database, rows),
            lambda seconds: run_kills.is_done_within(seconds, program, directory, database.url),
            lambda: check(database, rows),
            kills, lambda whole: START + chance.uniform(0, 2 * whole / kills))
        print(f"{engine}: {kills} runs killed, {rows} rows done once each, {times} times")
    finally:
        database.drop()


if __name__ == "__main__":
    sys.exit(run_kills.main(run, 12))
