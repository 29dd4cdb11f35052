--- The CHECK that makes a column one of an enum on SQLite: `mood IN ('happy', 'sad')`, and nothing
-- else, under the enum's name.
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")

local enum_checks = {}

--- The column and the values of such a condition; nil: it is none.
---@param list table[] tokens
---@param first integer
---@param last integer
---@return string? column
---@return string[]? values
function enum_checks.read(list, first, last)
  local column = list[first]
  if last - first < 4 or not (column.kind == "word" or column.kind == "quoted")
    or list[first + 1].word ~= "IN" or list[first + 2].text ~= "(" or list[last].text ~= ")" then
    return nil
  end
  local values = {}
  for at = first + 3, last - 1 do
    local is_value = (at - first) % 2 == 1
    if is_value and list[at].kind == "string" then
      values[#values + 1] = list[at].name
    elseif is_value or list[at].text ~= "," then
      return nil
    end
  end
  return (last - first) % 2 == 0 and column.name or nil, values
end

--- The one of a column that has a name which `is_wanted`, or none; nil: it has none such.
---@param parsed table
---@param column_name string
---@param is_wanted fun(name: string): boolean
---@return table?
function enum_checks.of_column(parsed, column_name, is_wanted)
  for _, c in ipairs(stored.all_constraints(parsed)) do
    if c.kind == "check" and (not c.name or is_wanted(c.name)) then
      local column = enum_checks.read(parsed.tokens, c.inner[1], c.inner[2])
      if tokens.same(column, column_name) then
        return c
      end
    end
  end
  return nil
end

return enum_checks
