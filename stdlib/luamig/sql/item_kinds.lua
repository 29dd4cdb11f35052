--- The kinds of values that describe references, identity columns, and what an index holds.
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local strict = require("luamig.strict")
require("luamig.sql.expr")

local item_kinds = {}

--- { schema?, table, column } of "users.id" or "billing.users.id", or nil.
---@param text string
---@return table?
function item_kinds.parse_reference(text)
  local parts = {}
  for part in (text .. "."):gmatch("([^%.]*)%.") do
    if part == "" then
      return nil
    end
    parts[#parts + 1] = part
  end
  if #parts == 2 then
    return { table = parts[1], column = parts[2] }
  elseif #parts == 3 then
    return { schema = parts[1], table = parts[2], column = parts[3] }
  end
  return nil
end

-- Names that hold dots stand each by itself.
local function read_parts(value)
  local read = {}
  for _, key in ipairs(strict.sorted_keys(value)) do
    if type(value[key]) ~= "string" or key ~= "schema" and key ~= "table" and key ~= "column" then
      return nil, ("has no '%s' of that type: it takes schema, table, column"):format(key)
    end
    read[key] = value[key]
  end
  if not read.table or not read.column then
    return nil, "must be like \"users.id\", or have 'table' and 'column'"
  end
  return read
end

kinds.add("reference", {
  takes = "string table",
  what = 'a string like "users.id"',
  lua = "string|{ schema?: string, table: string, column: string }",
  read = function(value)
    if type(value) == "table" then
      return read_parts(value)
    end
    local parsed = item_kinds.parse_reference(value)
    if not parsed then
      return nil, ("must be like \"users.id\", got '%s'"):format(value)
    end
    return parsed
  end,
})

local function is_parts(value)
  return type(value) == "table" and value.table ~= nil
end

kinds.add("references", {
  takes = "string table",
  what = 'a list like { "users.id" }',
  lua = "string|(string|{ schema?: string, table: string, column: string })[]",
  read = function(value)
    local list, problem = kinds.read_list(is_parts(value) and { value } or value, "reference")
    if problem then
      return nil, problem
    end
    for _, one in ipairs(list) do
      if one.table ~= list[1].table or one.schema ~= list[1].schema then
        return nil, ("must all be of one table, got '%s' and '%s'"):format(
          list[1].table, one.table)
      end
    end
    return list
  end,
})

kinds.add("identity", {
  takes = "boolean string table",
  what = 'true, "always" or a table of options',
  lua = 'boolean|"always"|{ always?: boolean, start?: integer|luamig.exact, '
    .. "increment?: integer|luamig.exact }",
  read = function(value)
    if value == "always" then
      return { always = true }
    elseif type(value) == "string" then
      return nil, ("must be true, \"always\" or a table, got '%s'"):format(value)
    elseif type(value) == "boolean" then
      return value and {}
    end
    local wanted = { always = "boolean", start = "int64", increment = "int64" }
    for _, key in ipairs(strict.sorted_keys(value)) do
      if not wanted[key] or not kinds.accepts(wanted[key], value[key]) then
        return nil, ("has no '%s' of that type: it takes always, start, increment"):format(key)
      elseif not kinds.read(wanted[key], value[key]) and value[key] ~= false then
        return nil, ("must have a whole number as '%s', got %s"):format(key, tostring(value[key]))
      end
    end
    return value
  end,
})

kinds.add("index_columns", {
  takes = "string table node",
  what = "a list of names",
  lua = "string|(string|luamig.expression)[]",
  read = function(value)
    return kinds.read_list(value, "index_column")
  end,
})
kinds.add("index_column", {
  takes = "string node",
  what = "a name or sql.raw(…)",
  lua = "string|luamig.expression",
  read = function(value)
    if node.of(value) then
      return kinds.read("expression", value)
    end
    return kinds.read("name", value)
  end,
})

-- A column or an expression, and an operator: what PostgreSQL reads as one, and nothing more.
local function is_exclusion(pair)
  return type(pair) == "table" and not node.of(pair) and #pair == 2
    and (type(pair[1]) == "string" and pair[1] ~= "" or node.of(pair[1]) == "raw")
    and type(pair[2]) == "string" and pair[2]:find("^[%+%-%*/<>=~!@#%%^&|`?]+$") ~= nil
end

kinds.add("exclusions", {
  takes = "table",
  what = 'a list like { { "room", "=" }, { "during", "&&" } }',
  lua = "string[][]",
  read = function(value)
    local problem = kinds.list_problem(value)
    if problem or #value == 0 then
      return nil, problem or "must not be empty"
    end
    for i, pair in ipairs(value) do
      if not is_exclusion(pair) then
        return nil, ("item %d must be like { \"room\", \"=\" }"):format(i)
      end
    end
    return value
  end,
})

return item_kinds
