#!/usr/bin/env python3
"""What the C++ programs do on PostgreSQL, as well as psycopg2 does it.

    python_postgres.py update|split URL
    python_postgres.py load|export URL FILE
    python_postgres.py execute URL COUNT
"""
import csv
import io
import itertools
import sys

import psycopg2

import people

BLOCK = 10_000
ALL = "SELECT id, first, last, email, payload FROM users"


def blocks(on, query):
    """The rows of a query, 10,000 at a time: it is not held in memory."""
    cursor = on.cursor("c")
    cursor.execute(query)
    while block := cursor.fetchmany(BLOCK):
        yield block
    cursor.close()


def escaped(value):
    return (str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
            .replace("\r", "\\r"))


def copy(on, table, rows):
    """COPY of some rows without NULLs."""
    text = "".join("\t".join(map(escaped, row)) + "\n" for row in rows)
    on.cursor().copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))


def update(on):
    write = on.cursor()
    write.execute("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
    write.execute("CREATE TEMP TABLE made (id bigint, full_name text, email text, city text) "
                  "ON COMMIT DROP")
    for block in blocks(on, ALL):
        copy(on, "made", ((row[0], *people.changed(row)) for row in block))
    write.execute("ANALYZE made")
    write.execute("UPDATE users SET full_name = m.full_name, email = m.email, city = m.city "
                  "FROM made AS m WHERE m.id = users.id")


def split(on):
    on.cursor().execute("LOCK TABLE users IN SHARE MODE")
    for block in blocks(on, "SELECT id, payload FROM users"):
        copy(on, "addresses", ((row[0], people.city(row[1])) for row in block))


def load(on, path):
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        while block := list(itertools.islice(lines, BLOCK)):
            copy(on, "people", ((line[0], *people.changed(line)) for line in block))


def export(on, path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "full_name", "email", "city"))
        for block in blocks(on, ALL):
            writer.writerows((row[0], *people.changed(row)) for row in block)


def execute(on, count):
    write = on.cursor()
    for block in blocks(on, f"{ALL} WHERE id <= {int(count)}"):
        for row in block:
            write.execute("UPDATE users SET full_name = %s, email = %s, city = %s WHERE id = %s",
                          (*people.changed(row), row[0]))


def main():
    on = psycopg2.connect(sys.argv[2])
    globals()[sys.argv[1]](on, *sys.argv[3:])
    on.commit()
    on.close()


main()
