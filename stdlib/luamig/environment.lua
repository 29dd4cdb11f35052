--- The environment of a migration file: its own globals, made cheaply for each file.
--
-- An environment is an empty table whose metatable leads to the shared words; a library or a module
-- is made when it is first named, and belongs to that environment alone. Reading or setting a
-- global that nobody declared is an error; the top level of a file declares.

local core = require("luamig.core")
local sandbox = require("luamig.sandbox")

local M = {}

local null, type, rawget, rawset, rawequal = core.null, type, rawget, rawset, rawequal
local getmetatable, next, select, tostring = getmetatable, next, select, tostring
local raw_metatable = debug.getmetatable

---environment -> { name = true } for what the top level set to nil
local declared = setmetatable({}, { __mode = "k" })
---environment -> "migration" | "env"
local kinds = setmetatable({}, { __mode = "k" })
---environment -> { module name = value } for require
local required = setmetatable({}, { __mode = "k" })

local function set_of(list)
  local set = {}
  for _, name in ipairs(list) do set[name] = true end
  return set
end

local predeclared = { migration = set_of(sandbox.header), env = set_of(sandbox.hooks) }
local modules = set_of(sandbox.modules)
local public = set_of(sandbox.public)

local function did_you_mean(name, candidates)
  local near = type(name) == "string" and core.nearest(name, candidates)
  return near and " (did you mean '" .. near .. "'?)" or ""
end

local function names_of(...)
  local names = {}
  for i = 1, select("#", ...) do
    for name in next, (select(i, ...)) do
      if type(name) == "string" then names[#names + 1] = name end
    end
  end
  table.sort(names)
  return names
end

-- Words ------------------------------------------------------------------------------------------

local base = {}

for _, name in ipairs(sandbox.plain) do base[name] = _G[name] end
base.pcall = core.pcall
base.xpcall = core.xpcall
base.null = null
base.exact = core.exact
base.blob = core.blob
base.array = core.array
base.is_null = core.is_null

---pairs that knows rows (all columns in query order, NULL as null) and __pairs.
function base.pairs(t)
  local metatable = getmetatable(t)
  if metatable == nil and type(t) == "table" then return next, t, nil end
  metatable = raw_metatable(t)
  local own = metatable and rawget(metatable, "__pairs")
  if own then return own(t) end
  return pairs(t)
end

---Pairs in the order of the keys: numbers first, then texts.
function base.sorted_pairs(t)
  local keys = {}
  for key in base.pairs(t) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) == type(b) and type(a) ~= "boolean" then return a < b end
    return type(a) == "number" and type(b) ~= "number"
  end)
  local i = 0
  return function()
    i = i + 1
    if keys[i] ~= nil then return keys[i], t[keys[i]] end
  end
end

---The first that is neither nil nor null, else the last.
function base.coalesce(...)
  local value
  for i = 1, select("#", ...) do
    value = select(i, ...)
    if value ~= nil and not rawequal(value, null) then return value end
  end
  return value
end

function base.print(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
  core.log("info", table.concat(parts, "\t"))
end

function base.collectgarbage(option)
  if option ~= "count" then
    core.fail("collectgarbage(\"" .. tostring(option) .. "\") is not for migrations",
      "only \"count\" is")
  end
  return collectgarbage("count")
end

---Text only, in the caller's environment.
function base.load(source, name, mode, environment)
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

base.loadstring = base.load

-- Libraries --------------------------------------------------------------------------------------

local own = { string = {}, table = {}, bit = {}, os = {}, coroutine = {}, debug = {} }

local raw_format, raw_gsub = string.format, string.gsub
local slow_format = core.counted(raw_format)
local slow_gsub = core.counted(raw_gsub)

---One %d or %s of an exact number, as text with the flags it asks for.
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

function own.string.gsub(text, pattern, replacement, count)
  if type(replacement) == "string" then return raw_gsub(text, pattern, replacement, count) end
  return slow_gsub(text, pattern, replacement, count)
end

own.table.sort = core.counted(table.sort)
own.coroutine.resume = core.counted_resume(coroutine.resume)
own.coroutine.wrap = core.counted(coroutine.wrap, true)

function own.debug.traceback(message)
  if message ~= nil and type(message) ~= "string" then return message end
  return debug.traceback(message or "", 2)
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

local function library(name, kind)
  local copy, source, special = {}, _G[name], own[name] or {}
  for _, member in ipairs(sandbox.libraries[name]) do
    copy[member] = special[member] or source[member]
  end
  if kind == "env" then
    for _, member in ipairs(sandbox.env_only[name] or {}) do copy[member] = source[member] end
  end
  return copy
end

-- The methods of texts; private, and closed by __metatable.
raw_metatable("").__index = library("string")
raw_metatable("").__metatable = false

local number_habits = {
  fetchall = "use db:all(query) for the rows",
  fetchone = "use db:one(query) for a row",
  first = "use db:one(query) for a row",
  all = "use db:all(query) for the rows",
  scalar = "use db:scalar(query) for a value",
  rowcount = "the number is the row count",
}

-- Alembic's habits on what db:execute returns get an answer.
debug.setmetatable(0, {
  __index = function(_, key)
    local habit = number_habits[key]
    local what = habit and "db:execute returns the number of rows affected, which" or "a number"
    core.fail(what .. " has no '" .. tostring(key) .. "'", habit)
  end,
  __metatable = false,
})

-- Views ------------------------------------------------------------------------------------------

---@param name string as scripts call it: "op"
---@param members table function or value by name
local function unknown_member(name, members, key)
  core.fail("unknown name '" .. name .. "." .. tostring(key) .. "'" ..
    did_you_mean(key, names_of(members)))
end

---The module itself where it is strict, else a strict way into it.
local function closed(name, module)
  local metatable = getmetatable(module)
  if metatable and metatable.__index then return module end
  return setmetatable({}, {
    __index = function(_, key)
      local member = module[key]
      if member == nil then unknown_member(name, module, key) end
      return member
    end,
  })
end

local shared = {}

---A read-only table of a stdlib module's members, loaded when one is first named.
---@param name string
---@param path string the module
local function view(name, path)
  local metatable = { __metatable = false }
  function metatable.__index(_, key)
    shared[name] = shared[name] or closed(name, require(path))
    metatable.__index = shared[name]
    return shared[name][key]
  end
  function metatable.__newindex(_, key)
    core.fail("'" .. name .. "' is read-only: " .. name .. "." .. tostring(key) .. " = …")
  end
  function metatable.__call(_, ...)
    return require(path)(...)
  end
  return setmetatable({}, metatable)
end

-- What an environment gets when it first names it ------------------------------------------------

local function no_database(name)
  core.fail("'" .. name .. "' is absent while a file is only loaded",
    "use it inside upgrade(), downgrade() or verify()")
end

local provide = {}

function provide.op()
  if not core.has_session() then no_database("op") end
  return view("op", "luamig.op")
end

function provide.db()
  if not core.has_session() then no_database("db") end
  return require("luamig.connection").view()
end

local function log_with(level)
  return function(text, ...)
    core.log(level, select("#", ...) > 0 and own.string.format(text, ...) or tostring(text))
  end
end

function provide.log()
  local info = log_with("info")
  return setmetatable({ info = info, warn = log_with("warning") }, {
    __call = function(_, ...) info(...) end,
  })
end

local words_of_truth = { ["true"] = true, yes = true, ["1"] = true, on = true,
  ["false"] = false, no = false, ["0"] = false, off = false }

---An -x argument in the type of its default.
local function argument(name, default)
  local text = core.x(name)
  if text == nil then
    if default == nil then
      name = tostring(name)
      core.fail("the argument '" .. name .. "' is missing", "-x " .. name .. "=…")
    end
    return default
  end
  local value = text
  if type(default) == "number" then value = tonumber(text) end
  if type(default) == "boolean" then value = words_of_truth[text:lower()] end
  if value == nil then
    core.fail("-x " .. name .. "=" .. text .. " is not a " .. type(default))
  end
  return value
end

function provide.x()
  return setmetatable({}, {
    __index = function(_, name) return core.x(name) end,
    __newindex = function() core.fail("'x' is read-only: it holds the -x arguments") end,
    __call = function(_, name, default) return argument(name, default) end,
    __metatable = false,
  })
end

local function provided(name, environment)
  if sandbox.libraries[name] then return library(name, kinds[environment]) end
  if provide[name] then return provide[name]() end
  if modules[name] and core.has_module("luamig." .. name) then
    return view(name, "luamig." .. name)
  end
end

local function undeclared(name, environment)
  local known = names_of(base, provide, sandbox.libraries, environment,
    predeclared[kinds[environment] or "migration"])
  for _, module in ipairs(sandbox.modules) do known[#known + 1] = module end
  core.fail("undeclared global '" .. tostring(name) .. "'" .. did_you_mean(name, known))
end

setmetatable(base, {
  __index = function(_, name)
    local environment = core.caller_environment()
    local value = provided(name, environment)
    if value ~= nil then
      rawset(environment, name, value)
      return value
    end
    if predeclared[kinds[environment]][name] then return nil end
    if declared[environment] and declared[environment][name] then return nil end
    undeclared(name, environment)
  end,
})

local environment_metatable = {
  __index = base,
  __newindex = function(environment, name, value)
    local known = predeclared[kinds[environment]][name] or
      declared[environment] and declared[environment][name]
    if not known and not core.in_main_chunk() then
      core.fail("setting the undeclared global '" .. tostring(name) .. "' inside a function",
        "write local " .. tostring(name) .. ", or declare it at the top of the file")
    end
    if value == nil then
      declared[environment] = declared[environment] or {}
      declared[environment][name] = true
    else
      rawset(environment, name, value)
    end
  end,
  __metatable = false,
}

---@param kind "migration"|"env"
---@return table environment
function M.new(kind)
  local environment = { }
  environment._G = environment
  kinds[environment] = kind
  return setmetatable(environment, environment_metatable)
end

core.install_environment(environment_metatable, M.new)

-- require ----------------------------------------------------------------------------------------

local function load_library(name, cache, root)
  local source, chunk = core.library(name, kinds[root] == "env")
  local run, problem = core.compile(source, "@" .. chunk, M.new("migration"))
  if not run then core.fail(problem) end
  cache[name] = false
  local value = core.called(run, name)
  if value == nil then value = true end
  cache[name] = value
  return value
end

---A file of migrations/lib, or a public module of luamig.
function base.require(name)
  if type(name) ~= "string" then core.fail("require() takes a name, not a " .. type(name)) end
  local root = core.current_environment()
  local cache = required[root] or {}
  required[root] = cache
  if cache[name] then return cache[name] end
  if cache[name] == false then core.fail("'" .. name .. "' requires itself") end
  if name:find("^luamig%.") then
    if not (public[name] and core.has_module(name)) then
      core.fail("no module '" .. name .. "'" .. did_you_mean(name, sandbox.public))
    end
    cache[name] = view(name, name)
    return cache[name]
  end
  return load_library(name, cache, root)
end

return M
