--- What an environment gets when a script first names it, made for that environment alone.

local arguments = require("luamig.environment.x")
local core = require("luamig.core")
local libraries = require("luamig.environment.libraries")
local sandbox = require("luamig.sandbox")
local view = require("luamig.environment.view")

local provided = {}

local function require_session(name, kind)
  if kind == "models" then
    core.fail("'" .. name .. "' is absent in models: they say what shall be, and change nothing",
      "luamig revision writes a migration, where it belongs")
  elseif not core.has_session() then
    core.fail("'" .. name .. "' is absent while a file is only loaded",
      "use it inside upgrade(), downgrade() or verify()")
  end
end

local makers = {}

function makers.op(kind)
  require_session("op", kind)
  return view.of("op", "luamig.op")
end

function makers.db(kind)
  require_session("db", kind)
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

function makers.x()
  return arguments.view()
end

local modules = {}
for _, name in ipairs(sandbox.modules) do
  if core.has_module("luamig." .. name) then modules[name] = "luamig." .. name end
end

---Refuses the module luamig.op where `op` is refused.
---@param kind "migration"|"models"|"env"
function provided.require_op(kind)
  if kind == "models" then require_session("luamig.op", kind) end
end

---What `name` is, or nil when nothing of that name is provided.
---@param name any
---@param kind "migration"|"models"|"env"
---@return any
function provided.make(name, kind)
  if sandbox.libraries[name] then return libraries.copy(name, kind) end
  if makers[name] then return makers[name](kind) end
  if modules[name] then return view.of(name, modules[name]) end
end

---The names that `make` knows, as sets.
---@return table ...
function provided.names()
  return sandbox.libraries, makers, modules
end

return provided
