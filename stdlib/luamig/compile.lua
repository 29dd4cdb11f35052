--- From an operation to the statements of the present dialect: pure, but for what it asks `facts`.
--
-- A statement is { sql, comment?, notice?, params?, authored?, source, reverse? }. `authored`: the
-- author's own text, one statement or several, with `params`, or the pieces of a query
-- (dialect/query.lua); `notice`: something the author did
-- not ask for and should know; `source`: the operation; `reverse`: the operation that undoes it.
--
-- In place of `sql` SQLite's changes of a table have one of
--   rebuild   the statements that make a table anew, run by core.rebuild
--   rewrite   the new text of `table` in `schema`, for core.rewrite_table
--   later     a function that gives the statements, once those before it are done
-- or nothing but a notice. `check`: a function that looks at what was done.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local operation = require("luamig.operation")

local compile = {}

local function rule_for(definition, dialect)
  local own = definition.rules
  local rule = own and own[dialect.name] or not own and dialect.rules[definition.name]
  if not rule then
    core.fail(("%s: it has no implementation for %s"):format(definition.name, dialect.name),
      ('implementation_for("%s", "%s", function(o, facts) … end)'):format(
        definition.name, dialect.name))
  end
  return rule
end

--- An operation with the fields that the present dialect knows; what it cannot do is an error.
---@param o table
---@return table
function compile.own(o)
  local dialect = require("luamig.dialect." .. core.dialect())
  return common.own(dialect.words, operation.get(o.op), o)
end

--- The statements of an operation.
---@param o table
---@param facts table? the reflection of the database; nil: none is there to ask
---@return table[]
function compile.statements(o, facts)
  local definition = operation.get(o.op)
  local own = compile.own(o)
  local rule = rule_for(definition, require("luamig.dialect." .. core.dialect()))
  if definition.guard and facts then
    definition.guard(own, facts)
  end
  local statements, reverse = rule(own, facts), operation.reverse(o)
  for i, statement in ipairs(statements) do
    statement.source, statement.reverse = o, reverse
    if i == 1 and not statement.comment and not statement.authored then
      statement.comment = operation.describe(o)
    end
    if statement.rebuild then
      statement.rebuild[1].comment = statement.comment
    end
  end
  return statements
end

return compile
