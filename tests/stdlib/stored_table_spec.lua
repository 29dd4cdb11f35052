--- The tokenizer of SQLite's SQL, the stored text of a table, and the edits of it.
local column_names = require("luamig.dialect.sqlite.column_names")
local edit = require("luamig.dialect.sqlite.edit")
local spec = require("spec")
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")

local test, equal, raises = spec.test, spec.equal, spec.raises

local function kinds(text)
  local parts = {}
  for i, token in ipairs(tokens.read(text)) do
    parts[i] = token.kind .. " " .. token.text
  end
  return table.concat(parts, " | ")
end

local function names(text)
  local parts = {}
  for i, token in ipairs(tokens.read(text)) do
    parts[i] = token.name or ""
  end
  return table.concat(parts, "|")
end

test("tokens: the four ways to quote a name, and a text", function()
  equal(kinds([["a ""b" `c ``d` [e "f] 'it''s']]),
    [[quoted "a ""b" | quoted `c ``d` | quoted [e "f] | string 'it''s']])
  equal(names([["a ""b" `c ``d` [e "f] 'it''s' plain]]), [[a "b|c `d|e "f|it's|plain]])
end)

test("tokens: comments of both kinds are no tokens, and quotes in them mean nothing", function()
  equal(kinds("a -- it's\nb /* [x \" */ c /**/ d"), "word a | word b | word c | word d")
  equal(kinds("a /* never closed"), "word a")
  equal(kinds("a -- last line"), "word a")
  equal(kinds("'--' \"/*\" a"), "string '--' | quoted \"/*\" | word a")
end)

test("tokens: numbers, blobs, parameters and signs end where SQLite ends them", function()
  equal(kinds("1 1.5 .5 1e-3 0x1F x'0a' X'0B'"), "number 1 | number 1.5 | number .5 | "
    .. "number 1e-3 | number 0x1F | blob x'0a' | blob X'0B'")
  equal(kinds("?1 :a @b $c"), "parameter ?1 | parameter :a | parameter @b | parameter $c")
  equal(kinds("a->>b||c<>d-1"),
    "word a | sign ->> | word b | sign || | word c | sign <> | word d | sign - | number 1")
  equal(kinds("größe xa a$b"), "word größe | word xa | word a$b")
end)

test("tokens: a quote that is never closed is an error that names its line", function()
  raises("SQLite's text of the table ends inside a name or a text that begins in its line 2",
    function()
      tokens.read("a\nb 'c")
    end)
end)

local function reads(text)
  local list, parts = tokens.read(text), {}
  for _, name in ipairs({ "a", "note", "length", "text", "nocase", "like", "end", "from", "t" }) do
    parts[#parts + 1] = column_names.mention(list, name) and name or nil
  end
  return table.concat(parts, " ")
end

test("column_names: texts, functions, types, collations, qualifiers and words are none", function()
  equal(reads("a = 'note'"), "a")
  equal(reads("length(a) > 1 AND LENGTH (a) < 9"), "a")
  equal(reads("CAST(a AS text) <> '' AND CAST(note AS varchar(10)) = a"), "a note")
  equal(reads("a COLLATE nocase LIKE 'x' AND note > 0"), "a note")
  equal(reads("t.a IS DISTINCT FROM note"), "a note")
  equal(reads("CASE WHEN a THEN 1 ELSE 2 END = 1"), "a")
  equal(reads("a IN ('note', 'text') OR a ISNULL OR note NOT NULL"), "a note")
end)

test("column_names: a column is found however it is written and whatever it is called", function()
  equal(reads([["length" > 1 AND [Text] = `nocase`]]), "length text nocase")
  equal(reads([[like LIKE end AND "from" > 0 AND CASE WHEN end THEN like END]]), "like end from")
  equal(reads("length(length) + (-text)"), "length text")
  equal(reads("main.t.note || text"), "note text")
end)

test("column_names: in the list of an index a text alone is a name", function()
  local list = tokens.read("CREATE INDEX i ON t ('a', lower('note'), text DESC) WHERE like > 'end'")
  local found = {}
  for i, name in ipairs({ "a", "note", "text", "like", "end", "desc", "i", "lower" }) do
    found[i] = column_names.in_index(list, name, 6) and name or ""
  end
  equal(table.concat(found, " "), "a  text like    ")
end)

local RICH = [[
CREATE TABLE "order" ( -- the orders
  id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT,
  [weird, name] VARCHAR (10, 2) NOT NULL ON CONFLICT IGNORE DEFAULT ('a,)') COLLATE NOCASE,
  typeless,
  total UNSIGNED BIG INT DEFAULT -1 CHECK (total > 0 AND total < (10)), /* after */
  twice AS (total * 2) STORED UNIQUE,
  other GENERATED ALWAYS AS (total),
  `user` REFERENCES users (id) ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL
    DEFERRABLE INITIALLY DEFERRED NOT NULL,
  UNIQUE (typeless, total COLLATE NOCASE DESC) ON CONFLICT REPLACE
  CONSTRAINT "c 1" CHECK (typeless <> ')'),
  FOREIGN KEY (typeless, total) REFERENCES [other table]
) STRICT, WITHOUT ROWID]]

test("stored: columns, their types and constraints are found in a text full of traps", function()
  local parsed = stored.parse(RICH)
  local columns = {}
  for i, column in ipairs(parsed.columns) do
    local list = {}
    for n, c in ipairs(column.constraints) do
      list[n] = c.kind
    end
    columns[i] = ("%s: %s: %s."):format(column.name,
      column.type and stored.words(parsed, unpack(column.type)) or "", table.concat(list, " "))
  end
  equal(table.concat(columns, "\n"), spec.dedent([[
    id: INTEGER: primary_key.
    weird, name: VARCHAR (10, 2): not_null default collate.
    typeless: : .
    total: UNSIGNED BIG INT: default check.
    twice: : generated unique.
    other: : generated.
    user: : foreign_key not_null.]]))
  equal(parsed.name, "order")
  equal({ parsed.strict, parsed.without_rowid }, { true, true })
  equal(stored.primary_key(parsed).name, "pk")
end)

test("stored: constraints of the table are found, also without a comma between them", function()
  local parsed = stored.parse(RICH)
  local unique, check, key = unpack(parsed.constraints)
  equal({ unique.kind, table.concat(unique.columns, " ") }, { "unique", "typeless total" })
  equal({ check.kind, check.name }, { "check", "c 1" })
  equal({ key.kind, key.target, table.concat(key.columns, " ") },
    { "foreign_key", "other table", "typeless total" })
end)

test("stored: the column that is the rowid", function()
  local function rowid(text)
    local column = stored.rowid_column(stored.parse(text))
    return column and column.name or "none"
  end
  equal(rowid("CREATE TABLE t (a INTEGER PRIMARY KEY)"), "a")
  equal(rowid("CREATE TABLE t (a integer, PRIMARY KEY (a))"), "a")
  equal(rowid("CREATE TABLE t (a INT PRIMARY KEY)"), "none")
  equal(rowid("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)"), "none")
  equal(rowid("CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID"), "none")
  equal(rowid("CREATE TABLE t (a INTEGER, b, PRIMARY KEY (a, b))"), "none")
end)

test("stored: what is no table that can be changed is refused", function()
  raises("a virtual table cannot be changed", function()
    stored.parse("CREATE VIRTUAL TABLE t USING fts5(a)")
  end)
  raises("SQLite's text of the table cannot be read at its end", function()
    stored.parse("CREATE TABLE t (a")
  end)
end)

local LINES = [[
CREATE TABLE t (
  a INT, -- the a
  b TEXT NOT NULL DEFAULT 'x', /* the b */
  c REFERENCES p (id), -- the c
  CONSTRAINT k CHECK (a > 0),
  UNIQUE (b) -- the end
)]]

local function edited(change, text, ...)
  local parsed = stored.parse(text)
  return edit[change](parsed, ...)
end

local function column(text, name)
  return stored.column(stored.parse(text), name)
end

test("edit: a column goes with one comma, and every comment stays", function()
  local without_b = edited("drop_column", LINES, column(LINES, "b"))
  equal(without_b, (LINES:gsub("b TEXT NOT NULL DEFAULT 'x', ", "")))
  local last = "CREATE TABLE t (a, b -- last\n, c)"
  equal(edited("drop_column", last, column(last, "c")), "CREATE TABLE t (a, b -- last\n)")
  local tight = "CREATE TABLE t (a INT,b INT,c INT)"
  equal(edited("drop_column", tight, column(tight, "a")), "CREATE TABLE t (b INT,c INT)")
  equal(edited("drop_column", tight, column(tight, "b")), "CREATE TABLE t (a INT,c INT)")
  equal(edited("drop_column", tight, column(tight, "c")), "CREATE TABLE t (a INT,b INT)")
  local commented = "CREATE TABLE t (a, -- the a\n  b)"
  equal(edited("drop_column", commented, column(commented, "b")),
    "CREATE TABLE t (a -- the a\n  )")
end)

test("edit: a column comes after the last one, behind its comment", function()
  equal(edited("add_column", LINES, "d INT"),
    (LINES:gsub("%-%- the c\n", "-- the c\n  d INT,\n")))
  equal(edited("add_column", "CREATE TABLE t (a INT)", "b"), "CREATE TABLE t (a INT, b)")
  equal(edited("add_column", "CREATE TABLE t (a INT -- the a\n)", "b"),
    "CREATE TABLE t (a INT, -- the a\nb\n)")
  equal(edited("add_column", "CREATE TABLE t (a, -- the a\n b)", "c", { after = "a" }),
    "CREATE TABLE t (a, -- the a\nc,\n b)")
  equal(edited("add_column", LINES, "d INT", { after = "a" }),
    (LINES:gsub("%-%- the a\n", "-- the a\n  d INT,\n")))
  equal(edited("add_column", LINES, "d INT", { before = "a" }),
    (LINES:gsub("a INT", "d INT,\n  a INT", 1)))
end)

test("edit: constraints come last and go whole", function()
  equal(edited("add_constraint", LINES, "CHECK (1)"),
    (LINES:gsub("UNIQUE %(b%) %-%- the end", "UNIQUE (b), -- the end\n  CHECK (1)")))
  local parsed = stored.parse(LINES)
  equal(edit.drop_constraint(parsed, parsed.constraints[1]),
    (LINES:gsub("\n  CONSTRAINT k CHECK %(a > 0%),", "")))
  equal(edit.drop_constraint(parsed, parsed.constraints[2]),
    (LINES:gsub("%(a > 0%),\n  UNIQUE %(b%)", "(a > 0)\n ")))
  equal(edit.drop_constraint(parsed, parsed.columns[3].constraints[1]),
    (LINES:gsub(" REFERENCES p %(id%)", "")))
  local joined = stored.parse("CREATE TABLE t (a, CHECK (a) UNIQUE (a))")
  equal(edit.drop_constraint(joined, joined.constraints[1]), "CREATE TABLE t (a, UNIQUE (a))")
  equal(edit.drop_constraint(joined, joined.constraints[2]), "CREATE TABLE t (a, CHECK (a))")
end)

test("edit: a type, NOT NULL and a default change where they stand", function()
  equal(edited("set_type", LINES, column(LINES, "b"), "BLOB"), (LINES:gsub("TEXT", "BLOB")))
  equal(edited("set_type", LINES, column(LINES, "c"), "INT"), (LINES:gsub("c REF", "c INT REF")))
  local ci = "CREATE TABLE t (a TEXT COLLATE BINARY NOT NULL)"
  equal(edited("set_type", ci, column(ci, "a"), "TEXT COLLATE NOCASE"),
    "CREATE TABLE t (a TEXT COLLATE NOCASE NOT NULL)")
  equal(edited("set_nullable", LINES, column(LINES, "b"), true), (LINES:gsub(" NOT NULL", "")))
  equal(edited("set_nullable", LINES, column(LINES, "a"), false),
    (LINES:gsub("a INT", "a INT NOT NULL", 1)))
  equal(edited("set_nullable", "CREATE TABLE t (a NULL)", column("CREATE TABLE t (a NULL)", "a"),
    false), "CREATE TABLE t (a NOT NULL)")
  equal(edited("set_default", LINES, column(LINES, "b"), "'y'"), (LINES:gsub("'x'", "'y'")))
  equal(edited("set_default", LINES, column(LINES, "b"), nil), (LINES:gsub(" DEFAULT 'x'", "")))
  equal(edited("set_default", LINES, column(LINES, "a"), "1"),
    (LINES:gsub("a INT", "a INT DEFAULT 1", 1)))
end)

test("edit: a constraint is renamed, or named", function()
  local parsed = stored.parse(LINES)
  equal(edit.name_constraint(parsed, parsed.constraints[1], '"k 2"'),
    (LINES:gsub("CONSTRAINT k", 'CONSTRAINT "k 2"')))
  equal(edit.name_constraint(parsed, parsed.constraints[2], "u"),
    (LINES:gsub("UNIQUE", "CONSTRAINT u UNIQUE")))
end)

test("edit: the table's name before its columns is left out, and nothing else", function()
  equal(edit.unqualified("CHECK (t.a > \"T\" . b AND x.t = t AND 't.a' <> u.a)", "t"),
    "CHECK (a > b AND x.t = t AND 't.a' <> u.a)")
end)
