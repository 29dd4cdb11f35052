--- Performs the statements of an operation (compile.lua) by the core.
local core = require("luamig.core")

local perform = {}

-- What is planned late begins with the comment of the plan.
local function planned(statement)
  local statements = statement.later()
  local first = statements[1]
  if first then
    first.comment = first.comment or statement.comment
    if first.rebuild then
      first.rebuild[1].comment = statement.comment or first.comment
    end
  end
  return statements
end

local function perform_one(statement)
  local affected = 0
  if statement.later then
    affected = perform.statements(planned(statement))
  elseif statement.rebuild then
    core.rebuild(function()
      perform.statements(statement.rebuild)
    end)
  elseif statement.rewrite then
    core.rewrite_table(statement.schema, statement.table, statement.rewrite, statement.comment)
  elseif statement.authored then
    affected = core.execute(statement.sql, statement.params)
  elseif statement.sql then
    affected = core.emit(statement.sql, statement.comment)
  end
  return affected
end

--- Performs them in order. Returns the rows affected by the last.
---@param statements table[]
---@return integer
function perform.statements(statements)
  local affected = 0
  for _, statement in ipairs(statements) do
    if statement.notice then
      core.log("info", statement.notice)
    end
    affected = perform_one(statement)
    if statement.check then
      statement.check()
    end
  end
  return affected
end

return perform
