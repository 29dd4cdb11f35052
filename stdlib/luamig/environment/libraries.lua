--- LuaJIT's libraries as scripts get them: the members that the sandbox allows, some in a form of
-- our own. Every environment has its own copy.

local core = require("luamig.core")
local sandbox = require("luamig.sandbox")

local type, select, rawget, tonumber, tostring = type, select, rawget, tonumber, tostring
local jit_off = require("jit").off

local libraries = {}

local own = { string = {}, table = {}, bit = {}, os = {}, coroutine = {}, debug = {} }

local raw_format, raw_gsub, raw_rep = string.format, string.gsub, string.rep
local raw_concat = table.concat
local slow_format = core.counted(raw_format)
local slow_gsub = core.counted(raw_gsub)

---One %d or %i of an exact number, as text with the flags it asks for.
local function spell_directive(flags, width, kind, digits)
  if kind ~= "d" and kind ~= "i" then
    core.fail("%" .. kind .. " of an exact number", "%d or %s")
  end
  if digits:find("[^%d-]") then core.fail("%d of " .. digits .. ", which is no integer", "%s") end
  if flags:find("+", 1, true) and digits:sub(1, 1) ~= "-" then digits = "+" .. digits end
  local missing = (tonumber(width) or 0) - #digits
  if missing <= 0 then return digits end
  if flags:find("-", 1, true) then return digits .. (" "):rep(missing) end
  if not flags:find("0", 1, true) then return (" "):rep(missing) .. digits end
  local sign, rest = digits:match("^([+-]?)(.*)$")
  return sign .. ("0"):rep(missing) .. rest
end

---Replaces the directives whose argument is exact; the rest are LuaJIT's affair.
local function format_exact(text, ...)
  local arguments, position, kept = { ... }, 0, {}
  local rest = raw_gsub(text, "%%([%-%+ #0]*)(%d*)(%.?%d*)(.)", function(flags, width, places, kind)
    if kind == "%" then return "%%" end
    position = position + 1
    local digits = core.digits(arguments[position])
    if digits and kind ~= "s" and kind ~= "q" then
      return (raw_gsub(spell_directive(flags, width, kind, digits), "%%", "%%%%"))
    end
    kept[#kept + 1] = position
    return "%" .. flags .. width .. places .. kind
  end)
  local given = {}
  for i, from in ipairs(kept) do given[i] = arguments[from] end
  return slow_format(rest, unpack(given, 1, #kept))
end

-- Only values with a __tostring can call Lua: the others spare the count.
function own.string.format(text, ...)
  local simple = true
  for i = 1, select("#", ...) do
    local kind = type((select(i, ...)))
    if kind == "cdata" then return format_exact(text, ...) end
    simple = simple and kind ~= "table" and kind ~= "userdata"
  end
  if simple then return raw_format(text, ...) end
  return slow_format(text, ...)
end

-- Memory is counted while it is used: what one call can ask for is looked at before.
local longest = core.longest_text

local function check_length(name, bytes)
  if bytes <= longest then return end
  core.fail(raw_format("%s would make a text of %.0f bytes; the most is %.0f",
    name, bytes, longest))
end

local function is_text(value)
  return type(value) == "string" or type(value) == "number"
end

function own.string.rep(text, count, separator)
  local times = tonumber(count)
  if times and times > 1 and is_text(text) then
    local between = is_text(separator) and #tostring(separator) or 0
    check_length("string.rep", #tostring(text) * times + between * (times - 1))
  end
  return raw_rep(text, count, separator)
end

function own.table.concat(list, separator, first, last)
  if type(list) == "table" then
    local bytes, between = 0, is_text(separator) and #tostring(separator) or 0
    for i = tonumber(first) or 1, tonumber(last) or #list do
      local item = rawget(list, i)
      if not is_text(item) then break end
      bytes = bytes + between + (type(item) == "string" and #item or 0)
    end
    check_length("table.concat", bytes)
  end
  return raw_concat(list, separator, first, last)
end

---Refuses a replacement that makes too long a text. Matches do not overlap, so what one capture
---inserts is no longer than the text in all.
local function check_replacement(text, pattern, replacement, count)
  local _, captures = raw_gsub(replacement, "%%%d", "")
  local known = #text * (1 + captures)
  if known + #replacement * (#text + 1) <= longest then return end
  local _, matches = raw_gsub(text, pattern, "", count)
  check_length("string.gsub", known + #replacement * matches)
end

---A table's texts go in one by one, where memory can be counted in between.
local function looked_up(replacement)
  local function look_up(key) return replacement[key] end
  jit_off(look_up)
  return look_up
end

function own.string.gsub(text, pattern, replacement, count)
  if type(replacement) == "string" then
    if type(text) == "string" and type(pattern) == "string" then
      check_replacement(text, pattern, replacement, count)
    end
    return raw_gsub(text, pattern, replacement, count)
  end
  if type(replacement) == "table" then replacement = looked_up(replacement) end
  return slow_gsub(text, pattern, replacement, count)
end

own.table.sort = core.counted(table.sort)
own.coroutine.resume = core.counted_resume(coroutine.resume)
own.coroutine.wrap = core.counted(coroutine.wrap, true)

function own.debug.traceback(message)
  if message ~= nil and type(message) ~= "string" then return message end
  return (debug.traceback(message or "", 2):gsub("%[C%]: at 0x%x+", "[C]"))
end

local function check_bits(value)
  if type(value) == "number" and (value > 4294967295 or value < -2147483648) then
    core.fail("bit operations have 32 bits; " .. raw_format("%.0f", value) .. " has more",
      "use numbers below 2^32, or 1LL literals")
  end
end

for _, name in ipairs(sandbox.libraries.bit) do
  local raw = bit[name]
  own.bit[name] = function(...)
    for i = 1, select("#", ...) do check_bits((select(i, ...))) end
    return raw(...)
  end
end

---Days from 1970-01-01 to the first of a month; months count on past 12 and before 1.
local function days_to(year, month)
  year = year + math.floor((month - 1) / 12)
  month = (month - 1) % 12 + 1
  if month <= 2 then year, month = year - 1, month + 12 end
  local century = math.floor(year / 100)
  return 365 * year + math.floor(year / 4) - century + math.floor(century / 4) +
    math.floor((153 * (month - 3) + 2) / 5) - 719468
end

---The start of the step, or the instant that a table of UTC fields names.
function own.os.time(fields)
  if fields == nil then return math.floor(core.now()) end
  local function field(name, default)
    local value = tonumber(fields[name]) or default
    if not value then core.fail("os.time: the field '" .. name .. "' is missing") end
    return value
  end
  local days = days_to(field("year"), field("month")) + field("day") - 1
  return days * 86400 + field("hour", 12) * 3600 + field("min", 0) * 60 + field("sec", 0)
end

---UTC, by default of the start of the step.
function own.os.date(form, time)
  form = type(form) == "string" and form or "%c"
  if form:sub(1, 1) ~= "!" then form = "!" .. form end
  return os.date(form, time or math.floor(core.now()))
end

---A variable of luamig's environment: for env.lua.
function own.os.getenv(name) return core.getenv(name) end

---Reading os.getenv, which a migration has not, says what it has instead.
local denying = {
  os = {
    __index = function(_, member)
      local instead = sandbox.instead["os." .. tostring(member)]
      if instead then core.fail("there is no os." .. member .. " here", instead) end
    end,
    __metatable = false,
  },
}

---A new copy of a library; one of env.lua has the members that only env.lua gets.
---@param name string
---@param kind? "migration"|"env"
---@return table
function libraries.copy(name, kind)
  local copy, source, special = {}, _G[name], own[name] or {}
  for _, member in ipairs(sandbox.libraries[name]) do
    copy[member] = special[member] or source[member]
  end
  if kind == "env" then
    for _, member in ipairs(sandbox.env_only[name] or {}) do copy[member] = special[member] end
  end
  return setmetatable(copy, denying[name])
end

-- What a text does not have is no nil for a script: op.get_bind().dialect.name would choose the
-- other branch. The stdlib asks so whether something is a text.
local function deny_field(_, name)
  if debug.getinfo(2, "S").source:find("^@luamig/") then
    return nil
  end
  core.fail(("a text has no field '%s'"):format(tostring(name)),
    name == "name" and 'db.dialect is a text: db.dialect == "postgresql"' or nil)
end

-- The methods of texts; private, and closed by __metatable.
local of_texts = debug.getmetatable("")
of_texts.__index = setmetatable(libraries.copy("string"), { __index = deny_field })
of_texts.__metatable = false

return libraries
