--- Operations in PostgreSQL's SQL: a rule for each, from an operation to its statements.
-- `facts` is the reflection of the database (reflect.lua), nil where --sql does not know it.
local common = require("luamig.dialect.common")
local d = require("luamig.dialect.postgresql.words")
local strict = require("luamig.strict")

d.rules = {}
local ROOMS = { "tables", "columns", "indexes", "constraints", "batch", "objects", "session" }
for _, room in ipairs(ROOMS) do
  local rules = require("luamig.dialect.postgresql." .. room)
  for _, name in ipairs(strict.sorted_keys(rules)) do
    d.rules[name] = rules[name]
  end
end
common.add_texts(d)

return d
