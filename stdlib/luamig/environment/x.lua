--- `x`: the -x arguments of the command line. `x.batch` is a text or nil, `x("batch", 500)` has a
-- default and its type, `x("batch")` must be given.
local core = require("luamig.core")

local x = {}

local words_of_truth = { ["true"] = true, yes = true, ["1"] = true, on = true,
  ["false"] = false, no = false, ["0"] = false, off = false }

---An -x argument in the type of its default.
local function argument(name, default)
  if type(name) ~= "string" then
    core.fail("x(…) takes the name of an argument of -x, got " .. core.type(name),
      'x("batch", 500), or x.batch')
  end
  local text = core.x(name)
  if text == nil then
    if default == nil then
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

--- A view of the arguments.
---@return table<string, string>|fun(name: string, default?: any): any
function x.view()
  return setmetatable({}, {
    __index = function(_, name) return core.x(name) end,
    __newindex = function() core.fail("'x' is read-only: it holds the -x arguments") end,
    __call = function(_, name, default) return argument(name, default) end,
    __metatable = false,
  })
end

return x
