--- What a text has to be for a column of SQLite, which itself would take any: the rules of
-- blocks.column_rule. As runtime/db/sqlite_fit, for texts that Lua writes into SQL.
local core = require("luamig.core")

local fit = {}

local BOOLEANS = {
  t = true, ["true"] = true, y = true, yes = true, on = true, ["1"] = true,
  f = false, ["false"] = false, n = false, no = false, off = false, ["0"] = false,
}

local LONGEST_INTEGER = { "9223372036854775807", "9223372036854775808" } -- above zero, below it

local function is_integer(text)
  local sign, digits = text:match("^%s*([+-]?)0*(%d+)%s*$")
  local most = LONGEST_INTEGER[sign == "-" and 2 or 1]
  return digits ~= nil and (#digits < #most or #digits == #most and digits <= most)
end

local function is_number(text)
  local digits = text:match("^%s*[+-]?([%d.]+)%s*$")
    or text:match("^%s*[+-]?([%d.]+)[eE][+-]?%d+%s*$")
  return digits ~= nil and digits:find("%d") ~= nil and select(2, digits:gsub("%.", "")) <= 1
end

local DAYS = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function is_date(text)
  local year, month, day = text:match("^(%d%d%d%d+)-(%d%d)-(%d%d)$")
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  if not year or not DAYS[month] or day < 1 or day > DAYS[month] then
    return false
  end
  return not (month == 2 and day == 29) or year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end

local ZONES = { "^$", "^[Zz]$", "^[+-]%d%d$", "^[+-]%d%d:?[0-5]%d$" }

local function is_time(text)
  local hour, rest = text:match("^(%d%d):[0-5]%d(.*)$")
  if not hour or tonumber(hour) > 24 then
    return false
  end
  rest = rest:gsub("^:[0-6]%d%.%d+", ""):gsub("^:[0-6]%d", "")
  rest = rest:match("^%s*(.*)$")
  for _, zone in ipairs(ZONES) do
    if rest:find(zone) then
      return true
    end
  end
  return false
end

local function is_timestamp(text)
  local date, time = text:match("^([%d-]+)[ Tt](.*)$")
  return is_date(date or text) and (time == nil or is_time(time))
end

local function instant(noun, check)
  return function(text)
    local bare = text:match("^%s*(.-)%s*$")
    local day = bare:match("^(.*) BC$") or bare
    local is = check(day) or bare == "infinity" or bare == "-infinity" or is_number(bare)
    return is and text or nil, noun
  end
end

local function integer(text)
  return is_integer(text) and text or nil, "integer"
end

local READERS = {
  boolean = function(text)
    return BOOLEANS[text:lower()], "boolean"
  end,
  integer = integer,
  key = integer,
  number = function(text)
    return is_number(text) and text or nil, "number"
  end,
  bytea = function(text)
    local digits = text:match("^\\x(%x*)$")
    if digits and #digits % 2 == 0 then
      return core.blob(core.unhex(digits)), "bytes"
    end
    return not text:find("\\", 1, true) and core.blob(text) or nil, "hexadecimal digits"
  end,
  date = instant("date", is_date),
  time = instant("time", is_time),
  timestamp = instant("date and time", is_timestamp),
}

--- The value that a text stands for; nil where it does not fit, and what it would have to be.
---@param text string
---@param rule string
---@return any value
---@return string? noun
function fit.read(text, rule)
  local reader = READERS[rule]
  if not reader then
    return text
  end
  return reader(text)
end

return fit
