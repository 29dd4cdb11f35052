#!/usr/bin/env python3
"""Kills a durable revision at random moments until it is done: every step was done exactly once.

    run_kills.py PROGRAM sqlite|postgres [KILLS]

Each round starts the same command and sends SIGKILL after a random time; then one run ends it. When
the revision is done before it has been killed often enough, the database is made anew and it goes on.
The default is 12 kills; LUAMIG_KILLS says another number. Ends with 77 where the engine is not here.
"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
from program import Failed  # noqa: E402

STEPS = 120
MIGRATION = """revision = "dddd1111"
transactional = false
function upgrade()
  op.create_table("counted", {{ sql.column("n", sql.integer, {{ primary_key = true }}),
    sql.column("times", sql.integer) }})
  op.create_table("log", {{ sql.column("n", sql.integer) }})
  db:execute("INSERT INTO counted VALUES (0, 0)")
  for i = 1, {steps} do
    local before = db:scalar("SELECT times FROM counted WHERE n = 0")
    op.step("step " .. i, function()
      db:execute("UPDATE counted SET times = times + 1 WHERE n = 0")
      db:execute("INSERT INTO log VALUES (:n)", {{ n = before }})
    end)
  end
  op.create_index("ix_log", "log", {{ "n" }}{concurrently})
end
function downgrade() end
"""


def start(program, project, url):
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return subprocess.Popen([program, "-q", "-u", url, "upgrade"], cwd=project, env=environment,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)


def is_done_within(seconds, program, project, url):
    """Whether a run ended by itself; else it was killed."""
    run = start(program, project, url)
    try:
        run.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        run.kill()
    _, said = run.communicate(timeout=60)
    if run.returncode not in (0, -9):
        raise Failed(f"a run ended with {run.returncode}:\n{said}")
    return run.returncode == 0


def make_anew(database):
    database.clear()
    if database.engine == "sqlite":
        database.connect().close()


def kill_until(make_anew, is_done_within, check, kills, moment):
    """Returns how often the whole was done. `moment` says when to kill, of the seconds that a run
    takes here: that is measured first."""
    def go_to_the_end():
        if not is_done_within(3600):
            raise Failed("a run did not end within an hour")

    make_anew()
    began = time.monotonic()
    go_to_the_end()
    whole = time.monotonic() - began
    check()
    killed, times = 0, 0
    while killed < kills:
        make_anew()
        times += 1
        while killed < kills and not is_done_within(moment(whole)):
            killed += 1
        go_to_the_end()
        check()
        if times > 5 * kills:
            raise Failed(f"only {killed} runs were killed: the others ended before")
    return times


def check(database):
    times = database.rows("SELECT times FROM counted")
    if times != [[str(STEPS)]]:
        raise Failed(f"{STEPS} steps were done {times} times")
    seen = database.rows("SELECT n FROM log ORDER BY n")
    if seen != [[str(n)] for n in range(STEPS)]:
        raise Failed(f"the steps saw {seen}")
    if database.rows("SELECT count(*) FROM luamig_progress") != [["0"]]:
        raise Failed("luamig_progress is not empty")
    if database.rows("SELECT count(*) FROM luamig_history WHERE outcome = 'applied'") != [["1"]]:
        raise Failed("it is not applied once")


def run(program, engine, kills, directory):
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "luamig.toml").write_text('migrations = "migrations"\n')
    concurrently = ", { concurrently = true }" if engine == "postgres" else ""
    (versions / "d.lua").write_text(MIGRATION.format(steps=STEPS, concurrently=concurrently))
    seed = int(os.environ.get("LUAMIG_SEED", time.time_ns() % 1_000_000))
    print(f"LUAMIG_SEED={seed}")
    database = databases.make(engine, directory)
    try:
        chance = random.Random(seed)
        times = kill_until(lambda: make_anew(database),
                           lambda seconds: is_done_within(seconds, program, directory, database.url),
                           lambda: check(database),
                           kills, lambda whole: chance.uniform(0.02, max(0.04, whole / 2)))
        print(f"{engine}: {kills} runs killed, {STEPS + 4} steps done once each, {times} times")
    finally:
        database.drop()


def main(run, kills):
    """`kills`: how many where nobody says another number."""
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    kills = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("LUAMIG_KILLS", kills))
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-kills-") as directory:
        try:
            run(program, engine, kills, pathlib.Path(directory))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(run, 12))
