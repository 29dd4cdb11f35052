-- A schema with every property that is reflected, in the hand of several authors.
CREATE TABLE plain (
  id INTEGER PRIMARY KEY,
  a TEXT DEFAULT 'it''s',
  b VARCHAR(20) NOT NULL DEFAULT '',
  c varchar ( 30 ) COLLATE NOCASE,
  d NUMERIC(10,2) DEFAULT 0.50,
  e INTEGER DEFAULT -5,
  f BOOLEAN NOT NULL DEFAULT TRUE,
  g TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  h TEXT DEFAULT (lower('ABC')),
  i BLOB DEFAULT x'00ff',
  j INTEGER GENERATED ALWAYS AS (e * 2) VIRTUAL,
  k INT AS (e + 1) STORED,
  l,
  "strange "" name" DOUBLE PRECISION,
  [order] CHAR(36),
  m DATE, n TIME, o DATETIME, p REAL, q DECIMAL(5), r BIGINT UNSIGNED, s TEXT DEFAULT NULL,
  t TEXT DEFAULT "double", u TEXT DEFAULT 'a
b', v SMALLINT DEFAULT +3, w TEXT DEFAULT current_date
);
CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT UNIQUE, CHECK (length(x) > 2));
CREATE TABLE numbered (id INT PRIMARY KEY, x INTEGER NOT NULL UNIQUE);
CREATE TABLE worded (code TEXT PRIMARY KEY NOT NULL, CONSTRAINT code_fits CHECK (code <> '' AND code NOT LIKE '%)(%'));
CREATE TABLE pairs (a INTEGER, b INTEGER, c TEXT, PRIMARY KEY (a, b), CONSTRAINT one_c UNIQUE (c, b), UNIQUE (c));
CREATE TABLE referring (
  id INTEGER PRIMARY KEY,
  plain_id INTEGER REFERENCES plain ON DELETE CASCADE ON UPDATE SET NULL,
  counted_id INTEGER CONSTRAINT to_counted REFERENCES counted (id) ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED,
  a INTEGER, b INTEGER,
  parent_id INTEGER REFERENCES referring (id) ON DELETE RESTRICT,
  FOREIGN KEY (a, b) REFERENCES pairs (a, b) ON DELETE NO ACTION,
  CONSTRAINT both CHECK ((a IS NULL) = (b IS NULL))
);
CREATE TABLE one (id INTEGER PRIMARY KEY, other_id INTEGER REFERENCES other (id));
CREATE TABLE other (id INTEGER PRIMARY KEY, one_id INTEGER REFERENCES one (id));
CREATE TABLE rowless (a TEXT, b INTEGER, PRIMARY KEY (a)) WITHOUT ROWID;
CREATE TABLE careful (id INTEGER PRIMARY KEY, a INT, b TEXT, c BLOB, d ANY, e REAL) STRICT;
CREATE TABLE both_of_them (a INTEGER PRIMARY KEY, b TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE settled (a TEXT NOT NULL ON CONFLICT IGNORE, b TEXT UNIQUE ON CONFLICT REPLACE, c TEXT, PRIMARY KEY (a, c) ON CONFLICT FAIL, CONSTRAINT one_of UNIQUE (b, c) ON CONFLICT ROLLBACK);
CREATE TABLE "Mixed Case" (Id INTEGER PRIMARY KEY, "From" TEXT);
CREATE TABLE sub (id INTEGER PRIMARY KEY REFERENCES plain (id), note TEXT);
CREATE INDEX plain_a ON plain (a);
CREATE INDEX ix_plain_b ON plain (b);
CREATE UNIQUE INDEX plain_bc ON plain (b, c COLLATE BINARY DESC) WHERE e > 3 AND a IS NOT NULL;
CREATE INDEX plain_lower ON plain (lower(a), substr(b, 1, 3) DESC, "strange "" name");
CREATE INDEX mixed ON "Mixed Case" ("From");
CREATE TABLE "a b" ("c.d" INTEGER PRIMARY KEY, "x y" TEXT, "new
line" TEXT, "q""uote" TEXT UNIQUE, "back\slash" TEXT, "end" TEXT, "]]" TEXT, "ünïcödé" TEXT, "%s" INTEGER CHECK ("%s" > 0), "Select" INTEGER DEFAULT 5);
CREATE TABLE "and" (id INTEGER PRIMARY KEY, r INTEGER REFERENCES "a b" ("c.d"), "and.id" INTEGER REFERENCES "and" (id));
CREATE INDEX "ix.1" ON "a b" ("x y", "c.d");
CREATE INDEX "%d ix" ON "a b" ("new
line") WHERE "Select" > 3;
CREATE VIEW "v.1" AS SELECT "x y" FROM "a b";
CREATE VIEW first AS SELECT id, a FROM plain WHERE e > 1;
CREATE VIEW second (one, two) AS SELECT id, upper(a) FROM first;
CREATE VIEW another AS SELECT * FROM second JOIN "Mixed Case" ON one = Id;

-- What is not reflected, and changes nothing.
CREATE VIRTUAL TABLE found USING fts5(body);
CREATE TRIGGER careful_trigger AFTER INSERT ON careful BEGIN UPDATE careful SET b = 'x'; END;
