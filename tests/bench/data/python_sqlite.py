#!/usr/bin/env python3
"""What the C++ programs do on SQLite, as well as Python's sqlite3 does it.

    python_sqlite.py update|split FILE
    python_sqlite.py load|export FILE CSV
    python_sqlite.py execute FILE COUNT
"""
import csv
import sqlite3
import sys

import people

ALL = "SELECT id, first, last, email, payload FROM users"


def update(on):
    on.create_function("full_name", 2, people.full_name)
    on.create_function("small", 1, str.lower)
    on.create_function("city_of", 1, people.city)
    on.execute("UPDATE users SET full_name = full_name(first, last), email = small(email), "
               "city = city_of(payload)")


def split(on):
    rows = on.execute("SELECT id, payload FROM users")
    on.executemany("INSERT INTO addresses VALUES (?, ?)",
                   ((key, people.city(payload)) for key, payload in rows))


def load(on, path):
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        on.executemany("INSERT INTO people VALUES (?, ?, ?, ?)",
                       ((int(line[0]), *people.changed(line)) for line in lines))


def export(on, path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "full_name", "email", "city"))
        writer.writerows((row[0], *people.changed(row)) for row in on.execute(ALL))


def execute(on, count):
    write = on.cursor()
    for row in on.execute(f"{ALL} WHERE id <= ?", (int(count),)):
        write.execute("UPDATE users SET full_name = ?, email = ?, city = ? WHERE id = ?",
                      (*people.changed(row), row[0]))


def main():
    on = sqlite3.connect(sys.argv[2], isolation_level=None)
    on.execute("BEGIN IMMEDIATE")
    globals()[sys.argv[1]](on, *sys.argv[3:])
    on.execute("COMMIT")
    on.close()


main()
