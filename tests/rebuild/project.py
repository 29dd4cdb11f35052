"""A project with one SQLite database, and revisions that are written as they are needed."""

import pathlib
import shutil
import sqlite3
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from program import Failed, Program  # noqa: E402

CONFIG = 'url = "sqlite:///app.db"\nmigrations = "migrations"\n'


class Project:
    """Made in a directory of its own, which goes with it."""

    def __init__(self, program):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="luamig-rebuild-"))
        self.path = self.directory / "app.db"
        self.versions = self.directory / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        (self.directory / "luamig.toml").write_text(CONFIG, encoding="utf-8")
        self.luamig = Program(program, self.directory)
        self.made = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)

    def connect(self):
        return sqlite3.connect(self.path)

    def run(self, sql):
        """Sets the database up, with foreign keys off as SQLite has them."""
        connection = self.connect()
        try:
            connection.executescript(sql)
        finally:
            connection.close()

    def upgrade(self, body):
        """One revision more with this body of upgrade(), and what the program printed."""
        self.made += 1
        before = f'"r{self.made - 1}"' if self.made > 1 else "nil"
        (self.versions / f"r{self.made}.lua").write_text(
            f'revision = "r{self.made}"\ndown_revision = {before}\nirreversible = "a test"\n'
            f"function upgrade()\n{body}\nend\n", encoding="utf-8")
        try:
            return self.luamig("upgrade", "head")
        except Failed:
            (self.versions / f"r{self.made}.lua").unlink()
            self.made -= 1
            raise


def rows(connection, sql, values=()):
    return connection.execute(sql, values).fetchall()


def fails(connection, sql):
    """SQLite's words against a statement. One that it takes is a failure of the test."""
    try:
        connection.execute(sql)
    except sqlite3.Error as error:
        connection.rollback()
        return str(error)
    raise AssertionError(f"SQLite took it: {sql}")
