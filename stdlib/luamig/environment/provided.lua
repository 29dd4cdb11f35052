--- What an environment gets when a script first names it, made for that environment alone.

local core = require("luamig.core")
local libraries = require("luamig.environment.libraries")
local sandbox = require("luamig.sandbox")
local view = require("luamig.environment.view")

local provided = {}

local function require_session(name)
  if not core.has_session() then
    core.fail("'" .. name .. "' is absent while a file is only loaded",
      "use it inside upgrade(), downgrade() or verify()")
  end
end

local makers = {}

function makers.op()
  require_session("op")
  return view.of("op", "luamig.op")
end

function makers.db()
  require_session("db")
  return require("luamig.connection").view()
end

local format = libraries.copy("string").format

local function formatted(text, ...)
  local ok, line = pcall(format, text, ...)
  if ok then return line end
  if type(line) ~= "string" then error(line, 0) end
  core.fail("log: " .. line:gsub("'%?'", "'log'"))
end

local function log_with(level)
  return function(text, ...)
    core.log(level, select("#", ...) > 0 and formatted(text, ...) or tostring(text))
  end
end

function makers.log()
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

function makers.x()
  return setmetatable({}, {
    __index = function(_, name) return core.x(name) end,
    __newindex = function() core.fail("'x' is read-only: it holds the -x arguments") end,
    __call = function(_, name, default) return argument(name, default) end,
    __metatable = false,
  })
end

local modules = {}
for _, name in ipairs(sandbox.modules) do
  if core.has_module("luamig." .. name) then modules[name] = "luamig." .. name end
end

---What `name` is, or nil when nothing of that name is provided.
---@param name any
---@param kind "migration"|"env"
---@return any
function provided.make(name, kind)
  if sandbox.libraries[name] then return libraries.copy(name, kind) end
  if makers[name] then return makers[name]() end
  if modules[name] then return view.of(name, modules[name]) end
end

---The names that `make` knows, as sets.
---@return table ...
function provided.names()
  return sandbox.libraries, makers, modules
end

return provided
