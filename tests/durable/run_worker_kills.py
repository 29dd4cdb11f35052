#!/usr/bin/env python3
"""Kills `n = n + 1` by workers over many rows at random moments, now the run and now one of its workers,
until it is done: every row was done once, and a few that the database refuses are rejected once each.

    run_worker_kills.py PROGRAM postgres [KILLS [ROWS]]

The number of workers is another one in each run, and none in some. A run whose worker is killed ends by
itself, and says so; one that is killed takes its workers along. The default is 16 kills over 30,000 rows;
LUAMIG_KILLS and LUAMIG_ROWS say other numbers. Ends with 77 where the engine is not here.
"""

import os
import random
import signal
import subprocess
import sys
import time

import run_kills
import run_row_kills
from run_kills import databases, Failed

MIGRATION = """revision = "dddd3333"
transactional = false
function upgrade()
  local counts = op.backfill("counted", {{ read = {{ "n" }}, write = {{ "n" }}, target_time = "50ms",
    workers = tonumber(x.workers), max_rejects = {rejected} }}, function(row)
      return {{ n = row.id % {every} == 0 and null or row.n + 1 }}
    end)
  op.assert_equal(counts.read, {rows})
  op.assert_equal(counts.rejected, {rejected})
  op.assert_equal(counts.changed, {rows} - {rejected})
end
function downgrade() end
"""
HALF_DONE = 9


def workers_of(run):
    try:
        with open(f"/proc/{run.pid}/task/{run.pid}/children", encoding="ascii") as children:
            return [int(pid) for pid in children.read().split()]
    except FileNotFoundError:
        return []


def is_there(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill_run(run):
    workers = workers_of(run)
    run.kill()
    run.communicate(timeout=60)
    until = time.monotonic() + 10
    while any(is_there(pid) for pid in workers):
        if time.monotonic() > until:
            raise Failed("the run was killed, and a worker of it is still there after 10 s")
        time.sleep(0.005)


def kill_worker(run, pid):
    """Whether the run ended well all the same: the worker was at its end."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    _, said = run.communicate(timeout=60)
    if run.returncode == 0:
        return True
    if run.returncode != HALF_DONE or "was killed by signal 9" not in said:
        raise Failed(f"a run whose worker was killed ended with {run.returncode}:\n{said}")
    return False


class Chance:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.killed_workers = 0

    def is_done_within(self, seconds, program, directory, url):
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        workers = self.random.choice([1, 2, 2, 3, 4])
        run = subprocess.Popen([program, "-q", "-u", url, "upgrade", "-x", f"workers={workers}"],
                               cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            _, said = run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            those = workers_of(run)
            if not those or self.random.random() < 0.4:
                kill_run(run)
                return False
            self.killed_workers += 1
            return kill_worker(run, self.random.choice(those))
        if run.returncode != 0:
            raise Failed(f"a run ended with {run.returncode}:\n{said}")
        return True


def run(program, engine, kills, directory):
    rows = int(sys.argv[4] if len(sys.argv) > 4 else os.environ.get("LUAMIG_ROWS", 30_000))
    rejected = run_row_kills.REJECTED
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "luamig.toml").write_text('migrations = "migrations"\n')
    (versions / "d.lua").write_text(MIGRATION.format(rows=rows, every=rows // rejected,
                                                   rejected=rejected))
    seed = int(os.environ.get("LUAMIG_SEED", time.time_ns() % 1_000_000))
    print(f"LUAMIG_SEED={seed}")
    database = databases.make(engine, directory)
    chance = Chance(seed)
    try:
        times = run_kills.kill_until(
            lambda: run_row_kills.make_anew(database, rows),
            lambda seconds: chance.is_done_within(seconds, program, directory, database.url),
            lambda: run_row_kills.check(database, rows),
            kills, lambda whole: run_row_kills.START + chance.random.uniform(0, whole))
        print(f"{kills} kills, {chance.killed_workers} of them of a worker: {rows} rows done once each, "
              f"{times} times")
        if chance.killed_workers == 0:
            raise Failed("no worker was killed")
    finally:
        database.drop()


if __name__ == "__main__":
    sys.exit(run_kills.main(run, 16))
