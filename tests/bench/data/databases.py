"""Databases with the rows of people.py: a template for each number of rows, made once, and a fresh
copy of it for every run. A copy is on the disk before the clock starts."""
import os
import shutil
import sqlite3
import subprocess

import people

TABLES = ("users", "addresses", "people")


class Templates:
    """What both engines share: the files and templates that have been made, by number of rows."""

    def __init__(self, scratch, stamp):
        self.scratch, self.stamp, self.made = scratch, stamp, {}

    def csv(self, rows):
        path = self.scratch / f"users{rows}.csv"
        if not path.exists():
            people.write_csv(path, rows)
        return path

    def template(self, rows):
        if rows not in self.made:
            self.made[rows] = self.make(rows)
        return self.made[rows]


class Sqlite(Templates):
    name = "SQLite"
    programs = "sqlite"

    def make(self, rows):
        path = self.scratch / f"template{rows}.db"
        on = sqlite3.connect(path, isolation_level=None)
        on.executescript(people.tables("INTEGER"))
        on.execute("BEGIN")
        on.executemany("INSERT INTO users (id, first, last, email, payload) VALUES (?, ?, ?, ?, ?)",
                       people.rows(rows))
        on.execute("COMMIT")
        on.execute("VACUUM")
        on.close()
        self.stamp(self.url(path))
        return path

    def fresh(self, rows):
        """The place of a new copy."""
        path = self.scratch / "bench.db"
        for old in self.scratch.glob("bench.db*"):
            old.unlink()
        shutil.copyfile(self.template(rows), path)
        os.sync()
        return path

    def url(self, place):
        return f"sqlite:///{place}"

    def digest(self, place):
        """What all tables hold and how they are made; comparable within this process."""
        on = sqlite3.connect(place)
        found = [on.execute("SELECT type, name, sql FROM sqlite_schema WHERE tbl_name IN (?, ?, ?) "
                            "ORDER BY name", TABLES).fetchall()]
        for table in TABLES:
            found.append(sum(map(hash, on.execute(f"SELECT * FROM {table}"))))
        on.close()
        return str(found)

    def close(self):
        pass


SHAPE = """
SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
 WHERE c.relname IN ('users', 'addresses', 'people') AND a.attnum > 0 ORDER BY 1, 2;
SELECT tablename, indexname, indexdef FROM pg_indexes
 WHERE tablename IN ('users', 'addresses', 'people') ORDER BY 1, 2;
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid::regclass::text IN ('users', 'addresses', 'people') ORDER BY 1, 2;
"""


class Postgres(Templates):
    name = "PostgreSQL"
    programs = "postgres"

    def __init__(self, scratch, stamp, server):
        super().__init__(scratch, stamp)
        self.server, self.prefix = server, f"bench_{os.getpid()}"

    def sql(self, statements, name="postgres"):
        done = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", self.url(name)],
                              input=statements, text=True, check=True, capture_output=True)
        return done.stdout

    def make(self, rows):
        name = f"{self.prefix}_{rows}"
        self.sql(f"CREATE DATABASE {name}")
        self.sql(f"""{people.tables("bigint")}
\\copy users (id, first, last, email, payload) FROM '{self.csv(rows)}' (FORMAT csv, HEADER)
VACUUM (FREEZE, ANALYZE);""", name)
        self.stamp(self.url(name))
        return name

    def drop(self, name):
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def fresh(self, rows):
        name, template = f"{self.prefix}_fresh", self.template(rows)
        self.drop(name)
        # By files: that way it begins and ends with a checkpoint.
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        self.sql("SELECT count(*) FROM users", name)
        os.sync()
        return name

    def url(self, place):
        return self.server.replace("/postgres?", f"/{place}?", 1)

    def digest(self, place):
        sums = "".join(f"SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {t} AS t;"
                       for t in TABLES)
        return self.sql(SHAPE + sums, place)

    def close(self):
        for name in (f"{self.prefix}_fresh", *self.made.values()):
            self.drop(name)
