#!/usr/bin/env python3
"""Each property of a table must outlive a rebuild of it.

    run_properties.py PROGRAM

A property is set up on a table of its own, another column of the table gets another type, which
only a rebuild does, and the property is looked for by what SQLite then does and says. Prints how
many of them were kept, and ends with 1 unless all were.
"""

import sys

from project import Failed, Project, fails, rows

FORCE = '  op.alter_column("t", "filler", { type = sql.string(77) })'

PROPERTIES = []


def kept(name, setup, force=FORCE):
    """A property with the SQL that sets it up; the function checks it on the rebuilt table."""
    def add(check):
        PROPERTIES.append((name, setup, force, check))
        return check
    return add


def equal(got, wanted):
    assert got == wanted, f"{got!r} instead of {wanted!r}"


def holds(text, part):
    assert part in text, f"{text!r} does not hold {part!r}"


@kept("AUTOINCREMENT", """
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, filler TEXT);
INSERT INTO t (filler) VALUES ('a'), ('b');""")
def autoincrement(db):
    db.execute("DELETE FROM t WHERE id = 2")
    db.execute("INSERT INTO t (filler) VALUES ('c')")
    equal(rows(db, "SELECT id FROM t ORDER BY id"), [(1,), (3,)])


@kept("the high-water mark of AUTOINCREMENT", """
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, filler TEXT);
INSERT INTO t VALUES (1, 'a'), (900, 'b'); DELETE FROM t WHERE id = 900;""")
def high_water_mark(db):
    equal(rows(db, "SELECT name, seq FROM sqlite_sequence"), [("t", 900)])
    db.execute("INSERT INTO t (filler) VALUES ('c')")
    equal(rows(db, "SELECT max(id) FROM t"), [(901,)])


@kept("rowids without an INTEGER PRIMARY KEY", """
CREATE TABLE t (name TEXT, filler TEXT);
INSERT INTO t (rowid, name) VALUES (7, 'a'), (-3, 'b'), (5000000000, 'c');""")
def rowids(db):
    equal(rows(db, "SELECT rowid, name FROM t ORDER BY rowid"),
          [(-3, "b"), (7, "a"), (5000000000, "c")])


@kept("rowids where a column is called rowid", """
CREATE TABLE t (rowid TEXT, filler TEXT);
INSERT INTO t (_rowid_, rowid) VALUES (7, 'a'), (9, 'b');""")
def shadowed_rowids(db):
    equal(rows(db, "SELECT _rowid_, rowid FROM t ORDER BY 1"), [(7, "a"), (9, "b")])


@kept("COLLATE of a column", """
CREATE TABLE t (name TEXT COLLATE NOCASE, filler TEXT); INSERT INTO t VALUES ('Ada', 'x');""")
def collation(db):
    equal(rows(db, "SELECT name FROM t WHERE name = 'ADA'"), [("Ada",)])


@kept("unnamed CHECK, also one that names its table", """
CREATE TABLE t (n INTEGER CHECK (n > 0), filler TEXT, CHECK (t.n < 10));""")
def unnamed_check(db):
    holds(fails(db, "INSERT INTO t VALUES (0, 'x')"), "CHECK constraint failed: n > 0")
    holds(fails(db, "INSERT INTO t VALUES (10, 'x')"), "CHECK constraint failed: t.n < 10")


@kept("named CHECK", "CREATE TABLE t (n INT, filler TEXT, CONSTRAINT \"at, least\" CHECK (n > 0));")
def named_check(db):
    equal(fails(db, "INSERT INTO t VALUES (0, 'x')"), "CHECK constraint failed: at, least")


@kept("NOT NULL", "CREATE TABLE t (n INT NOT NULL, filler TEXT);")
def not_null(db):
    equal(fails(db, "INSERT INTO t (filler) VALUES ('x')"), "NOT NULL constraint failed: t.n")


@kept("UNIQUE of a column and of a table", """
CREATE TABLE t (a INT UNIQUE, b INT, c INT, filler TEXT, CONSTRAINT bc UNIQUE (b, c));
INSERT INTO t VALUES (1, 1, 1, 'x');""")
def unique(db):
    equal(fails(db, "INSERT INTO t VALUES (1, 2, 2, 'x')"), "UNIQUE constraint failed: t.a")
    equal(fails(db, "INSERT INTO t VALUES (2, 1, 1, 'x')"), "UNIQUE constraint failed: t.b, t.c")


@kept("PRIMARY KEY of several columns", """
CREATE TABLE t (a INT, b INT, filler TEXT, CONSTRAINT pk PRIMARY KEY (b, a DESC));
INSERT INTO t VALUES (1, 1, 'x');""")
def composite_key(db):
    equal(fails(db, "INSERT INTO t VALUES (1, 1, 'y')"), "UNIQUE constraint failed: t.b, t.a")
    equal(rows(db, "SELECT name, pk FROM pragma_table_info('t') WHERE pk > 0 ORDER BY pk"),
          [("b", 1), ("a", 2)])


@kept("ON CONFLICT of constraints", """
CREATE TABLE t (a INT UNIQUE ON CONFLICT REPLACE, b INT NOT NULL ON CONFLICT IGNORE, filler TEXT);
INSERT INTO t VALUES (1, 1, 'old');""")
def conflict_clauses(db):
    db.execute("INSERT INTO t VALUES (1, 2, 'new')")
    db.execute("INSERT INTO t VALUES (2, NULL, 'none')")
    equal(rows(db, "SELECT a, b, filler FROM t"), [(1, 2, "new")])


@kept("actions of a foreign key", """
CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1), (2);
CREATE TABLE t (a INT REFERENCES p (id) ON DELETE CASCADE, b INT REFERENCES p ON UPDATE SET NULL,
                filler TEXT);
INSERT INTO t VALUES (1, 2, 'x');""")
def foreign_key_actions(db):
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("UPDATE p SET id = 3 WHERE id = 2")
    equal(rows(db, "SELECT a, b FROM t"), [(1, None)])
    db.execute("DELETE FROM p WHERE id = 1")
    equal(rows(db, "SELECT * FROM t"), [])


@kept("DEFERRABLE INITIALLY DEFERRED", """
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (a INT REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED, filler TEXT);""")
def deferrable(db):
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("INSERT INTO t VALUES (1, 'x')")
    db.execute("INSERT INTO p VALUES (1)")
    db.commit()
    equal(rows(db, "SELECT a FROM t"), [(1,)])


@kept("foreign keys of several columns", """
CREATE TABLE p (a INT, b INT, UNIQUE (a, b)); INSERT INTO p VALUES (1, 2);
CREATE TABLE t (x INT, y INT, filler TEXT,
                CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES p (a, b) MATCH FULL);""")
def composite_foreign_key(db):
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("INSERT INTO t VALUES (1, 2, 'x')")
    equal(fails(db, "INSERT INTO t VALUES (2, 1, 'x')"), "FOREIGN KEY constraint failed")


@kept("references to itself", """
CREATE TABLE t (id INTEGER PRIMARY KEY, boss INT REFERENCES t (id) ON DELETE CASCADE, filler TEXT);
INSERT INTO t VALUES (1, NULL, 'x'), (2, 1, 'y'), (3, 2, 'z');""")
def self_reference(db):
    equal(rows(db, "SELECT id, boss FROM t"), [(1, None), (2, 1), (3, 2)])
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("DELETE FROM t WHERE id = 1")
    equal(rows(db, "SELECT * FROM t"), [])


CHILDREN = """
CREATE TABLE t (id INTEGER PRIMARY KEY, filler TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y');
CREATE TABLE c (t INT REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE n (t INT REFERENCES t (id) ON DELETE SET NULL);
CREATE TABLE g (c INT REFERENCES c (t));
INSERT INTO c VALUES (1), (1), (2); INSERT INTO n VALUES (1), (2);"""


@kept("rows of children ON DELETE CASCADE and SET NULL", CHILDREN)
def children(db):
    equal(rows(db, "SELECT t FROM c ORDER BY t"), [(1,), (1,), (2,)])
    equal(rows(db, "SELECT t FROM n ORDER BY t"), [(1,), (2,)])


@kept("foreign keys of children", CHILDREN)
def children_refer(db):
    equal(rows(db, 'SELECT "table", "to", on_delete FROM pragma_foreign_key_list(\'c\')'),
          [("t", "id", "CASCADE")])
    db.execute("DROP TABLE g")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("DELETE FROM t WHERE id = 1")
    equal(rows(db, "SELECT t FROM c"), [(2,)])
    equal(rows(db, "SELECT t FROM n ORDER BY t"), [(None,), (2,)])


@kept("indexes with DESC and collations", """
CREATE TABLE t (a TEXT, b INT, filler TEXT); CREATE INDEX i ON t (a COLLATE NOCASE DESC, b);""")
def index_shape(db):
    equal(rows(db, 'SELECT name, "desc", coll FROM pragma_index_xinfo(\'i\') WHERE key = 1'),
          [("a", 1, "NOCASE"), ("b", 0, "BINARY")])


@kept("expression indexes", """
CREATE TABLE t (a TEXT, filler TEXT); CREATE UNIQUE INDEX i ON t (lower(a), length(a));
INSERT INTO t VALUES ('A', 'x');""")
def expression_index(db):
    holds(fails(db, "INSERT INTO t VALUES ('a', 'y')"), "UNIQUE constraint failed: index 'i'")
    holds(str(rows(db, "EXPLAIN QUERY PLAN SELECT * FROM t WHERE lower(a) = 'a'")), "INDEX i")


@kept("partial indexes", """
CREATE TABLE t (a INT, gone INT, filler TEXT); CREATE UNIQUE INDEX i ON t (a) WHERE gone IS NULL;
INSERT INTO t VALUES (1, NULL, 'x'), (2, 1, 'y'), (2, 1, 'z');""")
def partial_index(db):
    equal(fails(db, "INSERT INTO t VALUES (1, NULL, 'x')"), "UNIQUE constraint failed: t.a")
    db.execute("INSERT INTO t VALUES (2, 1, 'x')")


@kept("STRICT", "CREATE TABLE t (n INTEGER, filler ANY) STRICT;",
      '  op.alter_column("t", "filler", { type = sql.text })')
def strict(db):
    holds(fails(db, "INSERT INTO t VALUES ('word', 'x')"), "cannot store TEXT value in INTEGER")


@kept("WITHOUT ROWID", """
CREATE TABLE t (k TEXT PRIMARY KEY, filler TEXT) WITHOUT ROWID; INSERT INTO t VALUES ('b', 1);""")
def without_rowid(db):
    equal(rows(db, "SELECT wr FROM pragma_table_list WHERE name = 't'"), [(1,)])
    holds(fails(db, "SELECT rowid FROM t"), "no such column")


@kept("generated columns, stored and virtual", """
CREATE TABLE t (a INT, s INT GENERATED ALWAYS AS (a * 2) STORED, v AS (a + 1) UNIQUE, filler TEXT);
INSERT INTO t (a) VALUES (5);""")
def generated(db):
    equal(rows(db, "SELECT a, s, v FROM t"), [(5, 10, 6)])
    equal(rows(db, "SELECT name, hidden FROM pragma_table_xinfo('t') WHERE hidden > 0"),
          [("s", 3), ("v", 2)])


@kept("columns without a type", """
CREATE TABLE t (a, filler TEXT); INSERT INTO t VALUES (1, 'x'), ('1', 'y'), (x'01', 'z');""")
def typeless(db):
    equal(rows(db, "SELECT a, typeof(a) FROM t"), [(1, "integer"), ("1", "text"), (b"\1", "blob")])
    equal(rows(db, "SELECT type FROM pragma_table_info('t') WHERE name = 'a'"), [("",)])


@kept("declared types of many words", """
CREATE TABLE t (a UNSIGNED BIG INT, b "odd type" (3, 4), c DECIMAL(10,5), filler TEXT);""")
def declared_types(db):
    equal(rows(db, "SELECT type FROM pragma_table_info('t') WHERE name <> 'filler'"),
          [("UNSIGNED BIG INT",), ("odd type",), ("DECIMAL(10,5)",)])


@kept("defaults: literals, expressions, times", """
CREATE TABLE t (a INT DEFAULT -5, b TEXT DEFAULT 'it''s', c DEFAULT (1 + 1), d DEFAULT x'0102',
                e DEFAULT CURRENT_DATE, filler TEXT);""")
def defaults(db):
    db.execute("INSERT INTO t (filler) VALUES ('x')")
    equal(rows(db, "SELECT a, b, c, d, e = date('now') FROM t"), [(-5, "it's", 2, b"\1\2", 1)])


@kept("values of rows older than an ADD COLUMN", """
CREATE TABLE t (filler TEXT); INSERT INTO t VALUES ('x');
ALTER TABLE t ADD COLUMN late TEXT DEFAULT 'then';""")
def late_default(db):
    equal(rows(db, "SELECT late FROM t"), [("then",)])


@kept("triggers on the table", """
CREATE TABLE log (what TEXT); CREATE TABLE t (a INT, filler TEXT);
CREATE TRIGGER one AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('i' || new.a); END;
CREATE TRIGGER two BEFORE UPDATE OF a ON t WHEN new.a > 5
  BEGIN SELECT RAISE(ABORT, 'too ; much'); END;""")
def triggers(db):
    db.execute("INSERT INTO t VALUES (1, 'x')")
    equal(rows(db, "SELECT what FROM log"), [("i1",)])
    equal(fails(db, "UPDATE t SET a = 6"), "too ; much")


@kept("triggers elsewhere that name it", """
CREATE TABLE o (a INT); CREATE TABLE t (a INT, filler TEXT);
CREATE TRIGGER copies AFTER INSERT ON o BEGIN INSERT INTO t (a) VALUES (new.a); END;""")
def triggers_elsewhere(db):
    db.execute("INSERT INTO o VALUES (4)")
    equal(rows(db, "SELECT a FROM t"), [(4,)])


@kept("views, also over views and with INSTEAD OF", """
CREATE TABLE t (a INT, filler TEXT); INSERT INTO t VALUES (1, 'x');
CREATE VIEW v AS SELECT a, filler FROM t; CREATE VIEW w (b) AS SELECT a + 1 FROM v;
CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.a * 10); END;""")
def views(db):
    equal(rows(db, "SELECT b FROM w"), [(2,)])
    db.execute("INSERT INTO v (a) VALUES (2)")
    equal(rows(db, "SELECT a FROM t"), [(1,), (20,)])


@kept("temporary triggers", "CREATE TABLE t (a INT, filler TEXT); CREATE TABLE log (a INT);",
      '  op.execute("CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log '
      'VALUES (new.a); END")\n' + FORCE + '\n  op.execute("INSERT INTO t (a) VALUES (3)")')
def temporary_trigger(db):
    equal(rows(db, "SELECT a FROM log"), [(3,)])


@kept("quoted and reserved names", """
CREATE TABLE t ("select" INT, [a b] INT, `c``d` INT, "e""f" INT, 'g' INT, filler TEXT,
                UNIQUE ("select", [a b]));
CREATE INDEX "create index" ON t ("e""f", [a b]); INSERT INTO t VALUES (1, 2, 3, 4, 5, 'x');""")
def quoted_names(db):
    equal(rows(db, 'SELECT "select", "a b", "c`d", "e""f", g FROM t'), [(1, 2, 3, 4, 5)])
    equal(rows(db, "SELECT name FROM pragma_index_info('create index')"), [('e"f',), ("a b",)])


COMMENTED = """CREATE TABLE t ( -- the table's own
  a INT, /* it's, (odd */
  filler   TEXT   -- filled
  , CHECK (a /* inner */ > 0) -- end
)"""


@kept("comments and layout of its text", COMMENTED + ";")
def comments(db):
    equal(rows(db, "SELECT sql FROM sqlite_schema WHERE name = 't'"),
          [(COMMENTED.replace("TEXT", "VARCHAR(77)"),)])


@kept("values of every sort, bit by bit", """
CREATE TABLE t (a BLOB, filler TEXT);
INSERT INTO t VALUES (9223372036854775807, 1), (-0.0, 2), (1e-320, 3), (x'00ff', 4), (NULL, 5),
  ('a' || char(0) || 'b', 6), ('', 7), (x'', 8), (0.1 + 0.2, 9), ('🦀', 10);""")
def values(db):
    equal(rows(db, "SELECT typeof(a), hex(a) FROM t WHERE filler IN (4, 6, 8, 10) ORDER BY rowid"),
          [("blob", "00FF"), ("text", "610062"), ("blob", ""), ("text", "F09FA680")])
    equal([row[0] for row in rows(db, "SELECT a FROM t WHERE filler IN (1, 3, 5, 9)")],
          [9223372036854775807, 1e-320, None, 0.1 + 0.2])


@kept("statistics of ANALYZE", """
CREATE TABLE t (a INT, filler TEXT); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1, 1), (1, 2);
ANALYZE;""")
def statistics(db):
    equal(rows(db, "SELECT tbl, idx, stat FROM sqlite_stat1"), [("t", "i", "2 2")])


def survives(program, prop):
    name, setup, force, check = prop
    with Project(program) as project:
        project.run(setup)
        try:
            project.upgrade(force)
            db = project.connect()
            check(db)
            db.rollback()
            declared = rows(db, "SELECT type FROM pragma_table_xinfo('t') WHERE name = 'filler'")
            assert declared[0][0] in ("VARCHAR(77)", "TEXT"), "the table was not made anew"
            equal(rows(db, "PRAGMA integrity_check"), [("ok",)])
            db.close()
        except (AssertionError, Failed) as problem:
            print(f"LOST    {name}\n{problem}")
            return False
    print(f"kept    {name}")
    return True


def main():
    results = [survives(sys.argv[1], prop) for prop in PROPERTIES]
    print(f"{sum(results)} of {len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
