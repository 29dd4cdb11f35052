--- How far an operation on many rows has come.
local core = require("luamig.core")
local progress = require("luamig.data.progress")
local spec = require("spec")
local equal, test = spec.equal, spec.test

-- What the host was told, with the clock at these milliseconds.
local function told(total, start, clock, rows)
  local now = 0
  local real = core.clock
  core.clock = function()
    return now
  end
  local come_to = progress.of("backfill users", start, total)
  now = clock
  come_to(rows)
  core.clock = real
  return core.now.worked
end

test("progress names the work, its rows, of how many, those of this run, the seconds", function()
  equal(told(500, 100, 4000, 300), { "backfill users", 300, 500, 200, 4 })
end)

test("how many there are is asked after two seconds, and dropped when it is wrong", function()
  local asked = 0
  local function total()
    asked = asked + 1
    return 250
  end
  equal(told(total, 0, 1999, 10)[3], nil)
  equal(asked, 0)
  equal(told(total, 0, 2001, 10)[3], 250)
  equal(asked, 1)
  equal(told(total, 0, 2001, 251)[3], nil)
end)
