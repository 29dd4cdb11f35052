--- A project's own operations: `require("luamig.operation")` in migrations and in migrations/lib.
-- They enter the registry as luamig's own do, and belong to the migration that registers them (or
-- requires the file that does).
local arguments = require("luamig.arguments")
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local operation = require("luamig.operation")
local strict = require("luamig.strict")

local project = {}

local ENGINES = { "postgresql", "sqlite" }
local ELSEWHERE = { "refused", "skipped" }

-- The operations that came from `build`: nothing else stands for one.
local built = setmetatable({}, { __mode = "k" })

local DEFINITION = {
  name = "string",
  fields = "table",
  check = "function",
  guard = "function",
  describe = "function",
  reverse = "function",
  doc = "string",
  example = "string",
}

local FIELD = {
  name = "string",
  kind = "string",
  required = "boolean",
  option = "boolean",
  default = "any",
  aliases = "table",
  doc = "string",
  only = "string",
  elsewhere = "string",
}

local function fail(template, ...)
  core.fail("register_operation: " .. template:format(...))
end

-- A copy of the parts that are known; another one, or one of another type, is an error.
local function read_parts(what, given, parts)
  if type(given) ~= "table" or node.of(given) then
    fail("%s must be a table, got a %s", what, core.type(given))
  end
  local read = {}
  for _, key in ipairs(strict.sorted_keys(given)) do
    local value = given[key]
    if not parts[key] then
      fail("%s has no '%s'%s", what, key, strict.did_you_mean(key, strict.sorted_keys(parts)))
    elseif parts[key] ~= "any" and type(value) ~= parts[key] then
      fail("'%s' of %s must be a %s, got a %s", key, what, parts[key], core.type(value))
    end
    read[key] = value
  end
  return read
end

local function want_one_of(what, word, words)
  for _, known in ipairs(words) do
    if known == word then
      return
    end
  end
  core.fail(("%s must be one of %s, got '%s'%s"):format(
    what, table.concat(words, ", "), tostring(word), strict.did_you_mean(word, words)))
end

local function read_field(given, i)
  local field = read_parts(("field %d"):format(i), given, FIELD)
  field.name = field.name or given[1]
  if type(field.name) ~= "string" then
    fail("field %d has no name", i)
  end
  local what = ("register_operation: '%%s' of field '%s'"):format(field.name)
  want_one_of(what:format("kind"), field.kind, kinds.names())
  if field.only then
    want_one_of(what:format("only"), field.only, ENGINES)
    field.elsewhere = field.elsewhere or "refused"
    want_one_of(what:format("elsewhere"), field.elsewhere, ELSEWHERE)
  end
  return field
end

local function read_fields(given)
  local problem = kinds.list_problem(given)
  if problem then
    fail("'fields' %s", problem)
  end
  local fields, seen = {}, {}
  for i, one in ipairs(given) do
    fields[i] = read_field(one, i)
    if seen[fields[i].name] then
      fail("the field '%s' is given twice", fields[i].name)
    end
    seen[fields[i].name] = true
  end
  return fields
end

-- The way back that an author's function gives: an operation, or nil.
local function checked_reverse(name, reverse)
  return reverse and function(o)
    local back = reverse(o)
    if back ~= nil and not built[back] then
      core.fail(("%s: 'reverse' must give operation.build(…) or nil"):format(name))
    end
    return back
  end
end

local function check_name(name)
  if not name then
    fail("the definition has no name")
  elseif not name:find("^[a-z_][a-z0-9_]*$") then
    fail("'%s' is no name for an operation: lower case, digits and _", name)
  elseif operation.get(name) then
    fail("there is an operation '%s' already", name)
  end
end

--- Adds an operation, { name, fields?, check?, guard?, describe?, reverse?, doc?, example? }, each
-- as in the registry (operation.lua). `op` has it from now on.
---@param definition table
function project.register_operation(definition)
  local read = read_parts("the definition", definition, DEFINITION)
  check_name(read.name)
  read.fields = read_fields(read.fields or {})
  read.reverse = checked_reverse(read.name, read.reverse)
  read.describe = read.describe or function()
    return (read.name:gsub("_", " "))
  end
  read.rules = {}
  operation.add_own(arguments.define(read))
end

local function statement_of(what, given, facts)
  if type(given) == "string" or node.of(given) == "raw" then
    return { { sql = given.text or given, authored = true } }
  elseif built[given] then
    local statements = require("luamig.compile").statements(given, facts)
    return statements
  elseif type(given) == "table" and type(given.sql) == "string" then
    return { { sql = given.sql, params = given.params, authored = true } }
  end
  core.fail(what .. " is no SQL text, no { sql = …, params = … } and no operation.build(…)")
end

local function is_list(given)
  return type(given) == "table" and not node.of(given) and not built[given] and given.sql == nil
end

-- What an implementation gave, as statements.
local function read_statements(name, dialect, given, facts)
  local statements = {}
  local list = is_list(given) and given or { given }
  for i, one in ipairs(list) do
    local what = ("%s: item %d of its implementation for %s"):format(name, i, dialect)
    for _, statement in ipairs(statement_of(what, one, facts)) do
      statements[#statements + 1] = statement
    end
  end
  return statements
end

local function facts_view(facts)
  return facts and setmetatable({}, {
    __index = facts,
    __newindex = function()
      core.fail("facts are read-only")
    end,
    __metatable = false,
  })
end

--- Says what an operation is in a dialect: `implement(o, facts)` gives an SQL text, a table
-- { sql, params }, an operation of `build`, or a list of these; an empty list does nothing. `facts`
-- asks the database (has_table, has_column, columns, …), and is nil where that is not known.
---@param name string
---@param dialect "sqlite"|"postgresql"
---@param implement fun(o: table, facts: table?): any
function project.implementation_for(name, dialect, implement)
  local definition = type(name) == "string" and operation.get(name)
  if not definition then
    core.fail(("implementation_for: there is no operation '%s'%s"):format(
      tostring(name), strict.did_you_mean(name, operation.names())))
  elseif not definition.rules then
    core.fail(("implementation_for: '%s' is luamig's own"):format(name),
      "register an operation of another name")
  end
  want_one_of("implementation_for: 'dialect'", dialect, ENGINES)
  if type(implement) ~= "function" then
    core.fail(("implementation_for: the third argument must be a function, got a %s"):format(
      core.type(implement)))
  end
  definition.rules[dialect] = function(o, facts)
    local given = implement(o, facts_view(facts))
    local statements = read_statements(name, dialect, given, facts)
    return statements
  end
end

--- An operation that is made and not performed: build("drop_table", "users") is what
-- op.drop_table("users") would do.
---@param name string
---@param ... any
---@return table
function project.build(name, ...)
  if type(name) ~= "string" or not operation.get(name) then
    core.fail(("operation.build: there is no operation '%s'%s"):format(
      tostring(name), strict.did_you_mean(name, operation.names())))
  elseif operation.get(name).call then
    core.fail(("operation.build: '%s' is a call, and nothing that could be done later"):format(
      name))
  end
  local o = operation.build(name, select("#", ...), { ... })
  built[o] = true
  return o
end

return strict.close(project, "operation.")
