--- Operations on indexes, in SQLite's SQL.
local d = require("luamig.dialect.sqlite.words")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")

local rules = {}

function rules.create_index(o)
  return { index.create(d, o) }
end

function rules.drop_index(o)
  return { { sql = ("DROP INDEX %s%s"):format(o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.name)) } }
end

return rules
