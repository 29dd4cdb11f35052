--- Reflection of SQLite, in a database of its own; PostgreSQL's catalogs are read in tests/cases.
local reflect = require("luamig.reflect")
local spec = require("spec")
local sqlite = require("sqlite")

local equal, test = spec.equal, spec.test

local function with(text, body)
  local database = sqlite.attach(text)
  local ok, problem = pcall(body)
  database:close()
  if not ok then
    error(problem, 0)
  end
end

local SCHEMA = [[
  CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email VARCHAR(255) NOT NULL UNIQUE,
    name TEXT DEFAULT 'it''s',
    upper_name TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL
  );
  CREATE TABLE orders (a INTEGER, b TEXT, user_id INTEGER REFERENCES users, PRIMARY KEY (b, a));
  CREATE TABLE luamig_version (version_num TEXT PRIMARY KEY);
  CREATE TABLE luamigrants (n INTEGER);
  CREATE VIEW seen AS SELECT 1;
  CREATE INDEX ix_users_name ON users (name, lower(email)) WHERE name IS NOT NULL;]]

test("tables are sorted, without views and the books", function()
  with(SCHEMA, function()
    equal(reflect.tables(), { "luamigrants", "orders", "users" })
    equal(reflect.has_table("Users"), true)
    equal(reflect.has_table("seen"), false)
  end)
end)

test("columns stand in their order, with type, NULL, default and key", function()
  with(SCHEMA, function()
    equal(reflect.columns("users"), {
      { name = "id", type = "INTEGER", nullable = false, primary_key = 1 },
      { name = "email", type = "VARCHAR(255)", nullable = false },
      { name = "name", type = "TEXT", nullable = true, default = "'it''s'" },
      { name = "upper_name", type = "TEXT", nullable = true },
    })
    equal(reflect.columns("orders")[1].primary_key, 2)
    equal(reflect.columns("none"), {})
    equal(reflect.has_column("users", "upper_name"), true)
    equal(reflect.has_column("users", "nick"), false)
  end)
end)

test("indexes say which of them are constraints, and leave the primary key out", function()
  with(SCHEMA, function()
    equal(reflect.indexes("users"), {
      { name = "ix_users_name", unique = false, columns = { "name", "" } },
      {
        name = "sqlite_autoindex_users_1",
        unique = true,
        columns = { "email" },
        constraint = "UNIQUE",
      },
    })
    equal(reflect.indexes("orders"), {})
  end)
end)

test("references without a column mean the primary key", function()
  with(SCHEMA, function()
    local wanted = { { table = "orders", column = "user_id", references = "id" } }
    equal(reflect.references_to("users"), wanted)
    equal(reflect.references_to("users.id"), wanted)
    equal(reflect.references_to("users.email"), {})
  end)
end)

test("rows are found, strict tables too", function()
  with(SCHEMA .. "INSERT INTO orders VALUES (1, 'x', NULL); CREATE TABLE s (a INT) STRICT;",
    function()
      equal(reflect.is_empty("users"), true)
      equal(reflect.is_empty("orders"), false)
      equal(reflect.is_strict("s"), true)
      equal(reflect.is_strict("users"), false)
    end)
end)
