#!/usr/bin/env python3
"""What the operations do to SQLite tables, done and looked at, or refused with nothing changed.

    run_changes.py PROGRAM

A change that is made is checked by a query, and by SQLite's own checks of the whole file. A refusal
is compared with its message; the database must then be byte for byte what its tables were.
"""

import sys

from project import Failed, Project, rows

CASES = []


def does(fact, setup, body, query, wanted):
    CASES.append((fact, setup, body, query, wanted))


def refuses(fact, setup, body, message):
    CASES.append((fact, setup, body, None, message))


T = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT); INSERT INTO t VALUES (1, 'x', 5);"
TEXT_OF_T = "SELECT sql FROM sqlite_schema WHERE name = 't'"

# Types, NULL, defaults
does("a type changes and the values follow its affinity", T,
     'op.alter_column("t", "a", { type = sql.integer })\nop.alter_column("t", "b", { type = "TEXT" })',
     "SELECT a, typeof(b), (SELECT group_concat(type) FROM pragma_table_info('t')) FROM t",
     [("x", "text", "INTEGER,INTEGER,TEXT")])
does("NOT NULL comes and goes without touching a row", T,
     'op.alter_column("t", "a", { nullable = false })\nop.alter_column("t", "a", { nullable = true })'
     '\nop.alter_column("t", "b", { nullable = false })', TEXT_OF_T,
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT NOT NULL)",)])
does("a default changes for new rows only", T + "ALTER TABLE t ADD COLUMN late DEFAULT 'old';",
     'op.alter_column("t", "late", { server_default = "new" })\n'
     'op.execute("INSERT INTO t (id) VALUES (2)")', "SELECT late FROM t", [("old",), ("new",)])
does("a default is dropped by null", "CREATE TABLE t (a INT DEFAULT 5, b INT);",
     'op.alter_column("t", "a", { server_default = null })', TEXT_OF_T,
     [("CREATE TABLE t (a INT, b INT)",)])
does("an alter_column of everything renames first", T,
     'op.alter_column("t", "a", { new_column_name = "c", type = sql.string(9), nullable = false, '
     'server_default = "q" })', TEXT_OF_T,
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, c VARCHAR(9) NOT NULL DEFAULT 'q', b INT)",)])
does("an integer key stays the rowid when it becomes a bigint", T,
     'op.alter_column("t", "id", { type = sql.bigint })', TEXT_OF_T,
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)",)])
does("a text key becomes an integer that is the rowid",
     "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT); INSERT INTO t VALUES ('7', 'x');",
     'op.alter_column("t", "id", { type = sql.integer })', "SELECT rowid, id, typeof(id) FROM t",
     [(7, 7, "integer")])
does("another enum brings its own check",
     "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y'))); INSERT INTO t VALUES ('x');",
     'op.alter_column("t", "a", { type = sql.enum("e", { "x", "z" }) })', TEXT_OF_T,
     [("CREATE TABLE t (a TEXT CONSTRAINT e CHECK (a IN ('x', 'z')))",)])
does("what is so already costs nothing", T,
     'op.alter_column("t", "a", { type = sql.text, nullable = true })', TEXT_OF_T,
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)",)])
refuses("NOT NULL over a NULL names the rows and the cure", T + "INSERT INTO t (id) VALUES (2), (3);",
        'op.alter_column("t", "a", { nullable = false })',
        "NOT NULL constraint failed: t.a is NULL in 2 rows")
refuses("a key is never NULL", "CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b));",
        'op.alter_column("t", "a", { nullable = true })', "part of the primary key of 't'")
refuses("a misspelt column is answered with the near one", T,
        'op.alter_column("t", "aa", { nullable = false })',
        "'t' has no column 'aa' (did you mean 'a'?)")
refuses("a view has no columns to change", T + "CREATE VIEW v AS SELECT a FROM t;",
        'op.alter_column("v", "a", { nullable = false })', "'v' is a view")
refuses("values that a STRICT type does not take",
        "CREATE TABLE t (a TEXT, b INT) STRICT; INSERT INTO t VALUES ('x', 1);",
        'op.alter_column("t", "a", { type = sql.integer })', "cannot store TEXT value in INTEGER")

# Columns added
does("a default that is computed fills the rows that are there", T,
     'op.add_column("t", sql.column("at", sql.text, { server_default = sql.raw("1 + 1") }))',
     "SELECT \"at\" FROM t", [("2",)])
does("a reference with a default", "CREATE TABLE p (id INTEGER PRIMARY KEY); "
     "INSERT INTO p VALUES (9);" + T,
     'op.add_column("t", sql.column("p", sql.integer, { server_default = 9, references = "p.id" }))',
     "SELECT p, (SELECT \"table\" FROM pragma_foreign_key_list('t')) FROM t", [(9, "p")])
refuses("a reference whose default refers to nothing", "CREATE TABLE p (id INTEGER PRIMARY KEY);" + T,
        'op.add_column("t", sql.column("p", sql.integer, { server_default = 9, '
        'references = "p.id" }))', "FOREIGN KEY constraint failed: 1 rows of 't'")
does("a primary key numbers the rows that are there",
     "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x'), ('y');",
     'op.add_column("t", sql.column("id", sql.integer, { primary_key = true }))',
     "SELECT id, a FROM t", [(1, "x"), (2, "y")])
does("a computed column", T, 'op.add_column("t", sql.column("c", sql.integer, { computed = "b * 2" }))',
     "SELECT c FROM t", [(10,)])
does("a unique column, and its index", T,
     'op.add_column("t", sql.column("c", sql.text, { unique = true, index = true }))',
     "SELECT name FROM pragma_index_list('t') ORDER BY 1", [("ix_t_c",), ("uq_t_c",)])
refuses("NOT NULL without a default on a filled table", T,
        'op.add_column("t", sql.column("c", sql.text, { nullable = false }))',
        "NOT NULL constraint failed: t.c would be NULL")
refuses("a second primary key", T,
        'op.add_column("t", sql.column("k", sql.integer, { primary_key = true }))',
        "'t' has a primary key already")

# Columns dropped
USED = """
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INT, c INT CHECK (c > b), d INT,
  UNIQUE (b, d), CHECK (d <> 3), FOREIGN KEY (d) REFERENCES t (id));
CREATE INDEX i ON t (c, d); CREATE INDEX e ON t (abs(b)); CREATE INDEX w ON t (id) WHERE b > 0;
INSERT INTO t VALUES (1, 'x', 1, 2, 1);"""
REST = "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('t') UNION ALL " \
       "SELECT name FROM pragma_index_list('t') WHERE origin = 'c' ORDER BY 1)"
does("a unique column", USED, 'op.drop_column("t", "a")', REST, [("b,c,d,e,i,id,w",)])
does("a column in indexes, checks and a key of several", USED, 'op.drop_column("t", "b")',
     "SELECT sql FROM sqlite_schema WHERE name IN ('t', 'e', 'i', 'w')",
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, c INT, d INT,\n  CHECK (d <> 3), "
       "FOREIGN KEY (d) REFERENCES t (id))",), ("CREATE INDEX i ON t (c, d)",)])
does("a column with a foreign key", USED, 'op.drop_column("t", "d")',
     "SELECT count(*) FROM pragma_foreign_key_list('t')", [(0,)])
does("the primary key", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);"
     "INSERT INTO t VALUES (4, 'x');", 'op.drop_column("t", "id")', "SELECT rowid, * FROM t",
     [(4, "x")])
does("a column that refers by its own REFERENCES", "CREATE TABLE p (id INTEGER PRIMARY KEY);"
     "CREATE TABLE t (a INT, p INT REFERENCES p (id));", 'op.drop_column("t", "p")', TEXT_OF_T,
     [("CREATE TABLE t (a INT)",)])
refuses("the rest of a key without rowids", "CREATE TABLE t (a INT PRIMARY KEY, b) WITHOUT ROWID;",
        'op.drop_column("t", "a")', "is WITHOUT ROWID and cannot be without one")
refuses("the only column", "CREATE TABLE t (a INT);", 'op.drop_column("t", "a")',
        "'a' is the only column of 't'")
refuses("a column that another is computed from", "CREATE TABLE t (a INT, b AS (a + 1));",
        'op.drop_column("t", "a")', "column 'b' is computed from t.a")
refuses("a column to which another table refers", T + "CREATE TABLE c (x REFERENCES t (id));",
        'op.drop_column("t", "id")', "t.id is referenced by c.x")
refuses("a column that a view reads", T + "CREATE VIEW v AS SELECT a FROM t;",
        'op.drop_column("t", "a")', "error in view v after drop column: no such column: a")
refuses("a unique column that a view reads", USED + "CREATE VIEW v AS SELECT a FROM t;",
        'op.drop_column("t", "a")', "view 'v' could not be read any more: no such column: a")
refuses("a column that a trigger elsewhere writes", USED + "CREATE TABLE o (x); CREATE TRIGGER r "
        "AFTER INSERT ON o BEGIN UPDATE t SET a = new.x; END;", 'op.drop_column("t", "a")',
        "trigger 'r' could not be read any more: no such column: a")
refuses("a column whose updates a trigger waits for", T + "CREATE TRIGGER r AFTER UPDATE OF a ON t "
        "BEGIN SELECT 1; END;", 'op.drop_column("t", "a")', "trigger 'r' waits for updates of t.a")

# Columns renamed
EVERYWHERE = T + """
CREATE TABLE c (x INT, t INT REFERENCES t (id)); CREATE INDEX i ON t (lower(a)) WHERE a > 'a';
CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER r AFTER INSERT ON c
BEGIN UPDATE t SET a = new.x; END;"""
does("a rename follows everywhere", EVERYWHERE,
     'op.rename_column("t", "a", "z")\nop.rename_column("t", "id", "key")\n'
     'op.execute("INSERT INTO c VALUES (3, 1)")',
     "SELECT z, (SELECT z FROM v), (SELECT \"to\" FROM pragma_foreign_key_list('c')) FROM t",
     [("3", "3", "key")])

# Constraints
PARENT = "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT, CONSTRAINT uq_code UNIQUE (code)); " \
         "INSERT INTO p VALUES (5, 'k');"
does("a foreign key is added without touching a row, found by its name and dropped", PARENT + T,
     'op.create_foreign_key("fk", "t", "p", { "b" }, { "id" }, { ondelete = "CASCADE" })\n'
     'op.execute("DELETE FROM p")\nop.assert_equal(db:scalar("SELECT count(*) FROM t"), 0)\n'
     'op.drop_constraint("fk", "t")', TEXT_OF_T,
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)",)])
refuses("a foreign key that rows break", PARENT + T + "INSERT INTO t VALUES (2, 'y', 6);",
        'op.create_foreign_key("fk", "t", "p", { "b" }, { "id" })',
        "t.b refers to no row of p in 1 row")
refuses("a foreign key to no table", T, 'op.create_foreign_key("fk", "t", "q", { "b" }, { "id" })',
        "there is no table 'q'")
refuses("a foreign key to no key", T + "CREATE TABLE p (id INT);",
        'op.create_foreign_key("fk", "t", "p", { "b" }, { "id" })', "no key of 'p' is (id)")
refuses("a foreign key to another database", PARENT + T,
        'op.create_foreign_key("fk", "t", "p", { "b" }, { "id" }, { referent_schema = "other" })',
        "foreign keys stay within one database")
refuses("a foreign key of a misspelt column", PARENT + T,
        'op.create_foreign_key("fk", "t", "p", { "bb" }, { "id" })', "'t' has no column 'bb'")
does("a check is added and renamed", T, 'op.create_check_constraint("ck", "t", "b > 4")\n'
     'op.rename_constraint("ck", "b_large", "t")', TEXT_OF_T,
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CONSTRAINT b_large CHECK (b > 4))",)])
refuses("a check that rows break", T, 'op.create_check_constraint("ck", "t", "b > 5")',
        "CHECK constraint failed: ck")
refuses("a check that cannot be read", T, 'op.create_check_constraint("ck", "t", "b >")',
        "syntax error")
does("a unique constraint is one, with its name", T, 'op.create_unique_constraint("uq", "t", "a")',
     "SELECT origin FROM pragma_index_list('t')", [("u",)])
refuses("a unique constraint over equal rows", T + "INSERT INTO t VALUES (2, 'x', 6);",
        'op.create_unique_constraint("uq", "t", "a")', "UNIQUE constraint failed: t.a")
does("a unique constraint without a name goes by the one PostgreSQL would give it",
     "CREATE TABLE t (a TEXT, b INT, UNIQUE (a, b));", 'op.drop_constraint("t_a_b_key", "t")',
     TEXT_OF_T, [("CREATE TABLE t (a TEXT, b INT)",)])
does("a unique index counts as one", T + "CREATE UNIQUE INDEX uq ON t (a);",
     'op.rename_constraint("uq", "uq_t_a", "t")\nop.drop_constraint("uq_t_a", "t", "unique")',
     "SELECT count(*) FROM pragma_index_list('t')", [(0,)])
refuses("a key to which a table refers", PARENT + "CREATE TABLE t (c TEXT REFERENCES p (code));",
        'op.drop_constraint("uq_code", "p")', "t.c refers to this key of 'p'")
refuses("a constraint that is not there names those that are", PARENT,
        'op.drop_constraint("uq_cod", "p")', "'p' has no constraint 'uq_cod' (did you mean 'uq_code'?)")
does("unless it need not be there", T, 'op.drop_constraint("ck", "t", { if_exists = true })',
     TEXT_OF_T, [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)",)])
does("a primary key where there was none", "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 2);",
     'op.create_primary_key("pk", "t", { "a", "b" })', TEXT_OF_T,
     [("CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, CONSTRAINT pk PRIMARY KEY (a, b))",)])
refuses("a primary key over NULL", "CREATE TABLE t (a INT); INSERT INTO t VALUES (NULL);",
        'op.create_primary_key("pk", "t", "a")', "NOT NULL constraint failed: t.a")

REFERRING = PARENT + T + "CREATE TABLE c (a INT REFERENCES p ON DELETE CASCADE, b TEXT, CONSTRAINT fk " \
            "FOREIGN KEY (b) REFERENCES p (code) ON DELETE RESTRICT); INSERT INTO c VALUES (5, 'k');"
refuses("a table to which others refer", REFERRING, 'op.drop_table("p")',
        "'p' is referenced by c.a, c.b")
does("the foreign keys of others go with it, their rows stay", REFERRING,
     'op.drop_table("p", { cascade = true })', "SELECT a, b, (SELECT sql FROM sqlite_schema WHERE name "
     "= 'c') FROM c", [(5, "k", "CREATE TABLE c (a INT, b TEXT)")])

# Batches
does("a batch is made in its order, with its indexes around it", PARENT + T +
     "CREATE INDEX old ON t (b);",
     'op.batch_alter_table("t", function(batch)\nbatch.create_index("new", { "c" })\n'
     'batch.add_column(sql.column("c", sql.integer))\nbatch:drop_index("old")\n'
     'batch:alter_column("b", { type = sql.text })\n'
     'batch:create_foreign_key("fk", "p", { "c" }, { "id" })\nend)',
     "SELECT sql FROM sqlite_schema WHERE tbl_name = 't'",
     [("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INTEGER, CONSTRAINT fk FOREIGN KEY "
       "(c) REFERENCES p (id))",), ("CREATE INDEX new ON t (c)",)])
does("a name that ends in a batch ends after the index that held it", T,
     'op.batch_alter_table("t", function(batch)\nbatch:create_index("i", { "a" })\n'
     'batch:rename_column("a", "z")\nend)',
     "SELECT sql FROM sqlite_schema WHERE name = 'i'", [('CREATE INDEX i ON t (z)',)])
does("a batch makes the table anew where it is told to", T,
     'op.batch_alter_table("t", { recreate = "always" }, function(batch)\n'
     'batch:create_index("i", { "a" })\nend)', "SELECT count(*) FROM t", [(1,)])
refuses("a batch that must make the table anew and must not", T,
        'op.batch_alter_table("t", { recreate = "never" }, function(batch)\n'
        'batch:alter_column("a", { type = sql.integer })\nend)', 'recreate is "never"')
refuses("a batch is undone as a whole", T,
        'op.batch_alter_table("t", function(batch)\nbatch:add_column(sql.column("c", sql.text))\n'
        'batch:create_check_constraint("ck", "b > 5")\nend)', "CHECK constraint failed: ck")

# The whole
does("rows of children stay with foreign keys on, and the keys stay on",
     T + "CREATE TABLE c (t INT REFERENCES t (id) ON DELETE CASCADE); INSERT INTO c VALUES (1);",
     'op.alter_column("t", "a", { type = "X" })\nop.assert_equal(db:scalar("SELECT count(*) FROM c"), '
     '1)\nop.execute("DELETE FROM t")', "SELECT count(*) FROM c", [(0,)])
does("keys are on again after a rebuild that failed", T + "CREATE TABLE c (t INT REFERENCES t (id) "
     "ON DELETE CASCADE); INSERT INTO c VALUES (1); CREATE TABLE s (a TEXT, b TEXT) STRICT;"
     "INSERT INTO s VALUES ('x', 'y');",
     'assert(not pcall(op.alter_column, "s", "a", { type = sql.integer }))\n'
     'op.execute("DELETE FROM t")', "SELECT count(*), (SELECT a FROM s) FROM c", [(0, "x")])
does("an edit that is undone is forgotten", T,
     'assert(not pcall(function() op.alter_column("t", "a", { nullable = false }) error("no") end))\n'
     'op.execute("INSERT INTO t (id) VALUES (2)")', "SELECT a FROM t WHERE id = 2", [(None,)])
does("an open loop goes on over a rebuild", T + "INSERT INTO t VALUES (2, 'y', 6), (3, 'z', 7);",
     'local n = 0\nfor row in db:rows("SELECT id FROM t") do\n'
     'if n == 0 then op.alter_column("t", "a", { type = "X" }) end\nn = n + 1\nend\n'
     'op.assert_equal(n, 3)', "SELECT count(*) FROM t", [(3,)])
does("violations that were there before are left as they are",
     T + "CREATE TABLE c (t INT REFERENCES t (id)); INSERT INTO c VALUES (77);",
     'op.alter_column("t", "a", { type = "X" })\nop.alter_column("c", "t", { type = "BIGINT" })',
     "SELECT t FROM c", [(77,)])
does("a view that was broken before stays so", T + "CREATE VIEW v AS SELECT * FROM nowhere;",
     'op.alter_column("t", "a", { type = "X" })', "SELECT count(*) FROM sqlite_schema WHERE name = 'v'",
     [(1,)])
refuses("a rebuild while a deferred foreign key is violated", T + "CREATE TABLE c (t INT REFERENCES "
        "t (id) DEFERRABLE INITIALLY DEFERRED);",
        'op.execute("INSERT INTO c VALUES (5)")\nop.alter_column("t", "a", { type = "X" })',
        "a deferred foreign key is violated at this moment")
refuses("luamig's own tables", T, 'op.alter_column("luamig_version", "version_num", '
        '{ type = "X" })', "luamig's own tables")
refuses("a constraint of luamig's own tables", T,
        'op.alter_column("luamig_history", "revision", { nullable = true })', "luamig's own tables")
refuses("a virtual table", T + "CREATE VIRTUAL TABLE f USING fts5 (x);",
        'op.alter_column("f", "x", { nullable = false })', "a virtual table cannot be changed")


def content(project):
    """The schema and the rows of all tables but luamig's."""
    db = project.connect()
    try:
        return [line for line in db.iterdump() if "luamig_" not in line]
    finally:
        db.close()


def made(project, query, wanted):
    db = project.connect()
    try:
        got = rows(db, query)
        assert got == wanted, f"{got!r} instead of {wanted!r}"
        whole = rows(db, "PRAGMA integrity_check")
        assert whole == [("ok",)], whole
    finally:
        db.close()


def refused(project, body, message):
    before = content(project)
    try:
        project.upgrade(body)
    except Failed as problem:
        said = str(problem)
        assert message in said, said
        assert "--> versions/r" in said, "the line is not named:\n" + said
        assert content(project) == before, "the database is another one"
        return
    raise AssertionError("it was not refused")


def holds(program, case):
    fact, setup, body, query, wanted = case
    with Project(program) as project:
        project.run(setup)
        try:
            if query is None:
                refused(project, body, wanted)
            else:
                project.upgrade(body)
                made(project, query, wanted)
        except (AssertionError, Failed) as problem:
            print(f"FAILED  {fact}\n{problem}")
            return False
    print(f"ok      {fact}")
    return True


def main():
    results = [holds(sys.argv[1], case) for case in CASES]
    print(f"{sum(results)} of {len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
