#!/usr/bin/env python3
"""Runs every script of scripts/ as a migration, in luamig's own process and shut in, and fails where
one gets out: it says so itself (`escaped`), shows what lies outside, ends luamig by a signal, outlives
its limits, or changes the database.

  run_attacks.py --program build/luamig [--on sqlite|postgres] [-k PART]

A script's first line may say on which databases it makes sense ("-- on: sqlite postgres"); else it
is one for SQLite. On PostgreSQL they run as a role that owns its database and nothing else, on
the server of LUAMIG_TEST_PG; without one the script ends with 77. No process may take more than 3 GB.
"""

import argparse
import concurrent.futures
import os
import pathlib
import queue
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402

SCRIPTS = HERE / "scripts"
AT_A_TIME = 4
MEMORY = 3 << 30  # bytes of address space, for each process: what goes wrong ends there
PATIENCE = 30  # seconds
LIMIT = 0.3  # seconds a script may compute
WHOLE = 1.0  # a revision
GRACE = 1.0  # what the program gives after a limit
SLACK = 3.0  # a busy machine: starting, rolling back, printing
MODES = {"own process": [], "shut in": ["--sandbox"]}
CANARY = "CANARY-7d1f"
TOML = f"""lock_wait = "1s"
[limits]
memory = "32MB"
time = "{int(LIMIT * 1000)}ms"
total_time = "{int(WHOLE * 1000)}ms"
"""
HEAD = """-- an attack
revision = "bad"
down_revision = "good"
local function escaped(what) print("ESCA" .. "PED: " .. tostring(what)) end
function upgrade()
"""
TAIL = """
end
function downgrade() end
"""
# A statement that stays is a failure too: each ends by an error.
END = '\nerror("the attack has ended")\n'


def project(root, url):
    versions = root / "project" / "migrations" / "versions"
    versions.mkdir(parents=True)
    migrations = versions.parent
    (migrations / "lib").mkdir()
    (root / "project" / "luamig.toml").write_text(f'url = "{url}"\n{TOML}')
    (root / "canary").write_text(CANARY)
    (root / "secret.csv").write_text(f"a\n{CANARY}\n")
    (root / "project" / "secret.csv").write_text(f"a\n{CANARY}\n")
    (root / "secret.lua").write_text(f'return "{CANARY}"\n')
    (migrations / "outside.lua").write_text(f'return "{CANARY}"\n')
    (migrations / "lib" / "link.lua").symlink_to(root / "secret.lua")
    (migrations / "link.csv").symlink_to(root / "secret.csv")
    (migrations / "link").symlink_to(root)
    (versions / "good.lua").write_text(
        'revision = "good"\nfunction upgrade()\n'
        '  op.execute("CREATE TABLE kept (id integer PRIMARY KEY, a text)")\n'
        "  op.execute(\"INSERT INTO kept VALUES (1, 'one'), (2, 'two')\")\n"
        "end\nfunction downgrade() end\n")
    return versions


class Sqlite:
    """A file of its own for every attack."""
    wanted = "sqlite"
    most_memory = 800  # MB: SQLite may take twice [limits] memory and 512 of them
    exits = (1,)

    def __init__(self, root):
        self.path = root / "project" / "app.db"
        self.url = "sqlite:///app.db"

    def fingerprint(self):
        """The rows and the schema, without the history, which says that a revision failed."""
        with sqlite3.connect(self.path) as db:
            lines = [line for line in db.iterdump() if "luamig_history" not in line]
            lines += [str(row) for row in db.execute(
                "SELECT revision, outcome FROM luamig_history WHERE outcome <> 'failed'")]
        return "\n".join(lines)


# What there is in a database, and what of the server's concerns it, in one text.
PICTURE = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) || ' ' || count(*) FROM (
  SELECT concat_ws(' ', 'class', c.oid::regclass, relkind, relowner, relacl, relfilenode,
                   relhastriggers, relhasrules, relrowsecurity, relhassubclass, relnatts) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname !~ '^pg_|^information'
  UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, atttypid, attnotnull)
    FROM pg_attribute WHERE attrelid > 16383 AND attnum > 0
  UNION ALL SELECT concat_ws(' ', 'routine', p.oid, proname, prosrc) FROM pg_proc p WHERE p.oid > 16383
  UNION ALL SELECT concat_ws(' ', 'trigger', tgname, tgrelid, tgenabled) FROM pg_trigger
  UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspowner, nspacl) FROM pg_namespace
             WHERE nspname !~ '^pg_(toast_)?temp'
  UNION ALL SELECT concat_ws(' ', 'role', rolname, rolsuper, rolcanlogin) FROM pg_roles
             WHERE rolname !~ '^test_' OR rolname = current_database() || '_owner'
  UNION ALL SELECT concat_ws(' ', 'setting', setdatabase, setrole, setconfig) FROM pg_db_role_setting
             WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
               AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_database() || '_owner'))
  UNION ALL SELECT concat_ws(' ', 'large object', oid) FROM pg_largeobject_metadata
  UNION ALL SELECT 'extension ' || extname FROM pg_extension
  UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datname !~ '^(test_|luamig_copy)'
  UNION ALL SELECT concat_ws(' ', 'row', id, a) FROM kept
  UNION ALL SELECT 'version ' || version_num FROM luamig_version
  UNION ALL SELECT concat_ws(' ', 'history', id, revision, outcome) FROM luamig_history
             WHERE outcome <> 'failed') AS lines
"""


class Postgres(databases.Postgres):
    """A database of its own for each thread, whose role owns it and nothing else."""
    wanted = "postgres"
    most_memory = 200
    exits = (1, 4, 5, 8)  # 4: it has ended its own session; 5: it said that others were in the way

    def __init__(self):
        super().__init__()
        self.role = f"{self.name}_owner"
        self.psql(self.server, f"CREATE ROLE {self.role} LOGIN; "
                               f"ALTER DATABASE {self.name} OWNER TO {self.role}")
        self.run(f"ALTER SCHEMA public OWNER TO {self.role}")
        self.asked = self.url
        parts = urllib.parse.urlsplit(self.url)
        _, _, host = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{self.role}@{host}").geturl()

    def fingerprint(self):
        return self.psql(self.asked, PICTURE)

    def dump(self):
        """Without the history, which says that revisions failed."""
        text = databases.answer_of(["pg_dump", "--exclude-table-data=luamig_history", "-d", self.asked])
        return [line for line in text.split("\n") if not re.match(r"\\(un)?restrict", line)
                and "luamig_history_id_seq" not in line]

    def drop(self):
        super().drop()
        self.psql(self.server, f"DROP ROLE {self.role}")


class Run:
    """luamig, run to its end: its status, what it said, and how much memory it had at once (MB)."""

    def __init__(self, program, root, *arguments):
        def limited():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

        with tempfile.TemporaryFile() as out:
            child = subprocess.Popen([program, *arguments], cwd=root / "project", stdout=out,
                                     stderr=out, stdin=subprocess.DEVNULL, preexec_fn=limited,
                                     env={"HOME": str(root), "PATH": "/usr/bin:/bin", "CANARY": CANARY})
            done, began = 0, time.monotonic()
            while not done:
                time.sleep(0.005)
                done, status, usage = os.wait4(child.pid, os.WNOHANG)
                if not done and time.monotonic() > began + PATIENCE:
                    child.kill()
                    child.wait()
                    raise subprocess.TimeoutExpired(program, PATIENCE)
            self.took = time.monotonic() - began
            child.returncode = self.returncode = os.waitstatus_to_exitcode(status)
            self.memory = usage.ru_maxrss // 1024
            out.seek(0)
            self.said = out.read().decode(errors="replace")


def body_of(script):
    text = script.read_text()
    last = text.rstrip().splitlines()[-1]
    # Nothing may follow a return at the end of a block.
    ends = last.startswith(("return ", "goto ", "error("))
    return text if ends else text + END


def attack(program, script, mode, flags, shared, verbose):
    """What went wrong, or None. `shared`: a database that is there already, or None."""
    with tempfile.TemporaryDirectory(prefix="luamig-attack-") as place:
        root = pathlib.Path(place)
        database = shared or Sqlite(root)
        versions = project(root, database.url)
        if not shared:
            first = Run(program, root, "-q", "upgrade")
            if first.returncode != 0:
                return f"the project itself fails: {first.said}"
        before = database.fingerprint()
        files = sorted(str(p) for p in root.rglob("*") if "app.db" not in p.name)
        (versions / "bad.lua").write_text(HEAD + body_of(script) + TAIL)
        try:
            run = Run(program, root, "upgrade", *flags)
        except subprocess.TimeoutExpired:
            return f"{script.stem}, {mode}: still running after {PATIENCE} s"
        (versions / "bad.lua").unlink()
        said = run.said
        wrong = []
        if run.returncode < 0:
            wrong.append(f"luamig died by signal {-run.returncode}")
        elif run.returncode not in database.exits:
            wrong.append(f"exit {run.returncode}")
        if run.took > WHOLE + GRACE + SLACK:
            wrong.append(f"it took {run.took:.1f} s")
        if run.memory > database.most_memory:
            wrong.append(f"it took {run.memory} MB")
        wrong += re.findall("ESCAPED: .*", said)
        if CANARY in said:
            wrong.append("what lies outside was shown")
        if len(said) > 1_500_000:
            wrong.append(f"{len(said)} bytes of output")
        if re.search("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]|\x1b(?!\\[)", said):
            wrong.append("control bytes in the output")
        if (root / "canary").read_text() != CANARY:
            wrong.append("a file outside was overwritten")
        after = sorted(str(p) for p in root.rglob("*") if "app.db" not in p.name)
        if after != [f for f in files if not f.endswith("bad.lua")]:
            wrong.append(f"files: {sorted(set(after) ^ set(files))}")
        try:
            if database.fingerprint() != before:
                wrong.append("the database is another one")
        except RuntimeError as problem:
            wrong.append(f"the database is another one: {problem}")
        check = Run(program, root, "current")
        if check.said.split()[:1] != ["good"]:
            wrong.append(f"afterwards: {check.said}")
        if verbose:
            print(f"{script.stem}, {mode}, {run.took:.1f} s, {run.memory} MB, exit {run.returncode}: "
                  f"{said[-600:]}\n")
        if not wrong:
            return None
        return f"{script.stem}, {mode}: " + "; ".join(wrong) + "\n" + said[-2000:]


def made_for(script, engine):
    first = script.read_text().split("\n", 1)[0]
    named = first.removeprefix("-- on: ").split() if first.startswith("-- on: ") else ["sqlite"]
    return engine in named


def prepared(program):
    """A database in which the good revision is applied."""
    database = Postgres()
    with tempfile.TemporaryDirectory(prefix="luamig-attack-") as place:
        root = pathlib.Path(place)
        project(root, database.url)
        first = Run(program, root, "-q", "upgrade")
        if first.returncode != 0:
            database.drop()
            raise SystemExit(f"the project itself fails: {first.said}")
    return database


def run_all(program, scripts, shared, verbose):
    """What went wrong in each of them; `shared`: a database for each thread, or nothing."""
    free = queue.Queue()
    for database in shared:
        free.put(database)

    def one(script, mode):
        database = free.get() if shared else None
        failure = attack(program, script, mode, MODES[mode], database, verbose)
        if failure and shared:
            shared.append(prepared(program))
            database = shared[-1]
        free.put(database)
        return failure

    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = [pool.submit(one, script, mode) for script in scripts for mode in MODES]
        return [run.result() for run in runs]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--on", choices=databases.ENGINES, default="sqlite")
    arguments.add_argument("-k", default="", help="only scripts whose name holds this")
    arguments.add_argument("-v", action="store_true", help="what luamig says of each, and how long it took")
    given = arguments.parse_args()
    if reason := databases.missing(given.on):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    program = str(pathlib.Path(given.program).resolve())
    scripts = sorted(s for s in SCRIPTS.glob("*.lua") if given.k in s.stem and made_for(s, given.on))
    shared = []
    try:
        if given.on == "postgres":
            shared = [prepared(program) for _ in range(AT_A_TIME)]
        dumps = [database.dump() for database in shared]
        results = run_all(program, scripts, shared, given.v)
        failures = [result for result in results if result]
        if not failures:
            failures = [f"{database.name}: pg_dump shows another database"
                        for database, before in zip(shared, dumps) if database.dump() != before]
    finally:
        for database in shared:
            database.drop()
    for failure in failures:
        print("FAILED", failure)
    print(f"{len(scripts)} attacks, {len(results)} runs, {len(failures)} failed")
    return 1 if failures or not scripts else 0


if __name__ == "__main__":
    sys.exit(main())
