--- What op.assert_none, assert_some and assert_equal do where the database can be read.
local core = require("luamig.core")

local assertions = {}

local SHOWN = 10
local LONGEST = 60

local function show(value)
  if value == nil then
    return "NULL"
  end
  local text = core.quote(value)
  return #text > LONGEST and text:sub(1, LONGEST):gsub("[\128-\255]*$", "") .. "…" or text
end

--- A row as text: "id = 1, name = 'x'".
---@param columns string[]
---@param ... any its values
---@return string
function assertions.show_row(columns, ...)
  local parts = {}
  for i, name in ipairs(columns) do
    parts[i] = ("%s = %s"):format(name, show((select(i, ...))))
  end
  return table.concat(parts, ", ")
end

-- The first rows as text, and whether there are more.
local function read_rows(o)
  local cursor = core.open(o.query, o.params, nil, true)
  local columns, lines = cursor:columns(), {}
  local function take(n, ...)
    if n then
      lines[#lines + 1] = "  " .. assertions.show_row(columns, ...)
    end
    return n ~= nil
  end
  repeat
    local more = take(cursor:values())
  until not more or #lines > SHOWN
  cursor:close()
  return lines
end

local function with_message(o, text)
  return o.message and ("%s: %s (%s)"):format(o.op, o.message, text)
    or ("%s: %s"):format(o.op, text)
end

function assertions.assert_none(o)
  local lines = read_rows(o)
  if #lines == 0 then
    return
  end
  local more = #lines > SHOWN
  lines[SHOWN + 1] = nil
  local count = more and ("more than %d rows"):format(SHOWN)
    or (#lines == 1 and "1 row" or ("%d rows"):format(#lines))
  core.fail(with_message(o, ("the query returns %s"):format(count)) .. "\n"
    .. table.concat(lines, "\n"))
end

function assertions.assert_some(o)
  local cursor = core.open(o.query, o.params, nil, true)
  local found = cursor:next()
  cursor:close()
  if not found then
    core.fail(with_message(o, "the query returns no row"))
  end
end

local function spell(value)
  local kind = core.type(value)
  if kind == "table" or kind == "array" or kind == "function" then
    return "a " .. kind
  end
  return core.quote(value)
end

function assertions.assert_equal(o)
  if o.a ~= o.b then
    core.fail(with_message(o, ("%s is not %s"):format(spell(o.a), spell(o.b))))
  end
end

return assertions
