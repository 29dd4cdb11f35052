--- Read-only ways into the modules of the stdlib: what a script holds as `op` or `sql`.

local core = require("luamig.core")
local strict = require("luamig.strict")

local view = {}

-- The module itself where it is strict, else a strict way into it.
local function closed(name, module)
  local metatable = getmetatable(module)
  if metatable and metatable.__index then return module end
  return setmetatable({}, {
    __index = function(_, key)
      local member = module[key]
      if member == nil then
        core.fail("unknown name '" .. name .. "." .. tostring(key) .. "'" ..
          strict.did_you_mean(key, strict.sorted_keys(module)))
      end
      return member
    end,
  })
end

local shared = {}

---A read-only table of a module's members; the module is loaded when one is first named.
---@param name string as scripts call it: "op"
---@param path string the module
---@return table
function view.of(name, path)
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

return view
