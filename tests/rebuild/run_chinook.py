#!/usr/bin/env python3
"""Every table of the Chinook music store survives a rebuild for each of its columns.

    run_chinook.py PROGRAM

In a copy of the store in LUAMIG_TEST_DATA each column of each table gets another type, one revision
a column. Rows, indexes, foreign keys and all other columns must be what they were, and so must the
whole schema once the types are what they were again. Ends with 77 where the data are not here.
"""

import os
import pathlib
import shutil
import sys

from project import Failed, Project, rows

QUESTIONS = ("foreign_key_check", "integrity_check")


def data():
    folder = os.environ.get("LUAMIG_TEST_DATA")
    path = pathlib.Path(folder or "", "chinook", "Chinook_Sqlite.sqlite")
    return path if folder and path.exists() else None


def tables(db):
    return [name for (name,) in rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
            "name NOT LIKE 'sqlite%' AND name NOT LIKE 'luamig%' ORDER BY name")]


def columns(db, table):
    return rows(db, "SELECT name, type FROM pragma_table_xinfo(?) ORDER BY cid", (table,))


def picture(db):
    """All that must stay, with every value bit by bit."""
    found = {q: rows(db, f"PRAGMA {q}") for q in QUESTIONS}
    for table in tables(db):
        names = [name for name, _ in columns(db, table)]
        values = ", ".join(f'typeof("{name}"), hex("{name}")' for name in names)
        found[table] = (
            rows(db, f'SELECT rowid, {values} FROM "{table}" ORDER BY rowid'),
            [row[1:] for row in rows(db, f'PRAGMA foreign_key_list("{table}")')],
            sorted(row[1:] for row in rows(db, f'PRAGMA index_list("{table}")')),
            rows(db, 'SELECT name, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)', (table,)),
        )
    return found


def schema(db):
    return rows(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema "
                "WHERE name NOT LIKE 'luamig%' AND tbl_name NOT LIKE 'luamig%' ORDER BY 1, 2")


def ask(project, question, *arguments):
    db = project.connect()
    try:
        return question(db, *arguments)
    finally:
        db.close()


def alter(table, column, change):
    return f'  op.alter_column("{table}", "{column}", {{ {change} }})'


def is_rowid(db, table, column):
    keys = rows(db, "SELECT name, type FROM pragma_table_info(?) WHERE pk > 0", (table,))
    return keys == [(column, "INTEGER")]


def survives(project, before, texts, table, column, declared):
    """The type gets a word more and keeps its affinity, else values would change. The rowid keeps
    its type, or it would be none, and gets a default instead."""
    there, back = f'type = "KEPT {declared}"', f'type = "{declared}"'
    if ask(project, is_rowid, table, column):
        there, back = "server_default = 7", "server_default = null"
    project.upgrade(alter(table, column, there))
    after = ask(project, picture)
    changed = ask(project, schema) != texts
    kept = without_defaults(after, column) == without_defaults(before, column)
    project.upgrade(alter(table, column, back))
    if not changed or not kept or ask(project, picture) != before:
        print(f"LOST    {table}.{column}")
        return False
    return True


def without_defaults(found, column):
    """The picture without the default of the columns of this name."""
    def plain(parts):
        return [*parts[:3], [(n, null, None if n == column else default, key)
                             for n, null, default, key in parts[3]]]
    return {k: parts if k in QUESTIONS else plain(parts) for k, parts in found.items()}


def main():
    source = data()
    if source is None:
        print("skipped: LUAMIG_TEST_DATA names no Chinook store")
        return 77
    with Project(sys.argv[1]) as project:
        shutil.copyfile(source, project.path)
        project.path.chmod(0o644)
        before, texts = ask(project, picture), ask(project, schema)
        results = []
        for table in ask(project, tables):
            for column, declared in ask(project, columns, table):
                results.append(survives(project, before, texts, table, column, declared))
        if ask(project, schema) != texts:
            print("LOST    the schema's own texts")
            results.append(False)
    print(f"{sum(results)} of {len(results)} columns")
    return 0 if results and all(results) else 1


try:
    sys.exit(main())
except Failed as problem:
    sys.exit(str(problem))
