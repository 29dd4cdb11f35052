--- Rows for op.bulk_insert, from a list or an iterator: each is checked and becomes a list of
-- values in the order of the columns. A wrong row is named by its number.
local core = require("luamig.core")
local plural = require("luamig.plural")
local strict = require("luamig.strict")

local source = {}

local metatable_of = debug.getmetatable

local STORABLE = {
  string = true, number = true, boolean = true, null = true, exact = true, int64 = true,
  blob = true, array = true,
}
local NUMBERS = { number = true, exact = true, int64 = true }

local function fail(at, message, hint)
  local row = at.row and ("row %d"):format(at.row) or "a row"
  core.fail(("%s: %s %s"):format(at.said or at.op, row, message), hint)
end

-- The columns of a row of db:rows are known also where they are NULL.
local function row_columns(row)
  return core.is_row(row) and metatable_of(row).columns or nil
end

local function is_list(row)
  return row[1] ~= nil or #strict.sorted_keys(row) == 0
end

--- The columns that the first row has.
local function columns_of(at, row)
  local columns = row_columns(row)
  if not columns then
    if is_list(row) then
      fail(at, #row > 0 and "is a list, and nothing says of which columns" or "has no column",
        'columns = { "name", … }')
    end
    columns = strict.sorted_keys(row)
  end
  return columns
end

local function check_value(at, column, value)
  local kind = core.type(value)
  if not STORABLE[kind] then
    fail(at, ("has a %s in '%s'"):format(kind, column),
      "give a text, a number, a boolean, null, exact, blob or array")
  end
  at.has_numbers = at.has_numbers or NUMBERS[kind]
  return value
end

local function refuse_other(at, names)
  for _, name in ipairs(names) do
    if not at.known[name] then
      local cure = not (at.given or at.said) and "columns = { … } names all of them" or nil
      fail(at, ("has '%s', which is no column of %s%s"):format(name,
        at.given and "'columns'" or "the first row", strict.did_you_mean(name, at.columns)), cure)
    end
  end
end

local function from_list(at, row)
  if #row ~= #at.columns then
    fail(at, ("has %s for %s"):format(plural.of(#row, "value"),
      plural.of(#at.columns, "column")),
      "a nil ends a list: write null for NULL")
  end
  local values = {}
  for i, column in ipairs(at.columns) do
    values[i] = check_value(at, column, row[i])
  end
  return values
end

local function from_row(at, row, names)
  refuse_other(at, names)
  local values, null = {}, core.null
  local has = {}
  for i, name in ipairs(names) do
    local value = rawget(row, i)
    if value == nil then
      value = null
    end
    has[name] = value
  end
  for i, column in ipairs(at.columns) do
    if has[column] == nil then
      fail(at, ("has no '%s'"):format(column))
    end
    values[i] = check_value(at, column, has[column])
  end
  return values
end

local function from_table(at, row)
  local values = {}
  for i, column in ipairs(at.columns) do
    local value = row[column]
    if value == nil then
      refuse_other(at, strict.sorted_keys(row))
      fail(at, ("has no '%s'"):format(column), "a nil vanishes from a table: write null for NULL")
    end
    values[i] = check_value(at, column, value)
  end
  if strict.count_keys(row) > #values then
    refuse_other(at, strict.sorted_keys(row))
    fail(at, "has names and positions")
  end
  return values
end

--- A row as a list of values in the order of `at.columns`, which are those of the first row where
-- they are not given.
---@param at table said, columns, row, known, has_numbers
---@param row table
---@return any[]
function source.values_of(at, row)
  row = core.whole(row)
  if type(row) ~= "table" then
    fail(at, ("is a %s, not a table"):format(core.type(row)))
  end
  if not at.columns then
    at.columns = columns_of(at, row)
    at.known = strict.set(at.columns)
  end
  local names = row_columns(row)
  if names then
    return from_row(at, row, names)
  elseif at.given and is_list(row) then
    return from_list(at, row)
  end
  return from_table(at, row)
end

local function raw_rows(rows)
  if type(rows) == "function" then
    return rows
  end
  local i = 0
  return function()
    i = i + 1
    return rows[i]
  end
end

--- An iterator of lists of values, and where it stands: `columns` is known from the first row on,
-- `has_numbers` says whether a number was among them.
---@param o table the operation
---@return fun(): any[]? next_values
---@return { columns: string[]?, row: integer, has_numbers: boolean? } at
function source.open(o)
  local at = { op = o.op, row = 0, columns = o.columns, given = o.columns ~= nil,
    known = strict.set(o.columns or {}) }
  local next_row = raw_rows(o.rows)
  return function()
    local row
    repeat
      row = next_row()
      if row == nil then
        return nil
      end
      at.row = at.row + 1
      if o.map then
        row = o.map(row)
      end
    until row ~= nil
    local values = source.values_of(at, row)
    return values
  end, at
end

return source
