--- luajit tests/stdlib/run.lua [directory of the stdlib] [part of a spec's file name]
-- Runs the *_spec.lua files beside this one; exits with 1 when one of them fails.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
local stdlib = arg[1] or here .. "/../../stdlib"

package.path = ("%s/?.lua;%s/?.lua"):format(stdlib, here)
package.loaded["luamig.core"] = require("core")

local spec = require("spec")
spec.here, spec.stdlib = here, stdlib

-- The stdlib's globals are strict when it is embedded; so they are here.
setmetatable(_G, {
  __index = function(_, name)
    error(("undeclared global '%s'"):format(tostring(name)), 2)
  end,
  __newindex = function(_, name)
    error(("setting the undeclared global '%s'"):format(tostring(name)), 2)
  end,
})

local files = {}
for path in io.popen(("ls '%s'"):format(here)):lines() do
  if path:find("_spec%.lua$") and path:find(arg[2] or "", 1, true) then
    files[#files + 1] = path
  end
end
assert(#files > 0, "no spec was found beside " .. arg[0])
for _, file in ipairs(files) do
  spec.file = file
  dofile(here .. "/" .. file)
end
os.exit(spec.run() == 0 and 0 or 1)
