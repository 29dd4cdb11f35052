#!/usr/bin/env python3
"""Kills a durable backfill at random moments until it is done: every row was done exactly once, and
op.undo gives every row back.

    run_backfill_kills.py PROGRAM sqlite|postgres [KILLS]

As run_kills.py; the work is one that shows it when a row is done twice or not at all.
"""

import os
import random
import sys
import time

import run_kills
from run_kills import databases, Failed
from program import Program  # noqa: E402

ROWS = 12000
MIGRATION = """revision = "dddd2222"
transactional = false
function upgrade()
  op.create_table("counted", {{ sql.column("a", sql.integer), sql.column("b", sql.text),
    sql.column("n", sql.integer), sql.column("m", sql.integer), sql.primary_key({{ "a", "b" }}) }})
  op.create_table("log", {{ sql.column("a", sql.integer), sql.column("b", sql.text),
    sql.unique({{ "a", "b" }}) }})
  op.create_table("seen", {{ sql.column("a", sql.integer), sql.column("b", sql.text) }})
  op.step("rows", function()
    local i = 0
    op.bulk_insert("counted", function()
      i = i + 1
      return i <= {rows} and {{ a = i % 100, b = "b" .. i, n = 0, m = 0 }} or nil
    end)
  end)
  local counts = op.backfill("counted", {{ read = {{ "n" }}, write = {{ "n" }}, batch = 150,
    undo = true }},
    function(row, out)
      out:insert("log", {{ a = row.a, b = row.b }})
      return {{ n = row.n + 1 }}
    end)
  op.assert_equal(counts.read, {rows})
  op.assert_equal(counts.inserted, {rows})
  counts = op.backfill("counted", {{ set = {{ m = sql.raw("m + 1") }}, batch = 200, undo = true }})
  op.assert_equal(counts.changed, {rows})
  op.each_batch("counted", {{ batch = 250 }}, function(batch)
    batch:execute("INSERT INTO seen SELECT a, b FROM batch")
  end)
  counts = op.backfill("log", {{ key = {{ "a", "b" }}, delete = true, where = "a < 50", batch = 300,
    undo = true }})
  op.assert_equal(counts.deleted, {half})
end
function downgrade()
  op.assert_equal(op.undo("log").restored, {half})
  op.assert_equal(op.undo("counted").restored, 2 * {rows})
end
"""


def expect(database, query, wanted):
    found = database.rows(query)
    if found != wanted:
        raise Failed(f"{query}: {found}, not {wanted}")


def check(database):
    expect(database, "SELECT n, m, count(*) FROM counted GROUP BY n, m", [["1", "1", str(ROWS)]])
    expect(database, "SELECT count(*) FROM log", [[str(ROWS // 2)]])
    expect(database, "SELECT count(*) FROM (SELECT a, b FROM seen GROUP BY a, b) AS s",
           [[str(ROWS)]])
    expect(database, "SELECT count(*) FROM seen", [[str(ROWS)]])
    expect(database, "SELECT count(*) FROM luamig_progress", [["0"]])
    expect(database, "SELECT count(*) FROM luamig_history WHERE outcome = 'applied'", [["1"]])
    expect(database, "SELECT count(*) FROM luamig_undo WHERE pass IS NOT NULL",
           [[str(2 * ROWS + ROWS // 2)]])


def check_undone(database):
    """What was kept of each row was kept once, whichever run did it."""
    expect(database, "SELECT n, m, count(*) FROM counted GROUP BY n, m", [["0", "0", str(ROWS)]])
    expect(database, "SELECT count(*) FROM log", [[str(ROWS)]])
    expect(database, "SELECT count(*) FROM luamig_undo", [["0"]])


def run(program, engine, kills, directory):
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "luamig.toml").write_text('migrations = "migrations"\n')
    text = MIGRATION.format(rows=ROWS, half=ROWS // 2)
    (versions / "d.lua").write_text(text)
    seed = int(os.environ.get("LUAMIG_SEED", time.time_ns() % 1_000_000))
    print(f"LUAMIG_SEED={seed}")
    database = databases.make(engine, directory)
    try:
        def check_both_ways():
            check(database)
            Program(program, directory, database.url)("downgrade", "base")
            check_undone(database)

        chance = random.Random(seed)
        times = run_kills.kill_until(
            lambda: run_kills.make_anew(database),
            lambda seconds: run_kills.is_done_within(seconds, program, directory, database.url),
            check_both_ways, kills, lambda whole: chance.uniform(0.02, max(0.04, whole / 2)))
        print(f"{engine}: {kills} runs killed, {ROWS} rows done once each, {times} times")
    finally:
        database.drop()


if __name__ == "__main__":
    sys.exit(run_kills.main(run, 12))
