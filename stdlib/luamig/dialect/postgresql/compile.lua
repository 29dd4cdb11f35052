--- Operations in PostgreSQL's SQL: one rule for each, from an operation to its statements.
local column = require("luamig.dialect.column")
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")
local node = require("luamig.node")
local strict = require("luamig.strict")
local types = require("luamig.dialect.postgresql.types")
local whole = require("luamig.dialect.table")

local d = { name = "postgresql", title = "PostgreSQL", now = "now()", name_limit = 63 }

function d.column_type(c)
  return types.name(c.type)
end

local function sequence_options(identity)
  local parts = {}
  for _, option in ipairs({ { "START WITH", "start" }, { "INCREMENT BY", "increment" } }) do
    if identity[option[2]] then
      parts[#parts + 1] = ("%s %d"):format(option[1], identity[option[2]])
    end
  end
  return #parts > 0 and (" (%s)"):format(table.concat(parts, " ")) or ""
end

function d.identity(c, at)
  if not at.numbered and not c.identity and not c.autoincrement then
    return nil
  end
  local identity = c.identity or {}
  local when = identity.always and "ALWAYS" or "BY DEFAULT"
  return ("GENERATED %s AS IDENTITY%s"):format(when, sequence_options(identity))
end

function d.key_suffix()
  return nil
end

function d.column_check()
  return nil
end

function d.stored()
  return "STORED"
end

function d.default(value)
  return common.expression(d, value)
end

function d.index_place(i)
  return ident.quote(i.name), ident.qualified(i.schema, i.table)
end

local function comment_on(what, text)
  local literal = core.is_null(text) and "NULL" or core.quote(text)
  return { sql = ("COMMENT ON %s IS %s"):format(what, literal) }
end

local function comment_on_column(o, name, text)
  return comment_on(("COLUMN %s.%s"):format(
    ident.qualified(o.schema, o.table or o.name), ident.quote(name)), text)
end

function d.comments(o)
  local statements = {}
  if o.comment then
    statements[1] = comment_on("TABLE " .. ident.qualified(o.schema, o.name), o.comment)
  end
  for _, item in ipairs(o.items) do
    if node.of(item) == "column" and item.comment then
      statements[#statements + 1] = comment_on_column(o, item.name, item.comment)
    end
  end
  return statements
end

local rules = {}
d.rules = rules

local function alter(o, name, template, ...)
  local exists = o.if_exists and "IF EXISTS " or ""
  return { sql = ("ALTER TABLE %s%s %s"):format(exists, ident.qualified(o.schema, name),
    template:format(...)) }
end

local function storage(with)
  local parts = {}
  for _, name in ipairs(strict.sorted_keys(with)) do
    parts[#parts + 1] = ("%s = %s"):format(name, tostring(with[name]))
  end
  return ("WITH (%s)"):format(table.concat(parts, ", "))
end

function rules.create_table(o)
  local tail = {}
  if o.partition_by then
    tail[#tail + 1] = "PARTITION BY " .. common.expression(d, o.partition_by)
  end
  if o.with then
    tail[#tail + 1] = storage(o.with)
  end
  return whole.create(d, o, o.unlogged and { "UNLOGGED" } or {}, tail)
end

function rules.drop_table(o)
  return { { sql = ("DROP TABLE %s%s%s"):format(o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.name), o.cascade and " CASCADE" or "") } }
end

function rules.rename_table(o)
  return { alter(o, o.old, "RENAME TO %s", common.new_name(d, o.new)) }
end

function rules.add_column(o)
  local c = o.column
  local statements = { alter(o, o.table, "ADD COLUMN %s%s",
    o.if_not_exists and "IF NOT EXISTS " or "", column.text(d, c, whole.place_of_added(c))) }
  if c.index then
    local i = index.of_column(o.table, o.schema, c.name)
    i.if_not_exists = o.if_not_exists
    statements[#statements + 1] = index.create(d, i)
  end
  if c.comment then
    statements[#statements + 1] = comment_on_column(o, c.name, c.comment)
  end
  return statements
end

function rules.drop_column(o)
  return { { sql = ("ALTER TABLE %s DROP COLUMN %s%s%s"):format(
    ident.qualified(o.schema, o.table), o.if_exists and "IF EXISTS " or "",
    ident.quote(o.name), o.cascade and " CASCADE" or "") } }
end

function rules.rename_column(o, facts)
  if common.is_absent(d, o, facts, o.old) then
    return {}
  end
  return { { sql = ("ALTER TABLE %s RENAME COLUMN %s TO %s"):format(
    ident.qualified(o.schema, o.table), ident.quote(o.old), common.new_name(d, o.new)) } }
end

-- A default may not survive a change of type, so it is taken away first.
local function column_actions(o)
  local actions = {}
  local drops = o.server_default ~= nil and (o.type or core.is_null(o.server_default))
  if drops then
    actions[#actions + 1] = "DROP DEFAULT"
  end
  if o.type then
    local using = o.using and " USING " .. common.expression(d, o.using) or ""
    actions[#actions + 1] = ("TYPE %s%s"):format(types.name(o.type), using)
  end
  if o.server_default ~= nil and not core.is_null(o.server_default) then
    actions[#actions + 1] = "SET DEFAULT " .. d.default(o.server_default)
  end
  if o.nullable ~= nil then
    actions[#actions + 1] = o.nullable and "DROP NOT NULL" or "SET NOT NULL"
  end
  return actions
end

function rules.alter_column(o)
  local statements, actions = {}, column_actions(o)
  for i, action in ipairs(actions) do
    actions[i] = ("ALTER COLUMN %s %s"):format(ident.quote(o.name), action)
  end
  if #actions > 0 then
    statements[1] = { sql = ("ALTER TABLE %s %s"):format(
      ident.qualified(o.schema, o.table), table.concat(actions, ", ")) }
  end
  if o.comment ~= nil then
    statements[#statements + 1] = comment_on_column(o, o.name, o.comment)
  end
  if o.new_column_name then
    statements[#statements + 1] = { sql = ("ALTER TABLE %s RENAME COLUMN %s TO %s"):format(
      ident.qualified(o.schema, o.table), ident.quote(o.name),
      common.new_name(d, o.new_column_name)) }
  end
  return statements
end

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

-- The text that fails to become a number hangs on the count, so that no planner makes it early.
function d.abort(text)
  return ("CAST(%s || n AS integer)"):format(text)
end

common.add_texts(d)

return d
