--- Conditions and columns of a query: users.c.status:eq("gone"):or_(users.c.status:is_null()).
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local object = require("luamig.sql.object")

local condition = {}

local EXPRESSIONS = { raw = true, now = true, literal = true, field = true, query = true }

local NO_VALUE = {
  table = "is a table, which is no value",
  ["function"] = "is a function, which is no value",
  userdata = "is an object, which is no value",
  thread = "is a coroutine, which is no value",
}

--- What is wrong with a value that a query shall bind, or nil.
---@param value any
---@return string? problem
---@return string? hint
function condition.value_problem(value)
  local kind = node.of(value)
  if value == nil then
    return "is nil", "write null for SQL's NULL"
  elseif kind and not EXPRESSIONS[kind] then
    return ("is sql.%s, which is no value"):format(kind)
  end
  local wrong = not kind and NO_VALUE[core.type(value)]
  if wrong then
    return wrong, core.type(value) == "table" and "a list of the database is array{…}" or nil
  end
  return nil
end

local function value_of(self, name, read)
  local problem, hint = condition.value_problem(read.value)
  if problem then
    core.fail(("%s.c.%s:%s: the value %s"):format(self.table.name, self.name, name, problem), hint)
  end
  return read.value
end

local classes = {}

local function new(said)
  local made = object.new(classes.condition, "condition", { said = said })
  return made
end

local VALUE = { "value", kind = "any", doc = "A value, a column, or sql.raw(…)." }

-- = and <> know NULL; what orders does not.
local function comparison(name, operator, doc, null_operator)
  return {
    name = name,
    fields = { VALUE },
    doc = doc,
    returns = "luamig.condition",
    act = function(self, read)
      local value = value_of(self, name, read)
      if not core.is_null(value) then
        return new({ form = "compare", left = self, operator = operator, right = value })
      elseif not null_operator then
        core.fail(("%s.c.%s:%s(null) is never true"):format(self.table.name, self.name, name))
      end
      return new({ form = "null", left = self, operator = null_operator })
    end,
  }
end

kinds.add("choices", {
  takes = "table node",
  what = "a list of values, or a select",
  lua = "any[]|luamig.query",
  read = function(value)
    local name = node.of(value)
    if name and not (name == "query" and value.said.verb == "select") then
      return nil, "must be a list of values, or a select"
    elseif name then
      return value
    end
    local problem = kinds.list_problem(value)
    for i, item in ipairs(problem and {} or value) do
      problem = problem or condition.value_problem(item) and ("item %d is no value"):format(i)
        or core.is_null(item) and ("item %d is null, which equals nothing"):format(i)
    end
    return not problem and value or nil, problem
  end,
})

local function order(descending)
  return function(self)
    return node.new("order", { field = self, descending = descending })
  end
end

--- The methods of a column of a table.
condition.field_list = {
  comparison("eq", "=", "Equal; eq(null): IS NULL.", "IS NULL"),
  comparison("ne", "<>", "Not equal; ne(null): IS NOT NULL.", "IS NOT NULL"),
  comparison("lt", "<", "Less than."),
  comparison("le", "<=", "Less than or equal."),
  comparison("gt", ">", "Greater than."),
  comparison("ge", ">=", "Greater than or equal."),
  comparison("like", "LIKE", "Matches a pattern with % and _."),
  {
    name = "in_",
    fields = {
      { "values", kind = "choices", required = true, doc = "A list (empty: no row), or a select." },
    },
    doc = "Is one of these.",
    returns = "luamig.condition",
    act = function(self, read)
      return new({ form = "in", left = self, choices = read.values })
    end,
  },
  {
    name = "is_null",
    fields = {},
    doc = "IS NULL.",
    returns = "luamig.condition",
    act = function(self)
      return new({ form = "null", left = self, operator = "IS NULL" })
    end,
  },
  { name = "asc", fields = {}, doc = "For order_by.", returns = "table", act = order(false) },
  {
    name = "desc",
    fields = {},
    doc = "For order_by: the greatest first.",
    returns = "table",
    act = order(true),
  },
}

kinds.add("condition", {
  takes = "string node boolean",
  what = "a condition or an SQL text",
  lua = "string|luamig.condition|luamig.expression",
  read = function(value)
    local name = node.of(value)
    if name == "condition" then
      return value
    elseif type(value) == "boolean" then
      return nil, 'is true or false: == is Lua\'s own; write users.c.id:eq(7)'
    elseif name and name ~= "raw" then
      return nil, ("must be a condition or an SQL text, got sql.%s"):format(name)
    end
    local text = name and value.text or value
    if text:find("^%s*$") then
      return nil, "must not be empty"
    end
    return new({ form = "text", text = text })
  end,
})

--- The condition that a text with its parameters is.
---@param read { condition: table, params: table? }
---@return table
function condition.with_params(read)
  local given = read.condition
  if read.params == nil then
    return given
  elseif given.said.form ~= "text" then
    core.fail("where: a condition of columns has its values already", "leave the parameters out")
  end
  return new({ form = "text", text = given.said.text, params = read.params })
end

--- All of these, or any of them.
---@param form "and"|"or"
---@param parts table[]
---@return table
function condition.join(form, parts)
  local flat = {}
  for _, part in ipairs(parts) do
    for _, one in ipairs(part.said.form == form and part.said.parts or { part }) do
      flat[#flat + 1] = one
    end
  end
  if #flat == 1 then
    return flat[1]
  end
  local made = new({ form = form, parts = flat })
  return made
end

--- What where, and_ and or_ take.
condition.fields = {
  { "condition", kind = "condition", required = true, doc = "A condition or an SQL text." },
  { "params", kind = "params", doc = "Values for :name or $1 in the text." },
}

local function joined(form)
  return function(self, read)
    return condition.join(form, { self, condition.with_params(read) })
  end
end

local function negated(part)
  return new({ form = "not", part = part })
end

--- The methods of a condition.
condition.list = {
  {
    name = "and_",
    fields = condition.fields,
    doc = "Both.",
    returns = "luamig.condition",
    act = joined("and"),
  },
  {
    name = "or_",
    fields = condition.fields,
    doc = "One of both.",
    returns = "luamig.condition",
    act = joined("or"),
  },
  {
    name = "not_",
    fields = {},
    doc = "The contrary.",
    returns = "luamig.condition",
    act = negated,
  },
}

kinds.add("conditions", {
  takes = "table node string",
  what = "conditions",
  lua = "luamig.condition|luamig.condition[]",
  read = function(value)
    return kinds.read_list(value, "condition")
  end,
})

local CONDITIONS = {
  "conditions",
  kind = "conditions",
  required = true,
  rest = "names",
  doc = "Conditions, one after the other.",
}

--- The words of `sql` that join conditions.
condition.words = {
  {
    name = "and_",
    returns = "luamig.condition",
    fields = { CONDITIONS },
    doc = "All of these conditions.",
    example = 'sql.and_(users.c.id:gt(7), users.c.status:eq("new"))',
    make = function(read)
      return condition.join("and", read.conditions)
    end,
  },
  {
    name = "or_",
    returns = "luamig.condition",
    fields = { CONDITIONS },
    doc = "One of these conditions.",
    example = 'sql.or_(users.c.status:is_null(), users.c.status:eq("new"))',
    make = function(read)
      return condition.join("or", read.conditions)
    end,
  },
  {
    name = "not_",
    returns = "luamig.condition",
    fields = {
      { "condition", kind = "condition", required = true, doc = "A condition or an SQL text." },
    },
    doc = "The contrary of a condition.",
    example = 'sql.not_(users.c.status:in_({ "gone", "left" }))',
    make = function(read)
      return negated(read.condition)
    end,
  },
}

classes.condition = object.class("condition", "condition", condition.list)
classes.field = object.class("field", "column", condition.field_list, {
  isnot = "users.c.id:ne(null)",
  is_ = "users.c.id:eq(null), or :is_null()",
  is_not = "users.c.id:ne(null)",
  notin_ = "sql.not_(users.c.id:in_(…))",
  not_in = "sql.not_(users.c.id:in_(…))",
  isnull = "users.c.id:is_null()",
})

--- A column of a table, as conditions and queries name it.
---@param of table
---@param name string
---@return table
function condition.field(of, name)
  local made = object.new(classes.field, "field", { table = of, name = name })
  return made
end

return condition
