--- What op.assert_none, assert_some and assert_equal do where the database can be read.
local core = require("luamig.core")
local plural = require("luamig.plural")

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

local function open(o)
  core.check_query(o.query, o.params)
  local cursor = core.open(o.query, o.params, nil, true)
  return cursor
end

-- The first rows as text, and whether there are more.
local function read_rows(o)
  local cursor = open(o)
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
    or plural.of(#lines, "row")
  core.fail(with_message(o, ("the query returns %s"):format(count)) .. "\n"
    .. table.concat(lines, "\n"))
end

function assertions.assert_some(o)
  local cursor = open(o)
  local found = cursor:next()
  cursor:close()
  if not found then
    core.fail(with_message(o, "the query returns no row"))
  end
end

local SINGLE = {
  null = true, boolean = true, number = true, string = true, exact = true, int64 = true,
  blob = true,
}

function assertions.assert_equal(o)
  if o.a == o.b then
    return
  end
  for _, value in ipairs({ o.a, o.b }) do
    local kind = core.type(value)
    if not SINGLE[kind] then
      core.fail(with_message(o, ("%s %s equals nothing but itself"):format(
        kind == "array" and "an" or "a", kind)),
        "compare single values: a number, a text, what db:scalar(query) gives")
    end
  end
  core.fail(with_message(o, ("%s is not %s"):format(core.quote(o.a), core.quote(o.b))))
end

return assertions
