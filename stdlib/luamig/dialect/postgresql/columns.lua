--- Operations on columns, in PostgreSQL's SQL.
local collation = require("luamig.dialect.postgresql.collation")
local column = require("luamig.dialect.column")
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.postgresql.words")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")
local types = require("luamig.dialect.postgresql.types")
local whole = require("luamig.dialect.table")

local rules = {}

function rules.add_column(o)
  local c = o.column
  local exists = o.if_not_exists and "IF NOT EXISTS " or ""
  local text = column.text(d, c, whole.place_of_added(c))
  -- What an expression reads is not known, so such a column is added by itself.
  local names = not c.computed and not c.check and { c.name } or nil
  local statements = { d.alter(o, o.table, "ADD COLUMN " .. exists .. text, names) }
  if c.index then
    local i = index.of_column(o.table, o.schema, c.name)
    i.if_not_exists = o.if_not_exists
    statements[#statements + 1] = index.create(d, i)
  end
  if c.comment then
    statements[#statements + 1] = d.comment_on_column(o, c.name, c.comment)
  end
  return statements
end

function rules.drop_column(o)
  return { d.alter(o, o.table, ("DROP COLUMN %s%s%s"):format(o.if_exists and "IF EXISTS " or "",
    ident.quote(o.name), o.cascade and " CASCADE" or ""), { o.name }) }
end

local function rename(o, old, new)
  return d.alter(o, o.table, ("RENAME COLUMN %s TO %s"):format(
    ident.quote(old), common.new_name(d, new)))
end

function rules.rename_column(o, facts)
  if common.is_absent(d, o, facts, o.old) then
    return {}
  end
  return { rename(o, o.old, o.new) }
end

-- A default may not survive a change of type, so it is taken away first.
local function column_actions(o, facts)
  local actions = {}
  local drops = o.server_default ~= nil and (o.type or core.is_null(o.server_default))
  if drops then
    actions[#actions + 1] = "DROP DEFAULT"
  end
  if o.type then
    local using = o.using and " USING " .. common.expression(d, o.using) or ""
    local name = types.name(o.type)
    actions[#actions + 1] = ("TYPE %s%s%s"):format(name,
      facts and collation.kept(o, name, facts) or "", using)
  end
  if o.server_default ~= nil and not core.is_null(o.server_default) then
    actions[#actions + 1] = "SET DEFAULT " .. d.default(o.server_default)
  end
  if o.nullable ~= nil then
    actions[#actions + 1] = o.nullable and "DROP NOT NULL" or "SET NOT NULL"
  end
  return actions
end

function rules.alter_column(o, facts)
  local statements, actions = {}, column_actions(o, facts)
  for i, action in ipairs(actions) do
    actions[i] = ("ALTER COLUMN %s %s"):format(ident.quote(o.name), action)
  end
  if #actions > 0 then
    local names = not o.using and { o.name } or nil
    statements[1] = d.alter(o, o.table, table.concat(actions, ", "), names)
  end
  if o.comment ~= nil then
    statements[#statements + 1] = d.comment_on_column(o, o.name, o.comment)
  end
  if o.new_column_name then
    statements[#statements + 1] = rename(o, o.name, o.new_column_name)
  end
  return statements
end

return rules
