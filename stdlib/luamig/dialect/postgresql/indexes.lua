--- Operations on indexes, in PostgreSQL's SQL.
local concurrently = require("luamig.dialect.postgresql.concurrently")
local core = require("luamig.core")
local d = require("luamig.dialect.postgresql.words")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")

local rules = {}

local function require_durable(o)
  if o.concurrently and core.context().transactional ~= false then
    core.fail(("%s: 'concurrently' works outside a transaction only"):format(o.op),
      "say transactional = false in the header: the revision is then committed step by step; or "
      .. "leave 'concurrently' out")
  end
end

function rules.create_index(o, facts)
  require_durable(o)
  local create = index.create(d, o)
  return o.concurrently and concurrently.create(o, create, facts) or { create }
end

function rules.drop_index(o, facts)
  require_durable(o)
  local drop = { sql = ("DROP INDEX %s%s%s"):format(o.concurrently and "CONCURRENTLY " or "",
    o.if_exists and "IF EXISTS " or "", ident.qualified(o.schema, o.name)) }
  return o.concurrently and concurrently.drop(o, drop, facts) or { drop }
end

return rules
