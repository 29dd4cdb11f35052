--- Expressions: texts and values that stand in SQL where a column's value or a condition stands.
local arguments = require("luamig.arguments")
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local node = require("luamig.node")

local expr = {}

local VALUES = "string number boolean null exact blob int64"

kinds.add("expression", {
  takes = "string node",
  what = "an SQL text or sql.raw(…)",
  lua = "string|luamig.expression",
  read = function(value)
    local name = node.of(value)
    if not name then
      value = node.new("raw", { text = value })
    elseif name ~= "raw" and name ~= "now" and name ~= "literal" then
      return nil, ("must be an SQL text or sql.raw(…), got sql.%s"):format(name)
    end
    if value.text == "" then
      return nil, "must not be empty"
    end
    return value
  end,
})

local function looks_like_a_call(text)
  return text:find("^[%a_][%w_%.]*%(.*%)$") or text:upper():find("^CURRENT_%u+$")
end

kinds.add("default", {
  takes = VALUES .. " node",
  what = "a value, sql.raw(…) or sql.now()",
  lua = "string|number|boolean|luamig.expression",
  read = function(value)
    if type(value) == "string" and looks_like_a_call(value) then
      return nil, ("is the text '%s': sql.now() or sql.raw(…) calls a function, sql.literal(…) "
        .. "keeps the text"):format(value)
    end
    local name = node.of(value)
    if name and name ~= "raw" and name ~= "now" and name ~= "literal" then
      return nil, ("must be a value, sql.raw(…) or sql.now(), got sql.%s"):format(name)
    end
    return value
  end,
})

kinds.add("value", { takes = VALUES, what = "a value", lua = "string|number|boolean" })

expr.list = {
  {
    name = "raw",
    fields = { { "text", kind = "text", required = true, doc = "The SQL, passed as written." } },
    doc = "SQL in the author's own words, where a value or a name would be quoted.",
    example = 'sql.column("token", sql.text, { server_default = sql.raw("gen_random_uuid()") })',
    make = function(read)
      return node.new("raw", read)
    end,
  },
  {
    name = "now",
    fields = {},
    doc = "The present time, as each database says it: now() or CURRENT_TIMESTAMP.",
    example = 'sql.column("created_at", sql.timestamptz, { server_default = sql.now() })',
    make = function()
      return node.new("now", {})
    end,
  },
  {
    name = "literal",
    fields = { { "value", kind = "value", required = true, doc = "The value." } },
    doc = "A value, quoted by the database's own rules.",
    example = 'sql.column("note", sql.text, { server_default = sql.literal("now()") })',
    make = function(read)
      return node.new("literal", read)
    end,
  },
}

expr.words = {}
for _, definition in ipairs(expr.list) do
  expr.words[definition.name] = arguments.word(definition)
end

-- One argument of sql.format, as its conversion asks.
local function convert(conversion, value, position, ident)
  if value == nil then
    core.fail(("sql.format: argument %d is nil"):format(position), "write null for SQL's NULL")
  end
  if conversion == "L" then
    return core.quote(value)
  end
  if core.is_null(value) then
    if conversion == "I" then
      core.fail(("sql.format: argument %d is null, and no name is null"):format(position))
    end
    return ""
  end
  if type(value) == "string" then
    return conversion == "I" and ident(value) or value
  end
  if conversion == "I" then
    core.fail(("sql.format: argument %d must be a name, got a %s"):format(
      position, core.type(value)))
  end
  return type(value) == "number" and core.quote(value) or tostring(value)
end

local function pad(text, left, width)
  local missing = (tonumber(width) or 0) - #text
  if missing <= 0 then
    return text
  end
  local blanks = (" "):rep(missing)
  return left == "-" and text .. blanks or blanks .. text
end

-- "%2$-10I" → 2, "-", "10"; a conversion that format has not is an error.
local function read_conversion(flags, conversion)
  local position, left, width = flags:match("^(%d+)%$(%-?)(%d*)$")
  if not position then
    left, width = flags:match("^(%-?)(%d*)$")
  end
  if not left or not conversion:find("^[sIL]$") then
    core.fail(("sql.format: '%%%s%s' is none of %%s %%I %%L %%%%"):format(flags, conversion),
      "a percent sign itself is written %%")
  end
  return tonumber(position), left, width
end

local function check_template(template)
  if type(template) ~= "string" then
    core.fail(("sql.format: 'template' must be a string, got a %s"):format(core.type(template)))
  end
end

local function check_all_used(used, count)
  for i = 1, count do
    if not used[i] then
      core.fail(("sql.format: argument %d is never used"):format(i))
    end
  end
end

--- A text with names (`%I`), literals (`%L`) and text as it is (`%s`) put in, as PostgreSQL's
-- format() does. `%2$I` names the second argument, `%%` is a percent sign, `%-10s` fills up to ten
-- characters. `ident` quotes a name.
---@param ident fun(name: string): string
---@param template string
---@param ... any
---@return string
function expr.format(ident, template, ...)
  check_template(template)
  local values, count, at, used = { ... }, select("#", ...), 0, {}
  local text = template:gsub("%%([%d%$%-]*)(.?)", function(flags, conversion)
    if conversion == "%" and flags == "" then
      return "%"
    end
    local position, left, width = read_conversion(flags, conversion)
    at = position or at + 1
    if at > count or at < 1 then
      core.fail(("sql.format: there is no argument %d"):format(at))
    end
    used[at] = true
    return pad(convert(conversion, values[at], at, ident), left, width)
  end)
  check_all_used(used, count)
  return text
end

return expr
