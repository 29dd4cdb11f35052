--- What queries name and assign: the columns of their table, and values by column. An unknown
-- column, and what is no value, are errors at the migration's own line.
local condition = require("luamig.sql.condition")
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local strict = require("luamig.strict")

local named = {}

local function no_column(of, name)
  local known = {}
  for i, column in ipairs(of.columns) do
    known[i] = column
  end
  core.fail(("sql.table '%s' has no column '%s'%s"):format(
    of.name, tostring(name), strict.did_you_mean(name, known)))
end

--- `users.c`: a column by its name.
function named.columns_of(of)
  local known = {}
  for _, name in ipairs(of.columns) do
    known[name] = condition.field(of, name)
  end
  return setmetatable({}, {
    __index = function(_, name)
      return known[name] or no_column(of, name)
    end,
    __newindex = function(_, name)
      core.fail(("the columns of a table are read-only: .c.%s = …"):format(tostring(name)))
    end,
    __metatable = false,
  })
end

--- The name of one of the table's columns: a text, or users.c.id.
function named.column_name(of, value)
  if node.of(value) == "field" then
    value = value.name
  end
  local field = of.c[value]
  return field.name
end

function named.column_names(of, list)
  local names = {}
  for i, value in ipairs(list) do
    names[i] = named.column_name(of, value)
  end
  return names
end

-- What a query may name: a column, or SQL in the author's own words.
local function read_column(value)
  local name = node.of(value)
  if not name or name == "field" or name == "raw" or name == "order" then
    return value
  end
  return nil, ("must be a column, got sql.%s"):format(name)
end

kinds.add("query_column", {
  takes = "string node",
  what = "a column",
  lua = "string|luamig.field|luamig.expression",
  read = read_column,
})
kinds.add("query_columns", {
  takes = "string table node",
  what = "columns",
  lua = "string|luamig.field|(string|luamig.field|luamig.expression)[]",
  read = function(value)
    return kinds.read_list(value, "query_column")
  end,
})

--- Columns as the renderer takes them: fields, or SQL.
function named.fields_of(of, list)
  local fields = {}
  for i, value in ipairs(list) do
    fields[i] = type(value) == "string" and of.c[value] or value
  end
  return fields
end

kinds.add("assignments", {
  takes = "table",
  what = "a table { column = value }",
  lua = "table<string, any>",
})

local function check_value(of, name, value)
  local problem, hint = condition.value_problem(value)
  if problem then
    core.fail(("the value for %s.%s %s"):format(of.name, name, problem), hint)
  end
end

local function sorted(given)
  return require("luamig.environment.words").sorted_pairs(given)
end

--- What a table (or a row of the database) assigns, by column.
function named.assignments(of, given)
  local read = {}
  for name, value in sorted(given) do
    if type(name) ~= "string" then
      core.fail(("the values of '%s' have a number where a column is named"):format(of.name),
        "{ status = \"active\" }")
    end
    named.column_name(of, name)
    check_value(of, name, value)
    read[name] = value
  end
  if #strict.sorted_keys(read) == 0 then
    core.fail(("no value is given for '%s'"):format(of.name))
  end
  return read
end

local function check_same_columns(of, first, row, i)
  for _, name in ipairs(of.columns) do
    if (first[name] == nil) ~= (row[name] == nil) then
      core.fail(("row %d of the values for '%s' has %s '%s', unlike row 1"):format(
        i, of.name, row[name] == nil and "no" or "a", name),
        "write null for SQL's NULL in each row")
    end
  end
end

function named.rows_of(of, given)
  local list = given[1] ~= nil and not core.is_row(given) and given or { given }
  local problem = kinds.list_problem(list)
  if problem then
    core.fail(("the values for '%s' %s"):format(of.name, problem))
  end
  local rows = {}
  for i, row in ipairs(list) do
    if type(row) ~= "table" or node.of(row) then
      core.fail(("row %d of the values for '%s' is no table"):format(i, of.name),
        "{ { id = 1 }, { id = 2 } }")
    end
    rows[i] = named.assignments(of, row)
    check_same_columns(of, rows[1], rows[i], i)
  end
  return rows
end

return named
