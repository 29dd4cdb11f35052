local kept = sql.table("kept", { "id", "word", "n", "d", "e", "bytes", "ok", "doc", "moment" })

local WORDS = {
  "it's", "", "a\\b\\'c", "line\nline\r\n\ttab", "$1 :x ? %s -- /* */ $$ $q$", ";COMMIT;--",
  "E'\\x41'", "日本 🙂 \226\128\168", ("x'"):rep(50000), "\\", "'", "\\'", null,
}
local NUMBERS = {
  exact("9223372036854775807"), exact("-9223372036854775808"), exact("9007199254740993"), 0, -1, null,
}
local DOUBLES = { 0.1, 1 / 0, -1 / 0, 1e308, 5e-324, -0.5, 2.5e-300, null }
-- SQLite has no decimals and takes those that it can give back.
local EXACTS = { exact("0.50"), exact("-0.25"), exact("1e10"), exact("7"), null }

local function all_bytes()
  local bytes = {}
  for i = 0, 255 do
    bytes[i + 1] = string.char(i)
  end
  return blob(table.concat(bytes))
end

function upgrade()
  op.create_table("kept", function(t)
    t:integer("id", { primary_key = true })
    t:text("word")
    t:bigint("n")
    t:double("d")
    t:numeric("e", 40, 10)
    t:binary("bytes")
    t:boolean("ok")
    t:json("doc")
    t:timestamptz("moment")
  end)
  for i, word in ipairs(WORDS) do
    op.execute(kept:insert():values({ id = i, word = word, n = coalesce(NUMBERS[i], null),
      d = coalesce(DOUBLES[i], null), e = coalesce(EXACTS[i], null), bytes = blob(""),
      ok = i % 2 == 0, doc = '{"it\'s": ["\\\\", 1.50]}', moment = "2026-01-02 03:04:05.123456+02" }))
    db:execute("UPDATE kept SET n = n-$1 WHERE id = $2 AND n = $3", { -1, i, 0 })
  end
  op.execute(kept:insert():values({ id = 100, bytes = all_bytes() }))
  if db.dialect == "postgresql" then
    op.execute("CREATE TABLE lists (words text[], numbers bigint[])")
    db:execute("INSERT INTO lists VALUES ($1, $2)",
      { array({ "it's", "", "\\", '"', "NULL", null, "{a,b}" }), array({ 1, -2, null }) })
    db:execute("UPDATE kept SET d = $1, e = $2 WHERE id = 100", { 0 / 0, exact("NaN") })
    db:execute("UPDATE kept SET e = $1 WHERE id = 1", { exact("-12345678901234567890.5") })
  else
    db:execute("UPDATE kept SET word = $1 WHERE id = 100", { "a\0b" })
  end
end

function downgrade()
  if db.dialect == "postgresql" then
    op.drop_table("lists")
  end
  op.drop_table("kept")
end
