#!/usr/bin/env python3
"""A dry run on PostgreSQL keeps nobody waiting for longer than --max-block, and one on SQLite no reader.

    run_blocking.py PROGRAM sqlite|postgres

An application reads a table, query after query in one session, while a dry run alters that table
and then takes its time: in the database, and in Lua. The longest of the queries must take 1.2 s at
the most (--max-block 1s), the dry run must end with 1 and name who waited and which line it was
for, and the table must be what it was. A machine that is busy with something else is given three
attempts. So it is where the application has another role, of whose sessions luamig's sees no more
than the name; and where the session that watches is ended, the dry run ends. On SQLite the
application reads on, in both journal modes, and the dry run goes through.
Ends with 77 without a server.
"""

import contextlib
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
from program import NOT_PASSED_ON  # noqa: E402

LONGEST = 1.2  # seconds
ATTEMPTS = 3
SLOW = {
    "in the database": 'db:execute("SELECT pg_sleep(20)")',
    "in Lua without end": "while true do pcall(function() while true do end end) end",
    "in Lua": "local t = os.clock() while os.clock() - t < 3 do end",
}
REVISION = '''--- slow
revision = "aaaa11112222"
function upgrade()
  op.add_column("customers", sql.column("vip", sql.boolean))
  {slow}
end
function downgrade() end
'''


def reader(url, queries):
    """An application: its queries, and the time of each."""
    script = "SET application_name = 'the shop';\n" + "".join(
        "\\timing on\nSELECT count(*) FROM customers;\n\\timing off\nSELECT pg_sleep(0.01);\n"
        for _ in range(queries))
    application = subprocess.Popen(["psql", "-XAtq", "-d", url, "-f", "-"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    application.stdin.write(script)
    application.stdin.close()
    return application


def attempt(program, url, slow, directory, application_url=None):
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (directory / "luamig.toml").write_text('migrations = "migrations"\n', encoding="utf-8")
    (versions / "a.lua").write_text(REVISION.replace("{slow}", slow), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
    application = reader(application_url or url, 150)
    began = time.monotonic()
    done = subprocess.run([program, "-u", url, "upgrade", "--dry-run", "--max-block", "1s"],
                          cwd=directory, env=environment, text=True, capture_output=True,
                          timeout=60, check=False)
    took = time.monotonic() - began
    said = application.stdout.read()
    application.wait(timeout=30)
    times = [float(ms) / 1000 for ms in re.findall(r"^Time: ([\d.]+) ms", said, re.MULTILINE)]
    return done, took, max(times, default=0), len(times)


def problem_of(done, longest, count, who="'the shop'", query="SELECT count(*) FROM customers"):
    if count != 150:
        return f"the application came to {count} of its queries"
    if longest < 0.9:
        return f"nobody was kept waiting: {longest:.2f} s"
    if longest > LONGEST:
        return f"the application waited {longest:.2f} s"
    if done.returncode != 1:
        return f"the dry run ended with {done.returncode}\n{done.stdout}{done.stderr}"
    for wanted in (who, "versions/a.lua:4", query, "nothing was changed: dry run"):
        if wanted not in done.stderr:
            return f"{wanted} is not named:\n{done.stderr}"
    return None


SQLITE_SLOW = """op.execute("UPDATE customers SET name = name || '!'")
  local t = os.clock() while os.clock() - t < 1 do end"""


def longest_read(path, until):
    """The longest of an application's queries, each in a connection of its own, and how many."""
    longest, count = 0, 0
    while until.poll() is None:
        began = time.monotonic()
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as application:
            application.execute("SELECT count(*) FROM customers").fetchall()
        longest = max(longest, time.monotonic() - began)
        count += 1
        time.sleep(0.01)
    return longest, count


def main_sqlite(program):
    for mode in ("delete", "wal"):
        with tempfile.TemporaryDirectory(prefix="luamig-blocking-") as place:
            directory = pathlib.Path(place)
            database = databases.make("sqlite", directory)
            database.run(f"PRAGMA journal_mode = {mode}; CREATE TABLE customers (id integer, name text);"
                         "INSERT INTO customers VALUES (1, 'a'), (2, 'b')")
            versions = directory / "migrations" / "versions"
            versions.mkdir(parents=True)
            (directory / "luamig.toml").write_text("", encoding="utf-8")
            (versions / "a.lua").write_text(REVISION.replace("{slow}", SQLITE_SLOW), encoding="utf-8")
            environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
            run = subprocess.Popen([program, "-u", database.url, "upgrade", "--dry-run"], cwd=directory,
                                   env=environment, text=True, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
            longest, count = longest_read(database.path, run)
            said = run.communicate()[0]
            if run.returncode != 0 or "customers: 2 updated" not in said:
                print(f"{mode}: the dry run ended with {run.returncode}\n{said}", file=sys.stderr)
                return 1
            if longest > LONGEST or count < 20:
                print(f"{mode}: of {count} queries one took {longest:.2f} s", file=sys.stderr)
                return 1
            print(f"{mode}: {count} queries, the longest took {longest:.2f} s")
    return 0


def of_another_role(program, database):
    """What is wrong where luamig's role is no superuser, and the application's is."""
    role = f"luamig_blocking_{os.getpid()}"
    database.run(f"CREATE ROLE {role} LOGIN; ALTER TABLE customers OWNER TO {role}; "
                 f"GRANT ALL ON SCHEMA public TO {role}")
    try:
        url = re.sub(r"//([^/@]*@)?", f"//{role}@", database.url, count=1)
        with tempfile.TemporaryDirectory(prefix="luamig-blocking-") as directory:
            for _ in range(ATTEMPTS):
                done, _, longest, count = attempt(program, url, SLOW["in the database"],
                                                  pathlib.Path(directory), database.url)
                problem = problem_of(done, longest, count, "(backend pid ", "insufficient privilege")
                if problem is None:
                    return None
        return problem
    finally:
        database.run(f"ALTER TABLE customers OWNER TO CURRENT_USER; DROP OWNED BY {role}; "
                     f"DROP ROLE {role}")


ENDS_WATCH = """db:execute([[DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'luamig%';
    PERFORM pg_sleep(20); END $$]])"""


def without_watch(program, database):
    """What is wrong where the script has ended the session that watches."""
    with tempfile.TemporaryDirectory(prefix="luamig-blocking-") as directory:
        done, took, longest, _ = attempt(program, database.url, ENDS_WATCH, pathlib.Path(directory))
    if done.returncode != 5 or "the session that watched" not in done.stderr:
        return f"the dry run ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return f"it took {took:.1f} s" if took > 10 or longest > 5 else None


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    if sys.argv[2] == "sqlite":
        return main_sqlite(program)
    if reason := databases.missing("postgres"):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    database = databases.make("postgres", None)
    try:
        database.run("CREATE TABLE customers (id int PRIMARY KEY, name text); "
                     "INSERT INTO customers SELECT i, i::text FROM generate_series(1, 1000) i")
        for name, slow in SLOW.items():
            with tempfile.TemporaryDirectory(prefix="luamig-blocking-") as directory:
                for _ in range(ATTEMPTS):
                    done, took, longest, count = attempt(program, database.url, slow,
                                                         pathlib.Path(directory))
                    problem = problem_of(done, longest, count)
                    if problem is None:
                        break
            if problem:
                print(f"{name}: {problem}", file=sys.stderr)
                return 1
            print(f"{name}: the application waited {longest:.2f} s, the dry run took {took:.2f} s")
        for name, run in (("of another role", of_another_role), ("unwatched", without_watch)):
            if problem := run(program, database):
                print(f"{name}: {problem}", file=sys.stderr)
                return 1
        columns = database.rows("SELECT count(*) FROM information_schema.columns "
                                "WHERE table_name = 'customers'")
        if columns != [["2"]]:
            print(f"the table has changed: {columns}", file=sys.stderr)
            return 1
    finally:
        database.drop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
