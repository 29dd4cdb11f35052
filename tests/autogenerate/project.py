"""A project whose schema is described by models, and what the database then holds."""

import pathlib
import re
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import fingerprint  # noqa: E402
from program import Failed, Program  # noqa: E402,F401


class Project:
    """Made in a directory of its own, which goes with it. Models are a list of Lua items."""

    def __init__(self, program, database):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="luamig-models-"))
        self.migrations = self.directory / "migrations"
        self.database = database
        (self.migrations / "versions").mkdir(parents=True)
        (self.directory / "luamig.toml").write_text('migrations = "migrations"\n', encoding="utf-8")
        self.luamig = Program(program, self.directory, database.url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)

    def restart(self):
        for path in (self.migrations / "versions").iterdir():
            path.unlink()

    def write(self, items, name="models.lua"):
        text = "return {\n" + "".join(f"  {item},\n" for item in items) + "}\n"
        (self.migrations / name).write_text(text, encoding="utf-8")

    def generate(self, revision):
        """Writes a revision for the models and applies it. Returns its text, "" for none."""
        path = self.luamig("revision", "--autogenerate", "-m", "x", "--rev-id", revision).strip()
        self.luamig("upgrade")
        return (self.directory / path).read_text(encoding="utf-8") if path else ""

    def holds(self):
        """The schema by the database's own catalogs, without luamig, and without its rows."""
        if self.database.engine == "postgres":
            return "\n".join(fingerprint.schema_of_postgres(self.database))
        return "\n".join(of_sqlite(self.database))


def of_sqlite(database):
    """As the pragmas tell it: SQLite's stored text tells apart what means the same."""
    connection = database.connect()
    try:
        tables = connection.execute("SELECT name, strict, wr FROM pragma_table_list WHERE schema = "
                                    "'main' AND type = 'table' AND name NOT LIKE 'luamig%' "
                                    "AND name NOT LIKE 'sqlite%' ORDER BY name").fetchall()
        for table, *options in tables:
            yield f"table {table} {options}"
            yield from sorted(of_sqlite_table(connection, table))
        yield from (f"view {fingerprint.stored_sql(row[0])}" for row in connection.execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'view' ORDER BY name"))
    finally:
        connection.close()


def of_sqlite_table(connection, table):
    def rows(pragma, name, columns="*"):
        return connection.execute(f"SELECT {columns} FROM pragma_{pragma}(?)", (name,)).fetchall()

    for name, kind, not_null, default, key, hidden in rows(
            "table_xinfo", table, 'name, type, "notnull", dflt_value, pk, hidden'):
        # An INT is no rowid; that its key has an index of its own tells them apart.
        kind = {"INT": "INTEGER", "": "BLOB"}.get(kind, re.sub(" *([(),]) *", r"\1", kind.upper()))
        default = None if default == "NULL" else default and default.replace('"', "'")
        yield f"column {name} {kind} {bool(not_null or key)} {default} {key} {bool(hidden)}"
    # One that names no column means the key.
    yield from (f"foreign key {row}" for row in rows(
        "foreign_key_list", table,
        """"table", "from", coalesce("to", (SELECT name FROM pragma_table_info("table") WHERE pk =
           seq + 1)), on_update, on_delete, match"""))
    for index, unique, origin, partial in rows(
            "index_list", table, 'name, "unique", origin, partial'):
        parts = rows("index_xinfo", index, 'name, "desc", coll, key')
        shown = index if origin == "c" else origin
        yield f"index {shown} {unique} {partial} {[part[:3] for part in parts if part[3]]}"
    text = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    yield f"checks {len(re.findall('CHECK *[(]', text[0], re.IGNORECASE))}"
