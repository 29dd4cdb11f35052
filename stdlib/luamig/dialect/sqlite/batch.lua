--- batch_alter_table in SQLite: the changes of the table go together, so that it is made anew once
-- at most. Indexes that are dropped go before them, indexes that are made come after.
local change = require("luamig.dialect.sqlite.change")
local compile = require("luamig.compile")
local core = require("luamig.core")

local rules = {}

local function new_part()
  return { first = {}, changes = {}, last = {} }
end

local function has_index(part, name)
  for _, o in ipairs(part.last) do
    if o.name == name then
      return true
    end
  end
  for _, o in ipairs(part.changes) do
    if o.column and (o.column.index or o.column.unique) then
      return true
    end
  end
  return false
end

-- Whether the name of a column ends here, which an index that is made before may hold.
local function ends_name(o)
  return o.op == "drop_column" or o.op == "rename_column" or o.new_column_name ~= nil
end

-- The list of a part that an operation belongs to; nil: it begins a new part.
local function list_for(part, o)
  if change.takes(o) then
    return not (ends_name(o) and part.last[1]) and part.changes or nil
  elseif o.op == "drop_index" then
    return not has_index(part, o.name) and part.first or nil
  end
  return part.last
end

-- The operations in parts, each of them: those before the changes, the changes, those after.
local function cut(operations)
  local part = new_part()
  local parts = { part }
  for _, o in ipairs(operations) do
    local list = list_for(part, o)
    if not list then
      part = new_part()
      parts[#parts + 1] = part
      list = list_for(part, o)
    end
    list[#list + 1] = o
  end
  return parts
end

local function append(list, more)
  for _, statement in ipairs(more) do
    list[#list + 1] = statement
  end
end

local function append_operations(list, operations, facts)
  for _, o in ipairs(operations) do
    append(list, compile.statements(o, facts))
  end
end

-- What comes after another statement is planned when that is done: it looks at the table then.
local function append_changes(list, o, changes, facts)
  local function plan()
    local own = {}
    for i, one in ipairs(changes) do
      own[i] = compile.own(one)
    end
    return change.statements(o.table, o.schema, own, facts, { recreate = o.recreate })
  end
  append(list, list[1] and { { later = plan } } or plan())
end

function rules.batch_alter_table(o, facts)
  if o.recreate == "always" and not facts then
    core.fail(("batch_alter_table: --sql has no database to ask how '%s' is described"):format(
      o.table), "run it online")
  end
  local statements = {}
  for i, part in ipairs(cut(o.changes)) do
    append_operations(statements, part.first, facts)
    if part.changes[1] or (i == 1 and o.recreate == "always") then
      append_changes(statements, o, part.changes, facts)
    end
    append_operations(statements, part.last, facts)
  end
  return statements
end

return rules
