"""A fresh database for each run of a case, its URL, a way to ask it, and its fingerprint."""

import itertools
import os
import re
import sqlite3
import subprocess
import urllib.parse

ENGINES = ("sqlite", "postgres")
BOOKS = "luamig_"  # luamig's own tables are no part of a fingerprint, but for the versions


def make(engine, directory):
    return Sqlite(directory) if engine == "sqlite" else Postgres()


class Sqlite:
    def __init__(self, directory):
        self.path = directory / "case.db"
        self.url = "sqlite:///case.db"
        self.ask = f'exec sqlite3 -batch "{self.path}"'

    def hide(self, text):
        return re.sub(r"sqlite(?:\+\w+)?:///\S*?case\.db(?![\w.-])", "<url>", text)

    def fingerprint(self):
        if not self.path.exists():
            return repr(([], [], []))  # as good as an empty one
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            connection.text_factory = bytes
            schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2")
            rows = [tuple(map(as_text, row)) for row in schema]
            kept = [row for row in rows if BOOKS not in row[1] and "sqlite_" not in row[1]]
            tables = [name for kind, name, _ in kept if kind == "table"]
            data = [(name, sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))))
                    for name in tables]
            versions = []
            if ("table", "luamig_version") in [row[:2] for row in rows]:
                versions = sorted(map(repr, connection.execute("SELECT * FROM luamig_version")))
            return repr((kept, data, versions))
        finally:
            connection.close()

    def drop(self):
        pass  # the case's directory goes, and the file with it


def as_text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


class Postgres:
    numbers = itertools.count()

    def __init__(self):
        self.server = os.environ["LUAMIG_TEST_PG"]
        self.name = f"case_{os.getpid()}_{next(self.numbers)}"
        parts = urllib.parse.urlsplit(self.server)
        self.url = parts._replace(path=f"/{self.name}").geturl()
        self.socket = "".join(urllib.parse.parse_qs(parts.query).get("host", []))
        self.ask = f'exec psql -XAtq -v ON_ERROR_STOP=1 -d "{self.url}"'
        self.psql(self.server, f"CREATE DATABASE {self.name} TEMPLATE template0")

    def hide(self, text):
        text = re.sub(rf"postgres(?:ql)?(?:\+\w+)?://[^\s\"']*{self.name}"
                      r"[^\s\"',;:)]*", "<url>", text)
        if self.socket:
            text = text.replace(self.socket, "<socket>")
        return text.replace(self.name, "<database>")

    def fingerprint(self):
        return self.psql(self.url, FINGERPRINT)

    def drop(self):
        self.psql(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    @staticmethod
    def psql(url, sql):
        answer = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql],
                                capture_output=True, text=True, timeout=60,
                                stdin=subprocess.DEVNULL)
        if answer.returncode != 0:
            raise RuntimeError(f"psql: {answer.stderr.strip()}")
        return answer.stdout


# Everything of the user's schemas by its definition, the rows of every table, the versions.
FINGERPRINT = r"""
WITH mine AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relname !~ '^luamig_')
SELECT * FROM (
  SELECT 'relation', nspname, relname, relkind::text FROM mine
  UNION ALL
  SELECT 'column', m.relname, a.attname, format_type(a.atttypid, a.atttypmod) || a.attnotnull
         || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    FROM mine m JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = m.oid AND d.adnum = a.attnum
  UNION ALL
  SELECT 'index', m.relname, '', pg_get_indexdef(m.oid) FROM mine m WHERE relkind = 'i'
  UNION ALL
  SELECT 'constraint', m.relname, conname, pg_get_constraintdef(k.oid)
    FROM mine m JOIN pg_constraint k ON k.conrelid = m.oid
  UNION ALL
  SELECT 'view', m.relname, '', pg_get_viewdef(m.oid) FROM mine m WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT 'trigger', m.relname, tgname, pg_get_triggerdef(t.oid)
    FROM mine m JOIN pg_trigger t ON t.tgrelid = m.oid AND NOT t.tgisinternal
  UNION ALL
  SELECT 'function', n.nspname, p.proname, p.prosrc
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname !~ '^(pg_|information_schema)'
  UNION ALL
  SELECT 'enum', t.typname, e.enumlabel, e.enumsortorder::text
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
  UNION ALL
  SELECT 'rows', nspname, relname,
         query_to_xml(format('SELECT r::text FROM %I.%I r ORDER BY 1', nspname, relname),
                      true, false, '')::text
    FROM mine WHERE relkind = 'r'
  UNION ALL
  SELECT 'versions', '', '', CASE WHEN to_regclass('luamig_version') IS NULL THEN ''
         ELSE query_to_xml('SELECT v::text FROM luamig_version v ORDER BY 1',
                           true, true, '')::text END
) AS everything (what, a, b, c) WHERE c !~ '^\s*$' ORDER BY 1, 2, 3, 4
"""
