--- The environment of a migration file: its own globals, made cheaply for each file.
--
-- An environment is an empty table whose metatable leads to the shared words; a library or a module
-- is made when it is first named, and belongs to that environment alone. Reading or setting a
-- global that nobody declared is an error; the top level of a file declares.

local core = require("luamig.core")
local declared = require("luamig.environment.declared")
local provided = require("luamig.environment.provided")
local sandbox = require("luamig.sandbox")
local strict = require("luamig.strict")
local view = require("luamig.environment.view")
local words = require("luamig.environment.words")
require("luamig.environment.habits")

local environment = {}

---environment -> { name = true } for what the top level set to nil
local set_to_nil = setmetatable({}, { __mode = "k" })
---environment -> "migration" | "models" | "env"
local kinds = setmetatable({}, { __mode = "k" })
---environment -> { module name = value } for require
local required = setmetatable({}, { __mode = "k" })

---the environment of the models that were read last
local models

local function is_declared(of, name)
  return declared.has(kinds[of], name) or set_to_nil[of] and set_to_nil[of][name]
end

-- What Python's words are here.
local PYTHON = {
  None = "nil leaves an option out; null is SQL's NULL",
  True = "true",
  False = "false",
}

local function known_names(of)
  local known = strict.sorted_keys(words)
  for _, set in ipairs({ of, declared.names(kinds[of]), provided.names() }) do
    for _, name in ipairs(strict.sorted_keys(set)) do known[#known + 1] = name end
  end
  return known
end

setmetatable(words, {
  __index = function(_, name)
    local of = core.caller_environment()
    local value = provided.make(name, kinds[of])
    if value ~= nil then
      rawset(of, name, value)
      return value
    end
    if is_declared(of, name) then return nil end
    local hint = PYTHON[name] or sandbox.instead[name]
    core.fail("undeclared global '" .. tostring(name) .. "'" ..
      (hint and "" or strict.did_you_mean(name, known_names(of))), hint)
  end,
})

local metatable = {
  __index = words,
  __newindex = function(of, name, value)
    if not is_declared(of, name) and not core.in_main_chunk() then
      core.fail("setting the undeclared global '" .. tostring(name) .. "' inside a function",
        "write local " .. tostring(name) .. ", or declare it at the top of the file")
    end
    declared.check(kinds[of], name, value)
    if value == nil then
      set_to_nil[of] = set_to_nil[of] or {}
      set_to_nil[of][name] = true
    else
      rawset(of, name, value)
    end
  end,
  __metatable = false,
}

---@param kind "migration"|"models"|"env"
---@return table
function environment.new(kind)
  local new = {}
  new._G = new
  kinds[new] = kind
  if kind == "models" then models = new end
  return setmetatable(new, metatable)
end

core.install_environment(metatable, environment.new)

local public = {}
for _, name in ipairs(sandbox.public) do
  if core.has_module(name) then public[#public + 1] = name end
end

local function open_public(name, root)
  if name == "luamig.op" then provided.require_op(kinds[root]) end
  for _, known in ipairs(public) do
    if known == name then return view.of(name, sandbox.public_as[name] or name) end
  end
  core.fail("no module '" .. name .. "'" .. strict.did_you_mean(name, public))
end

-- Stands in the cache for a module that is being loaded.
local loading = {}

-- A module that failed may be required again: it fails again, with its own error.
local function load_library(name, cache, root)
  local source, chunk = core.library(name, kinds[root] == "env")
  local kind = kinds[root] == "models" and "models" or "migration"
  local own = environment.new(kind)
  required[own] = cache
  local run, problem = core.compile(source, "@" .. chunk, own)
  if not run then core.fail(problem) end
  cache[name] = loading
  local ok, value = core.called(run, name)
  cache[name] = nil
  if not ok then error(value, 0) end
  if value == nil then return true end
  return value
end

---A file of migrations/lib, or a public module of luamig.
function words.require(name)
  if type(name) ~= "string" then core.fail("require() takes a name, not a " .. type(name)) end
  -- Models are no revision's, and `return require(…)` hides who calls.
  local root = core.current_environment() or core.caller_environment() or models
  local cache = required[root] or {}
  required[root] = cache
  if cache[name] == loading then core.fail("'" .. name .. "' requires itself") end
  if cache[name] == nil then
    local is_public = name:find("^luamig%.")
    cache[name] = is_public and open_public(name, root) or load_library(name, cache, root)
  end
  return cache[name]
end

return environment
