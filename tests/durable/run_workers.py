#!/usr/bin/env python3
"""What happens to a backfill by workers from outside: Ctrl-C, `luamig ctl`, a server that ends a session, a
worker that computes without an end, a pooler. Each time the same command goes on, and every row is done once.

    run_workers.py PROGRAM postgres

Ends with 77 where the engine is not here.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

import run_kills
from run_kills import databases, Failed
from run_worker_kills import is_there, workers_of

ROWS = 1200
# A batch of ten rows takes some 50 ms, so that there is something to interrupt.
MIGRATION = """revision = "dddd3333"
transactional = false
function upgrade()
  local counts = op.backfill("counted", { read = { "n" }, write = { "n" }, batch = 10, workers = 2,
  }, function(row)
    if row.id % 10 == 0 then db:execute("SELECT pg_sleep(0.05)") end
    if x.slow and row.id > 100 then db:execute("SELECT pg_sleep(30)") end
    while x.spin and row.id == 600 do end
    return { n = row.n + 1 }
  end)
  op.assert_equal(counts.changed, 1200)
end
function downgrade() end
"""
OF_WORKER = """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
  AND query LIKE '%pg_sleep(0.05)%' AND pid <> pg_backend_pid() LIMIT 1"""
OF_LOCK = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def hear_interrupts():
    """A shell has jobs in the background ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Project:
    def __init__(self, program, directory, database):
        self.program, self.directory, self.database = program, directory, database
        versions = directory / "migrations" / "versions"
        versions.mkdir(parents=True)
        (directory / "luamig.toml").write_text('migrations = "migrations"\n')
        self.run = None
        self.write(MIGRATION)

    def write(self, migration):
        (self.directory / "migrations" / "versions" / "d.lua").write_text(migration)

    def make_anew(self):
        self.database.clear()
        self.database.run("CREATE TABLE counted (id integer PRIMARY KEY, n integer NOT NULL);"
                          f"INSERT INTO counted SELECT i, 0 FROM generate_series(1, {ROWS}) AS s(i);")

    def start(self, *arguments, url=None):
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.run = subprocess.Popen([self.program, "-u", url or self.database.url, "upgrade", *arguments],
                                    cwd=self.directory, env=environment, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                    start_new_session=True, preexec_fn=hear_interrupts)

    def luamig(self, *arguments):
        done = subprocess.run([self.program, "-u", self.database.url, *arguments], cwd=self.directory,
                              text=True, capture_output=True, check=False)
        if done.returncode != 0:
            raise Failed(f"luamig {arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def done(self):
        return int(self.database.rows("SELECT count(*) FROM counted WHERE n > 0")[0][0])

    def wait_for(self, what, seconds=30):
        until = time.monotonic() + seconds
        while not (found := what()):
            if time.monotonic() > until or self.run.poll() is not None:
                said = self.run.communicate()[0] if self.run.poll() is not None else ""
                raise Failed(f"it did not come to it in {seconds} s: {said}")
            time.sleep(0.02)
        return found

    def end(self, status, *words):
        try:
            said, _ = self.run.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.run.kill()
            raise Failed("the run did not end in 30 s")
        if self.run.returncode != status or any(word not in said for word in words):
            raise Failed(f"the run ended with {self.run.returncode}, wanted {status} and {words}:\n{said}")
        return said

    def go_on(self):
        done = self.done()
        if not 0 < done < ROWS:
            raise Failed(f"{done} rows were done when the run was to end in the middle")
        self.luamig("-q", "upgrade")
        found = self.database.rows("SELECT n, count(*) FROM counted GROUP BY n")
        if found != [["1", str(ROWS)]]:
            raise Failed(f"rows by how often they were done: {found}")


def interrupt(project, which):
    """Ctrl-C goes to all processes of the terminal, and a batch takes less than the time that is given:
    what has begun is done."""
    project.make_anew()
    project.start()
    project.wait_for(lambda: project.done() > 50)
    workers = workers_of(project.run)
    if len(workers) != 2:
        raise Failed(f"there are {len(workers)} workers")
    began = time.monotonic()
    os.killpg(project.run.pid, which)
    project.end(128 + which, "half done")
    took = time.monotonic() - began
    if took > 4 or any(is_there(pid) for pid in workers):
        raise Failed(f"it took {took:.1f} s, and of {workers} is left {list(filter(is_there, workers))}")
    project.go_on()


def interrupt_slow(project):
    """A batch that takes longer than there is time for is undone."""
    project.make_anew()
    project.start("-x", "slow")
    project.wait_for(lambda: project.done() == 100)
    began = time.monotonic()
    os.killpg(project.run.pid, signal.SIGINT)
    project.end(130, "half done")
    took = time.monotonic() - began
    if took > 4 or project.done() != 100:
        raise Failed(f"it took {took:.1f} s, and {project.done()} rows are done")
    project.go_on()


def control(project):
    project.make_anew()
    project.start()
    project.wait_for(lambda: project.done() > 50)
    project.luamig("ctl", "pause")
    time.sleep(1)
    paused = project.done()
    time.sleep(1)
    if project.done() != paused:
        raise Failed("a paused run goes on")
    if "paused" not in project.luamig("status"):
        raise Failed("luamig status does not say that it is paused")
    project.luamig("ctl", "set", "batch=40")
    project.luamig("ctl", "resume")
    project.wait_for(lambda: project.done() > paused + 60)
    os.kill(project.run.pid, signal.SIGINT)
    said = project.end(130, "half done")
    for words in ("backfill counted rests between two batches", "backfill counted: 40 rows a batch"):
        if said.count(words) != 1:
            raise Failed(f"'{words}' is said {said.count(words)} times:\n{said}")
    project.go_on()


def progress(project):
    """One line says how far all of them are."""
    project.make_anew()
    project.database.run("ANALYZE counted")
    project.start("--json")
    said = [json.loads(line) for line in project.end(0).splitlines()]
    rows = [event["rows"] for event in said if event["event"] == "progress"]
    if rows != sorted(rows) or not rows or rows[-1] < ROWS / 3:
        raise Failed(f"progress is told of {rows} rows")
    if {(event["what"], event["total"]) for event in said if event["event"] == "progress"} != {
            ("backfill counted", ROWS)}:
        raise Failed(f"progress is told otherwise: {said}")


def lost_session(project):
    project.make_anew()
    project.start()
    project.wait_for(lambda: project.done() > 50)
    [pid] = project.wait_for(lambda: project.database.rows(OF_WORKER))[0]
    project.database.run(f"SELECT pg_terminate_backend({pid})")
    project.end(4, "the connection to the database was lost")
    project.go_on()


def lost_lock(project):
    project.make_anew()
    project.start()
    project.wait_for(lambda: project.done() > 50)
    project.database.run(f"SELECT pg_terminate_backend(pid) FROM ({OF_LOCK}) AS held")
    project.end(9, "the session that held the migration lock is gone")
    project.go_on()


LARGE = """revision = "dddd3333"
transactional = false
function upgrade()
  local counts = op.backfill("counted", { set = { n = 1 }, where = "id % 50000 = 7", workers = 2 })
  op.assert_equal(counts.changed, 5)
  counts = op.backfill("counted", { set = { n = 1 }, where = "n = 0", workers = 3 })
  op.assert_equal(counts.changed, 249995)
end
function downgrade() end
"""


def sampled(project):
    """Of a large table a sample is read, and its ranges are of about one size."""
    project.make_anew()
    project.database.run("INSERT INTO counted SELECT i, 0 FROM generate_series(1201, 250000) AS s(i);"
                         "ANALYZE counted")
    project.write(LARGE)
    said = project.luamig("-v", "upgrade")
    ends = re.findall(r"(\d+) workers, (\d+) ranges \(id up to ([\d, … ]+), and the rest\)", said)
    if [end[:2] for end in ends] != [("2", "8"), ("3", "12")]:
        raise Failed(f"other ranges than wanted:\n{said}")
    for _, count, keys in ends:
        share = 250000 / int(count)
        first = [int(key) for key in keys.split(",")[:7]]
        if any(not share / 2 < end - before < share * 2 for before, end in zip([0] + first, first)):
            raise Failed(f"ranges of very different sizes: {keys}")
    if project.done() != 250000:
        raise Failed(f"{project.done()} rows are done")
    project.write(MIGRATION)


def endless(project):
    """A limit of the script's time holds in a worker."""
    project.make_anew()
    (project.directory / "luamig.toml").write_text('migrations = "migrations"\n[limits]\ntime = "500ms"\n')
    project.start("-x", "spin")
    project.end(9, "the script computed for more than its 500 ms without a call of the database",
                "versions/d.lua:4")
    project.go_on()


def refused(project):
    """What stands in the way of a session for each worker is said."""
    project.make_anew()
    with Pooler(project.database.url) as pooler:
        project.start(url=pooler.url)
        project.end(1, "'workers' have sessions of their own, and a pooler stands before this server")
    project.make_anew()
    project.database.run("CREATE ROLE narrow LOGIN CONNECTION LIMIT 3; ALTER SCHEMA public OWNER TO narrow;"
                         "ALTER TABLE counted OWNER TO narrow")
    try:
        project.start(url=project.database.url.replace("postgres@", "narrow@"))
        project.end(4, "too many connections for role", "fewer workers need fewer connections")
    finally:
        project.database.run("REASSIGN OWNED BY narrow TO CURRENT_USER; DROP OWNED BY narrow;"
                             "DROP ROLE narrow")


class Pooler:
    """Hands on what comes, and invents the number of the session, as a pooler does."""
    KEY = b"K\x00\x00\x00\x0c"

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.server = urllib.parse.parse_qs(parts.query)["host"][0] + "/.s.PGSQL.5432"
        self.socket = socket.create_server(("127.0.0.1", 0))
        port = self.socket.getsockname()[1]
        self.url = parts._replace(netloc=f"postgres@127.0.0.1:{port}", query="").geturl()

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.server)
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.hand_on, args=(one, other), daemon=True).start()

    def hand_on(self, one, other):
        try:
            while data := one.recv(65536):
                at = data.find(self.KEY)
                if at >= 0:
                    at += len(self.KEY)
                    data = data[:at] + b"\x00\x00\x00\x01" + data[at + 4:]
                other.sendall(data)
        except OSError:
            pass
        finally:
            other.close()


def run(program, engine, _, directory):
    database = databases.make(engine, directory)
    try:
        project = Project(program, directory, database)
        for which in (signal.SIGINT, signal.SIGTERM):
            interrupt(project, which)
        for what in (interrupt_slow, control, progress, lost_session, lost_lock, refused, sampled, endless):
            what(project)
    finally:
        database.drop()


if __name__ == "__main__":
    sys.exit(run_kills.main(run, 0))
