#!/usr/bin/env python3
"""A dry run on a copy: the copy is made while somebody is connected or not, and never stays. The
empty database of `check --drift` does not stay either.

    run_copy.py PROGRAM sqlite|postgres

Among the ways out: the end, an error of the script, a signal, and a kill that nobody can catch.
"""

import contextlib
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
from program import NOT_PASSED_ON, Failed  # noqa: E402
from run_rehearsal import picture  # noqa: E402

REVISION = '''--- on a copy
revision = "aaaa11112222"
transactional = false
function upgrade()
  db:execute("INSERT INTO t VALUES (1)")
  if db.dialect == "postgresql" then
    op.create_index("ix", "t", { "a" }, { concurrently = true })
  end
  if x.fail then error("asked to") end
  log("here")
  local began = os.time()
  while x.slow do
    db:scalar("SELECT count(*) FROM t")
    for i = 1, 1e6 do end
  end
end
function downgrade() end
'''
DRY_RUN, DRIFT = ("upgrade", "--dry-run=copy"), ("check", "--drift")
PATIENCE = 20  # seconds


class Project:
    def __init__(self, program, database, directory):
        self.program, self.database, self.directory = program, database, directory
        versions = directory / "migrations" / "versions"
        versions.mkdir(parents=True)
        (directory / "luamig.toml").write_text("", encoding="utf-8")
        (versions / "a.lua").write_text(REVISION, encoding="utf-8")
        self.scratch = directory / "scratch"
        self.scratch.mkdir()

    def start(self, *words, path=None, command=DRY_RUN):
        environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
        environment["TMPDIR"] = str(self.scratch)
        environment["PATH"] = path or environment["PATH"]
        return subprocess.Popen([self.program, "-u", self.database.url, *command, *words], cwd=self.directory, env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def copies(self):
        if self.database.engine == "sqlite":
            return [path.name for path in self.scratch.iterdir()]
        return self.database.psql(self.database.server, "SELECT datname FROM pg_database WHERE "
                                  "datname LIKE 'luamig%'").split()

    def expect(self, status, words, *arguments, path=None, command=DRY_RUN):
        run = self.start(*arguments, path=path, command=command)
        said = run.communicate(timeout=60)[0]
        if run.returncode != status or words not in said:
            raise Failed(f"{arguments} ended with {run.returncode}, and not {status} and "
                         f"'{words}':\n{said}")
        if self.copies():
            raise Failed(f"{arguments} left {self.copies()}")

    def stopped(self, how, status):
        """In the middle, by a signal."""
        run = self.start("-x", "slow")
        for line in run.stdout:
            if "here" in line:
                break
        self.end(run, how, status)

    def stopped_replay(self, how, status):
        """The revision says nothing there: its row is looked for."""
        run, patience = self.start("-x", "slow", command=DRIFT), time.monotonic() + PATIENCE
        while not self.is_under_way():
            if time.monotonic() > patience:
                raise Failed("the replay did not come to its loop")
            time.sleep(0.02)
        self.end(run, how, status)

    def is_under_way(self):
        """Whether the row of a revision that has come to its loop is in a copy."""
        if self.database.engine == "sqlite":
            return any(has_row(path) for path in self.scratch.rglob("*") if path.is_file())
        server = urllib.parse.urlsplit(self.database.server)
        return any(has_row_on_server(server._replace(path=f"/{name}").geturl())
                   for name in self.copies())

    def end(self, run, how, status):
        if not self.copies():
            raise Failed("there is no copy")
        run.send_signal(how)
        run.communicate(timeout=60)
        if run.returncode != status:
            raise Failed(f"{how.name} ended it with {run.returncode}")
        patience = time.monotonic() + PATIENCE
        while self.copies():
            if time.monotonic() > patience:
                raise Failed(f"after {how.name} there is {self.copies()}")
            time.sleep(0.1)


def has_row(path):
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            return copy.execute("SELECT count(*) FROM t").fetchone() == (1,)
    except sqlite3.Error:
        return False


def has_row_on_server(url):
    try:
        return databases.Postgres.psql(url, "SELECT count(*) FROM t").strip() == "1"
    except RuntimeError:
        return False  # the table is not there yet


def somebody(database):
    """A session that does nothing."""
    session = subprocess.Popen(["psql", "-XAtq", "-d", database.url], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    session.stdin.write("SET application_name = 'the shop';\nSELECT 'here';\n")
    session.stdin.flush()
    session.stdout.readline()
    return session


def run(project):
    before = picture(project.database)
    project.expect(0, "1 revision applied")
    project.expect(9, "nothing was changed: dry run", "-x", "fail")
    project.stopped(signal.SIGTERM, 143)
    project.stopped(signal.SIGKILL, -signal.SIGKILL)
    if project.database.engine == "postgres":
        session = somebody(project.database)
        project.expect(0, "1 revision applied")
        project.expect(7, "'the shop' (backend pid", path=str(project.directory))
        session.communicate("\\q\n", timeout=30)
    if picture(project.database) != before:
        raise Failed("the database has changed")
    run_replay(project)


def run_replay(project):
    project.expect(0, "1 revision applied", command=("upgrade",))
    before = picture(project.database)
    # What was there before the first revision is not there in a replay.
    project.expect(1, "aaaa11112222 cannot be replayed", command=DRIFT)
    for path in project.directory.glob("migrations/versions/*"):
        path.write_text(path.read_text(encoding="utf-8").replace(
            "function upgrade()", "function upgrade()\n  db:execute('CREATE TABLE t (a integer)')"),
            encoding="utf-8")
    project.expect(0, "what its revisions make", command=DRIFT)
    project.expect(1, "nothing is left of the empty one", "-x", "fail", command=DRIFT)
    project.stopped_replay(signal.SIGTERM, 143)
    project.stopped_replay(signal.SIGKILL, -signal.SIGKILL)
    if picture(project.database) != before:
        raise Failed("the database has changed")


def main():
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-copy-test-") as directory:
        database = databases.make(engine, pathlib.Path(directory))
        try:
            database.run("CREATE TABLE t (a integer)")
            run(Project(program, database, pathlib.Path(directory)))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
        finally:
            database.drop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
