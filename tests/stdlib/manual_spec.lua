--- docs/operations.md is what the registry says.
local manual = require("manual")
local spec = require("spec")

spec.test("docs/operations.md is up to date", function()
  local path = spec.here .. "/../../docs/operations.md"
  local text = manual.text()
  if os.getenv("LUAMIG_WRITE_MANUAL") then
    local file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
  end
  local file = assert(io.open(path))
  local found = file:read("*a")
  file:close()
  if found ~= text then
    error("it is stale: LUAMIG_WRITE_MANUAL=1 luajit tests/stdlib/run.lua stdlib manual")
  end
end)
