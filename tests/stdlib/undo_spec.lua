--- What a backfill with undo sends: the SQL of before-images.
local core = require("luamig.core")
local spec = require("spec")

local equal, test = spec.equal, spec.test

local function part(action, columns)
  return { book = "luamig_undo", pass = 7, action = action, name = "users", key = { "id" },
    columns = columns, types = { id = { name = "bigint" }, name = { name = "text" } } }
end

-- What `words.send` gives to the work.
local function sent(words, one)
  local list = {}
  local work = {
    count = function()
      return 2
    end,
    send = function(_, block, sql, keeps)
      list[#list + 1] = { block, sql, keeps }
    end,
    keep = function(_, block, sql)
      list[#list + 1] = { block, sql, "kept" }
    end,
  }
  words.send(one, work, 1, "THE CHANGE")
  return list
end

local IMAGE = "ARRAY[CASE WHEN num_nulls(%s) = 0 THEN concat(%s) END]::text[]"

test("on PostgreSQL the change and what is kept of it are one statement", function()
  core.now.dialect = "postgresql"
  local words = require("luamig.dialect.postgresql.undo")
  local name = IMAGE:format("luamig_row.name", "luamig_row.name")
  equal(sent(words, part("change", { "name" })), { { 1, "WITH luamig_old AS MATERIALIZED (SELECT "
    .. "given.*, " .. name .. " AS luamig_before FROM users AS luamig_row JOIN unnest((SELECT "
    .. "$1::bigint[]), (SELECT $2::text[])) AS given (v1, v2) ON luamig_row.id = given.v1 FOR NO "
    .. "KEY UPDATE OF luamig_row), luamig_changed AS (UPDATE users AS changed SET name = given.v2 "
    .. "FROM luamig_old AS given WHERE changed.id = given.v1 RETURNING "
    .. IMAGE:format("changed.id", "changed.id") .. ", given.luamig_before, "
    .. words.hash("changed", { "name" }) .. ") INSERT INTO luamig_undo (pass, row_key, "
    .. "before_image, after_hash) SELECT 7, * FROM luamig_changed", true } })
end)

test("on PostgreSQL a row is removed by who has it locked", function()
  local words = require("luamig.dialect.postgresql.undo")
  local text = sent(words, part("delete", { "id", "name" }))[1][2]
  assert(text:find("JOIN unnest((SELECT $1::bigint[])) AS given (v1)", 1, true), text)
  assert(text:find("FOR UPDATE OF luamig_row", 1, true), text)
  assert(text:find("DELETE FROM users AS changed USING luamig_old AS given", 1, true), text)
end)

test("on SQLite what is kept goes before the change, with the same values", function()
  core.now.answer = function()
    return { { 40 } }
  end
  local words = require("luamig.dialect.sqlite.undo")
  local one = part("change", { "name" })
  equal(sent(words, one), {
    { 1, "INSERT INTO luamig_undo (pass, row_key, before_image) SELECT 7, luamig_pack(users.id), "
      .. "luamig_pack(users.name) FROM users WHERE users.id = ?1 AND (?2 IS NULL OR 1)", "kept" },
    { 1, "THE CHANGE" },
  })
  equal(one.mark, 40)
end)

test("on SQLite an image of many columns is put together", function()
  local words = require("luamig.dialect.sqlite.undo")
  local columns = {}
  for i = 1, 150 do
    columns[i] = "c" .. i
  end
  local text = words.image("t", columns)
  assert(text:find("^luamig_join%(luamig_pack%(t%.c1, .*t%.c100%), luamig_pack%(t%.c101, "), text)
  assert(text:find("t%.c150%)%)$"), text)
end)
