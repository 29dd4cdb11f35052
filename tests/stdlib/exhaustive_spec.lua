--- Operations × dialects: nothing is declared by halves.
local core = require("luamig.core")
local goldens = require("goldens")
local kinds = require("luamig.kinds")
local operation = require("luamig.operation")
local schema = require("luamig.schema")
local spec = require("spec")
local types = require("luamig.sql.types")
local items = require("luamig.sql.items")
local expr = require("luamig.sql.expr")
local condition = require("luamig.sql.condition")
local query = require("luamig.sql.query")
local tables = require("luamig.sql.tables")

local DIALECTS = { "postgresql", "sqlite" }

local function has_statements(definition, dialect)
  return (not definition.call or definition.offline)
    and (not definition.only or definition.only == dialect)
end

local function count_goldens(name, dialect)
  local count = 0
  for _, golden in ipairs(goldens) do
    if golden.op == name and (golden[dialect] or golden[dialect .. "_error"]) then
      count = count + 1
    end
  end
  return count
end

for _, dialect in ipairs(DIALECTS) do
  local parts = require("luamig.dialect." .. dialect)

  spec.test(dialect .. " has a rule for every operation, and no other rule", function()
    for _, definition in ipairs(operation.list()) do
      if has_statements(definition, dialect) and not parts.rules[definition.name] then
        error(("%s has no rule for '%s'"):format(dialect, definition.name))
      end
    end
    for name in pairs(parts.rules) do
      assert(operation.get(name), ("%s has a rule for '%s', which is no operation"):format(
        dialect, name))
    end
  end)

  spec.test(dialect .. " has two goldens or more for every operation", function()
    for _, definition in ipairs(operation.list()) do
      local count = count_goldens(definition.name, dialect)
      if has_statements(definition, dialect) and count < 2 then
        error(("'%s' has %d goldens for %s"):format(definition.name, count, dialect))
      end
    end
  end)

  spec.test(dialect .. " names every type", function()
    core.now.dialect = dialect
    for _, definition in ipairs(types.list) do
      if definition.name ~= "array" or dialect == "postgresql" then
        local of = { node = "type", name = "text" }
        local name = parts.types.name({ node = "type", name = definition.name, type_name = "e",
          values = { "a" }, of = of })
        assert(type(name) == "string" and name ~= "", definition.name)
      end
    end
  end)

  spec.test(dialect .. " reflects what the other dialect reflects", function()
    local own = require("luamig.dialect." .. dialect .. ".reflect")
    for _, other in ipairs(DIALECTS) do
      for name in pairs(require("luamig.dialect." .. other .. ".reflect")) do
        assert(own[name], ("%s does not reflect '%s'"):format(dialect, name))
      end
    end
  end)
end

local function check_declaration(definition)
  assert(type(definition.doc) == "string" and definition.doc:find("%.$"),
    definition.name .. " has no documentation that ends in a full stop")
  for _, field in ipairs(definition.fields) do
    local where = ("%s.%s"):format(definition.name, field.name)
    assert(kinds.get(field.kind), where .. " is of no known kind")
    assert(type(field.doc) == "string" and #field.doc > 5, where .. " has no documentation")
    assert(field.option or field.required or field.default == nil or field.default,
      where .. " has a default of false")
    assert((field.only == nil) == (field.elsewhere == nil), where .. " names an engine by halves")
    assert(field.elsewhere == nil or field.elsewhere == "skipped" or field.elsewhere == "refused",
      where .. " is neither skipped nor refused elsewhere")
  end
end

local lists = {
  operation.list(), schema.list, types.list, items.list, expr.list, tables.list, tables.methods,
  condition.list, condition.field_list,
}
for _, verb in ipairs({ "delete", "insert", "select", "update" }) do
  lists[#lists + 1] = query.lists[verb]
end
for _, list in ipairs(lists) do
  for _, definition in ipairs(list) do
    spec.test(("%s is documented, and each of its fields is"):format(definition.label), function()
      check_declaration(definition)
    end)
  end
end

-- What examples name of their tables.
local COLUMNS = { { name = "id", type = "bigint", not_null = true, place = 1 } }
for _, name in ipairs({ "name", "first_name", "last_name", "tags", "n", "square" }) do
  COLUMNS[#COLUMNS + 1] = { name = name, type = "text" }
end

for _, definition in ipairs(operation.list()) do
  spec.test(("the example of %s is a call of it that runs"):format(definition.name), function()
    assert(definition.example, "there is none")
    spec.contains(definition.example, "op." .. definition.name)
    core.now.answer = function(text)
      if text:find("format_type", 1, true) then
        return COLUMNS
      elseif text:find("count(*) FROM batch", 1, true) then
        return { { 0 } }
      end
      local found = text:find("owner") or text:find("relkind IN ('r', 'p'", 1, true)
      return found and { { id = 1 } } or {}
    end
    core.now.dialect = definition.only or "postgresql"
    core.now.durable = definition.name == "autocommit_block"
    local database = setmetatable({ dialect = core.now.dialect }, {
      __index = function(_, method)
        return function()
          return method == "rows" and function() end or 3
        end
      end,
    })
    package.loaded["luamig.connection"] = { view = function() return database end }
    local environment = { op = require("luamig.op"), sql = require("luamig.sql"), db = database }
    if definition.name == "alter_column" then
      spec.contains(definition.example, "new_column_name")
    end
    setfenv(assert(loadstring(definition.example)), environment)()
    package.loaded["luamig.connection"] = nil
  end)
end
