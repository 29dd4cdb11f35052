--- Operations on whole tables, in PostgreSQL's SQL.
local common = require("luamig.dialect.common")
local d = require("luamig.dialect.postgresql.words")
local ident = require("luamig.dialect.ident")
local whole = require("luamig.dialect.table")

local rules = {}

function rules.create_table(o)
  local tail = {}
  if o.partition_by then
    tail[#tail + 1] = "PARTITION BY " .. common.expression(d, o.partition_by)
  end
  if o.with then
    tail[#tail + 1] = d.parameters(o.with)
  end
  return whole.create(d, o, o.unlogged and { "UNLOGGED" } or {}, tail)
end

function rules.create_partition(o)
  common.new_name(d, o.name)
  local values = common.expression(d, o.values)
  if values:upper() ~= "DEFAULT" then
    values = "FOR VALUES " .. values
  end
  return { { sql = ("CREATE TABLE %s%s PARTITION OF %s %s%s"):format(
    o.if_not_exists and "IF NOT EXISTS " or "", ident.qualified(o.schema, o.name),
    ident.qualified(o.table_schema, o.table), values,
    o.partition_by and " PARTITION BY " .. common.expression(d, o.partition_by) or "") } }
end

function rules.drop_table(o)
  return { { sql = ("DROP TABLE %s%s%s"):format(o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.name), o.cascade and " CASCADE" or "") } }
end

function rules.rename_table(o)
  return { { sql = ("ALTER TABLE %s%s RENAME TO %s"):format(o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.old), common.new_name(d, o.new)) } }
end

-- What it changes are SQLite's own properties.
function rules.alter_table()
  return {}
end

return rules
