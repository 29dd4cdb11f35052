--- The names that a file may set for luamig to read, and what each of them may be. A value of
-- another kind is an error in the line that sets it.

local core = require("luamig.core")
local sandbox = require("luamig.sandbox")

local declared = {}

local function set_of(list)
  local set = {}
  for _, name in ipairs(list) do set[name] = true end
  return set
end

local names = { migration = set_of(sandbox.header), models = {}, env = set_of(sandbox.hooks) }
for _, name in ipairs(sandbox.settings) do names.env[name] = true end

local types = {
  models = {},
  migration = { upgrade = "function", downgrade = "function", verify = "function" },
  env = { configure = "table" },
}
for _, name in ipairs(sandbox.hooks) do types.env[name] = "function" end

---Whether luamig knows a global of this name.
---@param kind "migration"|"models"|"env"
---@param name any
---@return boolean
function declared.has(kind, name)
  return names[kind][name] or false
end

---The names of one kind of file, as a set.
---@param kind "migration"|"models"|"env"
---@return table
function declared.names(kind)
  return names[kind]
end

---Refuses a value that such a name may not have.
---@param kind "migration"|"models"|"env"
---@param name any
---@param value any
function declared.check(kind, name, value)
  local wanted = types[kind][name]
  if wanted and value ~= nil and type(value) ~= wanted then
    core.fail("'" .. name .. "'" .. (kind == "env" and " of env.lua" or "") .. " is a " ..
      type(value) .. ", not a " .. wanted,
      wanted == "function" and "function " .. name .. "() … end" or nil)
  end
end

return declared
