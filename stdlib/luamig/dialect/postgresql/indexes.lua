--- Operations on indexes, in PostgreSQL's SQL.
local core = require("luamig.core")
local d = require("luamig.dialect.postgresql.words")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")

local rules = {}

local function require_durable(o, cure)
  if o.concurrently and core.context().transactional ~= false then
    core.fail(("%s: 'concurrently' works outside a transaction only, and this version of luamig "
      .. "runs every revision in one"):format(o.op), "leave 'concurrently' out, or " .. cure)
  end
end

function rules.create_index(o)
  require_durable(o, "make the index by hand beforehand and say if_not_exists = true here instead")
  return { index.create(d, o) }
end

function rules.drop_index(o)
  require_durable(o, "drop the index by hand beforehand and say if_exists = true here instead")
  return { { sql = ("DROP INDEX %s%s%s"):format(o.concurrently and "CONCURRENTLY " or "",
    o.if_exists and "IF EXISTS " or "", ident.qualified(o.schema, o.name)) } }
end

return rules
