--- The words that every environment shares, and no library has: what LuaJIT gives as it is, what it
-- gives in a form of our own, and the values of luamig.

local core = require("luamig.core")
local sandbox = require("luamig.sandbox")

local null, type, rawget, rawequal = core.null, type, rawget, rawequal
local getmetatable, next, select, tostring = getmetatable, next, select, tostring
local raw_metatable = debug.getmetatable

local words = {}

for _, name in ipairs(sandbox.plain) do words[name] = _G[name] end
words.pcall = core.pcall
words.xpcall = core.xpcall
words.null = null
words.exact = core.exact
words.blob = core.blob
words.array = core.array
words.is_null = core.is_null
words.secret = core.secret

---pairs that knows rows (all columns in query order, NULL as null) and __pairs.
function words.pairs(t)
  local metatable = getmetatable(t)
  if metatable == nil and type(t) == "table" then return next, t, nil end
  metatable = raw_metatable(t)
  local own = metatable and rawget(metatable, "__pairs")
  if own then return own(t) end
  return pairs(t)
end

---pairs in the order of the keys: numbers first, then texts.
function words.sorted_pairs(t)
  local keys, values = {}, {}
  for key, value in words.pairs(t) do
    keys[#keys + 1] = key
    values[key] = value
  end
  table.sort(keys, function(a, b)
    if type(a) == type(b) and type(a) ~= "boolean" then return a < b end
    return type(a) == "number" and type(b) ~= "number"
  end)
  local i = 0
  return function()
    i = i + 1
    if keys[i] ~= nil then return keys[i], values[keys[i]] end
  end
end

---The first that is neither nil nor null, else the last.
function words.coalesce(...)
  local value
  for i = 1, select("#", ...) do
    value = select(i, ...)
    if value ~= nil and not rawequal(value, null) then return value end
  end
  return value
end

function words.print(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
  core.log("info", table.concat(parts, "\t"))
end

function words.collectgarbage(option)
  if option ~= "count" then
    core.fail("collectgarbage(\"" .. tostring(option) .. "\") is not for migrations",
      "only \"count\" is")
  end
  return collectgarbage("count")
end

---Text only, in the caller's environment.
function words.load(source, name, mode, environment)
  if type(source) ~= "string" then
    core.fail("load() takes a text, not a " .. type(source))
  end
  if mode ~= nil and mode ~= "t" and mode ~= "bt" then core.fail("load() reads text only") end
  if environment ~= nil and type(environment) ~= "table" then
    core.fail("load() takes an environment that is a table")
  end
  name = type(name) == "string" and name:gsub("^[@=]", "") or "load"
  return core.compile(source, "=" .. name, environment or core.caller_environment())
end

words.loadstring = words.load

return words
