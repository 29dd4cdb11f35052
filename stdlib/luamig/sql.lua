--- The words that describe tables, values and queries: `sql` in a migration. They only make nodes
-- (node.lua); what a node is in SQL is the dialect's affair.
local arguments = require("luamig.arguments")
local expr = require("luamig.sql.expr")
local ident = require("luamig.dialect.ident")
local items = require("luamig.sql.items")
local schema_objects = require("luamig.sql.schema_objects")
local strict = require("luamig.strict")
local tables = require("luamig.sql.tables")
local types = require("luamig.sql.types")

local sql = {}

local function guarded(name, word)
  return function(...)
    if arguments.is_owner(sql, name, (...)) then
      arguments.fail_colon("sql", name)
    end
    local made = word(...)
    return made
  end
end

for _, definition in ipairs(types.list) do
  sql[definition.name] = types.words[definition.name]
end
for _, definition in ipairs(items.list) do
  sql[definition.name] = guarded(definition.name, items.words[definition.name])
end
for _, definition in ipairs(expr.list) do
  sql[definition.name] = guarded(definition.name, expr.words[definition.name])
end
for _, definition in ipairs(tables.list) do
  sql[definition.name] = guarded(definition.name, tables.words[definition.name])
end
for _, definition in ipairs(schema_objects.list) do
  sql[definition.name] = guarded(definition.name, schema_objects.words[definition.name])
end

--- See sql/expr.lua.
sql.format = guarded("format", function(...)
  local text = expr.format(ident.quote, ...)
  return text
end)

return strict.close(sql, "sql.")
