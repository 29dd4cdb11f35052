#!/usr/bin/env python3
"""The fingerprint sees every kind of change, and nothing where there is none.

    fingerprint_selftest.py sqlite|postgres
"""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import databases  # noqa: E402
import fingerprint  # noqa: E402

START = """
    CREATE TABLE parent (id integer PRIMARY KEY, note text);
    CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent (id),
                        code varchar(10) DEFAULT 'x', seen text);
    CREATE TABLE other (id integer);
    CREATE TABLE another (id integer);
    CREATE INDEX ix_code ON child (code);
    INSERT INTO parent VALUES (1, 'a'), (2, NULL);
    INSERT INTO child VALUES (1, 1, 'x', 'now'), (2, 2, 'it''s', 'now');
"""

SEEN = (
    "UPDATE parent SET note = 'b' WHERE id = 1",
    "UPDATE parent SET note = '' WHERE id = 2",
    "UPDATE child SET parent_id = 1 WHERE id = 2",
    "DELETE FROM child WHERE id = 2",
    "INSERT INTO parent VALUES (3, 'c')",
    "DROP INDEX ix_code",
    "DROP INDEX ix_code; CREATE UNIQUE INDEX ix_code ON child (code)",
    "DROP INDEX ix_code; CREATE INDEX ix_code ON child (code) WHERE code > 'a'",
    "ALTER TABLE parent RENAME COLUMN note TO notes",
    "ALTER TABLE parent RENAME TO parents",
    "ALTER TABLE parent ADD COLUMN more text",
    "ALTER TABLE child DROP COLUMN seen; ALTER TABLE child ADD COLUMN seen varchar(5)",
    "ALTER TABLE parent ADD COLUMN note2 text; UPDATE parent SET note2 = note;"
    "ALTER TABLE parent DROP COLUMN note; ALTER TABLE parent RENAME COLUMN note2 TO note;"
    "UPDATE parent SET note = 'changed' WHERE id = 1",
    "CREATE VIEW pairs AS SELECT p.note, c.code FROM parent p JOIN child c ON c.parent_id = p.id",
    "CREATE TABLE third (id integer)",
)

NOT_SEEN = (
    "SELECT 1",
    "UPDATE child SET seen = 'later'",
    "ALTER TABLE parent RENAME TO p2; ALTER TABLE p2 RENAME TO parent",
    "ALTER TABLE parent RENAME COLUMN note TO n2; ALTER TABLE parent RENAME COLUMN n2 TO note",
    "ALTER TABLE parent DROP COLUMN note; ALTER TABLE parent ADD COLUMN note text;"
    "UPDATE parent SET note = 'a' WHERE id = 1",
    "CREATE TABLE luamig_version (version_num text)",
    "DROP INDEX ix_code; ALTER TABLE child RENAME TO c2; ALTER TABLE c2 RENAME TO child;"
    "CREATE INDEX ix_code ON child (code)",
    "DROP TABLE other; CREATE TABLE other (id integer)",
)


def differs(engine, change):
    with tempfile.TemporaryDirectory() as directory:
        database = databases.make(engine, pathlib.Path(directory))
        try:
            database.run(START)
            before = fingerprint.take(database, ("seen",))
            database.run(change)
            return fingerprint.take(database, ("seen",)) != before
        finally:
            database.drop()


def main():
    engine = sys.argv[1]
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    wrong = [f"not seen: {change}" for change in SEEN if not differs(engine, change)]
    wrong += [f"seen: {change}" for change in NOT_SEEN if differs(engine, change)]
    print("\n".join(wrong) or f"{engine}: {len(SEEN) + len(NOT_SEEN)} changes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
