--- From an operation to the statements of the present dialect: pure, but for what it asks `facts`.
--
-- A statement is { sql, comment?, notice?, params?, authored?, source, reverse? }. `authored`: the
-- author's own text, one statement or several, with `params`; `notice`: something the author did
-- not ask for and should know; `source`: the operation; `reverse`: the operation that undoes it.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local operation = require("luamig.operation")

local compile = {}

--- The statements of an operation.
---@param o table
---@param facts table? the reflection of the database; nil: none is there to ask
---@return table[]
function compile.statements(o, facts)
  local dialect = require("luamig.dialect." .. core.dialect())
  local own = common.own(dialect.words, operation.get(o.op), o)
  local statements = dialect.rules[o.op](own, facts)
  local reverse = operation.reverse(o)
  for i, statement in ipairs(statements) do
    statement.source, statement.reverse = o, reverse
    if i == 1 and not statement.comment and not statement.authored then
      statement.comment = operation.describe(o)
    end
  end
  return statements
end

return compile
