"""Everything that a database holds, as text: two databases are alike when their texts are equal.

Schema and rows, without luamig's own tables. The order of the columns is left out, because a column
that is dropped and added again stands last; so are the spelling of quotes and white space in
SQLite's stored SQL, which a rename changes, and the values of the columns in `clocks`.
"""

import re

SQLITE_OWN = ("sqlite_", "luamig_")


def take(database, clocks=()):
    if database.engine == "sqlite":
        return "\n".join(of_sqlite(database, clocks))
    return "\n".join(of_postgres(database, clocks))


# SQLite

def of_sqlite(database, clocks):
    connection = database.connect()
    try:
        tables = []
        entries = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema "
                                     "ORDER BY type, name")
        for kind, name, table, sql in entries.fetchall():
            if name.startswith(SQLITE_OWN) or table.startswith(SQLITE_OWN):
                continue
            yield f"{kind} {name}: {stored_sql(sql)}"
            if kind == "table":
                tables.append(name)
        for table in sorted(tables):
            yield from sqlite_table(connection, table, clocks)
        for question in ("integrity_check", "foreign_key_check"):
            yield f"{question}: {connection.execute(f'PRAGMA {question}').fetchall()}"
    finally:
        connection.close()


def sqlite_table(connection, table, clocks):
    def pragma(name):
        return connection.execute(f"SELECT * FROM pragma_{name}(?)", (table,)).fetchall()

    columns = sorted(row[1:] for row in pragma("table_xinfo"))
    yield from (f"column {table}.{column[0]}: {column[1:]}" for column in columns)
    yield from sorted(f"foreign key {table}: {row[2:]}" for row in pragma("foreign_key_list"))
    names = [column[0] for column in columns if column[0] not in clocks]
    listed = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    rows = connection.execute(f'SELECT {listed} FROM "{table}"') if names else []
    yield from sorted(f"row {table}: {row!r}" for row in rows)


def stored_sql(sql):
    """The SQL of a table, index, view or trigger, with the parts of a table's body in order."""
    if sql is None:
        return "(automatic)"
    tokens = re.findall(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\[[^\]]*\]|`[^`]*`|\w+|\S""", sql)
    words = [unquoted(token) for token in tokens]
    if words[:2] != ["CREATE", "TABLE"]:
        return " ".join(words)
    start = words.index("(")
    parts, depth = [[]], 0
    for word in words[start + 1:]:
        depth += (word == "(") - (word == ")")
        if word == "," and depth == 0:
            parts.append([])
        elif depth >= 0:
            parts[-1].append(word)
        elif word != ")":
            words[start] += " " + word  # what follows the body: STRICT, WITHOUT ROWID
    return " ".join(words[:start + 1]) + " " + ", ".join(sorted(" ".join(part) for part in parts))


def unquoted(token):
    return token[1:-1] if token[0] in '"[`' else token


# PostgreSQL

def schema_of_postgres(database):
    dump = database.dump_schema("--no-owner", "--no-privileges", "--exclude-table=luamig_*")
    return sorted(statement_of(text) for text in statements_in(dump))


def of_postgres(database, clocks):
    yield from schema_of_postgres(database)
    for table, columns in postgres_columns(database):
        names = ", ".join(sorted(quoted(name) for name in columns if name not in clocks))
        rows = database.psql(database.url, f"COPY (SELECT {names} FROM {table}) TO STDOUT")
        yield from sorted(f"row {table}: {row}" for row in rows.split("\n")[:-1])


def statements_in(dump):
    noise = ("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict")
    lines = [line for line in dump.split("\n") if line and not line.startswith(noise)]
    return [text for text in re.split(r";$", "\n".join(lines), flags=re.MULTILINE) if text.strip()]


def statement_of(text):
    lines = text.strip().split("\n")
    if lines[0].startswith("CREATE TABLE"):
        lines[1:-1] = sorted(line.rstrip(",") for line in lines[1:-1])
    return "\n".join(lines)


def postgres_columns(database):
    tables = {}
    for table, column in database.rows("""
        SELECT c.oid::regclass, a.attname
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'
           AND c.relname !~ '^luamig_'"""):
        tables.setdefault(table, []).append(column)
    return sorted(tables.items())


def quoted(name):
    return '"' + name.replace('"', '""') + '"'
