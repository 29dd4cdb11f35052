"""A database of its own for each test: a SQLite file, or one on the server of LUAMIG_TEST_PG.

Both have `url` for luamig, `run(sql)`, `rows(sql)` (a list of lists of texts), `clear()` and `drop()`.
"""

import itertools
import os
import re
import sqlite3
import subprocess
import urllib.parse

ENGINES = ("sqlite", "postgres")
SKIPPED = 77  # the exit status of a test that could not run here


def missing(engine):
    """Why this engine cannot be tested here, or None."""
    if engine == "postgres" and not os.environ.get("LUAMIG_TEST_PG"):
        return "LUAMIG_TEST_PG names no server"
    return None


def make(engine, directory):
    return Sqlite(directory) if engine == "sqlite" else Postgres()


class Sqlite:
    engine = "sqlite"

    def __init__(self, directory):
        self.path = directory / "test.db"
        self.url = f"sqlite:///{self.path}"

    def connect(self):
        return sqlite3.connect(self.path)

    def run(self, sql):
        connection = self.connect()
        try:
            connection.executescript(sql)
        finally:
            connection.close()

    def rows(self, sql):
        connection = self.connect()
        try:
            return [["" if value is None else str(value) for value in row]
                    for row in connection.execute(sql)]
        finally:
            connection.close()

    def clear(self):
        self.path.unlink(missing_ok=True)

    drop = clear


class Postgres:
    engine = "postgres"
    numbers = itertools.count()

    def __init__(self):
        self.server = os.environ["LUAMIG_TEST_PG"]
        self.name = f"test_{os.getpid()}_{next(self.numbers)}"
        parts = urllib.parse.urlsplit(self.server)
        self.url = parts._replace(path=f"/{self.name}").geturl()
        self.psql(self.server, f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8'")

    def run(self, sql):
        self.psql(self.url, sql)

    def rows(self, sql):
        text = self.psql(self.url, sql, "-F", "\x1f", "-R", "\x1e")
        records = text.removesuffix("\n").split("\x1e") if text else []
        return [record.split("\x1f") for record in records]

    def dump_schema(self, *options):
        return answer_of(["pg_dump", "--schema-only", *options, "-d", self.url])

    def clear(self):
        """As new, but quicker than another one."""
        self.run("""DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT nspname FROM pg_namespace
                         WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
              EXECUTE format('DROP SCHEMA %I CASCADE', name);
            END LOOP;
            CREATE SCHEMA public; END $$""")

    def drop(self):
        self.psql(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    @staticmethod
    def psql(url, sql, *options):
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *options, "-d", url, "-f", "-"]
        return answer_of(command, sql)


def answer_of(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


def from_first_table(script):
    """What follows the first CREATE TABLE of an SQL script: its head makes databases."""
    start = re.search(r"^CREATE TABLE", script, re.MULTILINE)
    return script[start.start():] if start else script
