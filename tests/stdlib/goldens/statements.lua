--- Goldens of operations on the author's own SQL.

local USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, status TEXT)"

return {
  {
    op = "execute",
    fact = "a text is passed as written",
    before = USERS,
    call = function(op)
      op.execute("UPDATE users SET status = 'a:b%' WHERE status IS NULL")
    end,
    sqlite = "UPDATE users SET status = 'a:b%' WHERE status IS NULL;",
    postgresql = "UPDATE users SET status = 'a:b%' WHERE status IS NULL;",
  },
  {
    op = "execute",
    fact = "a text for each dialect",
    call = function(op, sql)
      op.execute({ sqlite = "SELECT sqlite_version()", postgresql = sql.raw("SELECT version()") })
      op.execute({ sqlite = "SELECT 1", postgresql = "" })
    end,
    sqlite = [[
      SELECT sqlite_version();
      SELECT 1;]],
    postgresql = "SELECT version();",
  },
  {
    op = "assert_none",
    fact = "a script aborts when a row is found",
    before = USERS,
    now = { offline = true },
    call = function(op)
      op.assert_none("SELECT id FROM users WHERE name = '' -- empty\n;\n")
    end,
    sqlite = [[
      SELECT CASE WHEN n > 0 THEN json('assert_none failed: see the query, rows: ' || n) END FROM (SELECT count(*) AS n FROM (
      SELECT id FROM users WHERE name = '' -- empty
      ) AS checked) AS counted;]],
    postgresql = [[
      SELECT CASE WHEN n > 0 THEN CAST('assert_none failed: see the query, rows: ' || n AS integer) END FROM (SELECT count(*) AS n FROM (
      SELECT id FROM users WHERE name = '' -- empty
      ) AS checked) AS counted;]],
  },
  {
    op = "assert_none",
    fact = "params and a message go along",
    before = USERS,
    now = { offline = true },
    call = function(op)
      op.assert_none("SELECT 1 FROM users", "everybody's gone")
    end,
    sqlite = [[
      SELECT CASE WHEN n > 0 THEN json('assert_none failed: everybody''s gone, rows: ' || n) END FROM (SELECT count(*) AS n FROM (
      SELECT 1 FROM users
      ) AS checked) AS counted;]],
    postgresql = [[
      SELECT CASE WHEN n > 0 THEN CAST('assert_none failed: everybody''s gone, rows: ' || n AS integer) END FROM (SELECT count(*) AS n FROM (
      SELECT 1 FROM users
      ) AS checked) AS counted;]],
  },
  {
    op = "assert_some",
    fact = "a script aborts when no row is found",
    now = { offline = true },
    call = function(op)
      op.assert_some("SELECT 1")
    end,
    sqlite = [[
      SELECT CASE WHEN n = 0 THEN json('assert_some failed: see the query, rows: ' || n) END FROM (SELECT count(*) AS n FROM (
      SELECT 1
      ) AS checked) AS counted;]],
    postgresql = [[
      SELECT CASE WHEN n = 0 THEN CAST('assert_some failed: see the query, rows: ' || n AS integer) END FROM (SELECT count(*) AS n FROM (
      SELECT 1
      ) AS checked) AS counted;]],
  },
  {
    op = "assert_some",
    fact = "a message says what it means",
    now = { offline = true },
    call = function(op)
      op.assert_some("SELECT 1", nil, "an owner")
    end,
    sqlite = [[
      SELECT CASE WHEN n = 0 THEN json('assert_some failed: an owner, rows: ' || n) END FROM (SELECT count(*) AS n FROM (
      SELECT 1
      ) AS checked) AS counted;]],
    postgresql = [[
      SELECT CASE WHEN n = 0 THEN CAST('assert_some failed: an owner, rows: ' || n AS integer) END FROM (SELECT count(*) AS n FROM (
      SELECT 1
      ) AS checked) AS counted;]],
  },
}
