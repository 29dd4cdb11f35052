--- The names that a file may set for luamig to read, and what each of them may be. A value of
-- another kind is an error in the line that sets it.

local core = require("luamig.core")
local sandbox = require("luamig.sandbox")
local strict = require("luamig.strict")

local declared = {}

local function set_of(list)
  local set = {}
  for _, name in ipairs(list) do set[name] = true end
  return set
end

local names = { migration = set_of(sandbox.header), env = set_of(sandbox.hooks) }

local types = {
  migration = { upgrade = "function", downgrade = "function", verify = "function" },
  env = {
    configure = "table", target_metadata = "table", url = "function", include_object = "function",
    before_step = "function", after_step = "function", on_error = "function",
    process_revision = "function",
  },
}

local switches = { "compare_server_default", "compare_type", "include_schemas" }
local is_switch = set_of(switches)

local function check_configure(options)
  if #options > 0 then
    core.fail("'configure' of env.lua holds options by name, and its item 1 has no name")
  end
  for _, name in ipairs(strict.sorted_keys(options)) do
    if not is_switch[name] then
      core.fail("'configure' of env.lua has no '" .. name .. "'" ..
        strict.did_you_mean(name, switches), "it takes " .. table.concat(switches, ", "))
    elseif type(options[name]) ~= "boolean" then
      core.fail("'" .. name .. "' in 'configure' of env.lua is a " .. type(options[name]) ..
        ", not true or false")
    end
  end
end

---Whether luamig reads a global of this name.
---@param kind "migration"|"env"
---@param name any
---@return boolean
function declared.has(kind, name)
  return names[kind][name] or false
end

---The names of one kind of file, as a set.
---@param kind "migration"|"env"
---@return table
function declared.names(kind)
  return names[kind]
end

---Refuses a value that such a name may not have.
---@param kind "migration"|"env"
---@param name any
---@param value any
function declared.check(kind, name, value)
  local wanted = types[kind][name]
  if wanted and value ~= nil and type(value) ~= wanted then
    core.fail("'" .. name .. "'" .. (kind == "env" and " of env.lua" or "") .. " is a " ..
      type(value) .. ", not a " .. wanted,
      wanted == "function" and "function " .. name .. "() … end" or nil)
  end
  if kind == "env" and name == "configure" and value then check_configure(value) end
end

return declared
