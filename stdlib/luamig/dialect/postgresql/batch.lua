--- batch_alter_table in PostgreSQL's SQL: the actions of one table go together in one ALTER TABLE.
--
-- Within one ALTER TABLE the server takes the actions in an order of its own (what is dropped
-- first, indexes last), so an action that names a column or a constraint of an earlier one begins
-- a new statement, and so does one whose names are not known.
local rules = {}

local function shares(names, seen)
  for _, name in ipairs(names) do
    if seen[name] then
      return true
    end
  end
  return false
end

local function note(names, seen)
  for _, name in ipairs(names) do
    seen[name] = true
  end
end

local function joined(last, statement)
  local actions = last.action .. ", " .. statement.action
  return {
    sql = ("ALTER TABLE %s %s"):format(last.target, actions),
    comment = last.comment .. ", " .. statement.comment,
    target = last.target,
    action = actions,
    names = last.names,
  }
end

local function can_join(last, statement)
  return last and last.names and statement.names and last.target == statement.target
end

--- The statements with those put together that can be. Each has its comment.
---@param statements table[]
---@return table[]
local function join(statements)
  local list, seen = {}, {}
  for _, statement in ipairs(statements) do
    local last = list[#list]
    if can_join(last, statement) and not shares(statement.names, seen) then
      list[#list] = joined(last, statement)
    else
      seen = {}
      list[#list + 1] = statement
    end
    note(statement.names or {}, seen)
  end
  return list
end

-- The reflection of a table whose columns have got other names in the batch. `names`: from these to
-- those that the catalogs have until the batch is done.
local function facts_by(names, facts)
  return facts and setmetatable({ name_in_catalogs = function(name)
    return names[name] or name
  end }, { __index = facts })
end

local function note_rename(change, names)
  local old, new = change.old, change.new
  if change.op == "alter_column" then
    old, new = change.name, change.new_column_name
  elseif change.op ~= "rename_column" then
    return
  end
  if new then
    names[new] = names[old] or old
  end
end

function rules.batch_alter_table(o, facts)
  local compile = require("luamig.compile")
  local statements, names = {}, {}
  facts = facts_by(names, facts)
  for _, change in ipairs(o.changes) do
    note_rename(change, names)
    for _, statement in ipairs(compile.statements(change, facts)) do
      statements[#statements + 1] = statement
    end
  end
  return join(statements)
end

return rules
