--- Plain values as a text and back.
local core = require("luamig.core")
local record = require("luamig.record")
local spec = require("spec")

local equal, test = spec.equal, spec.test

local function back(value)
  return record.read(record.write(value))
end

test("what a step gives back comes back", function()
  for _, value in ipairs({ true, false, 0, -1.5, 1e300, "", "a\0b", ("x"):rep(1000) }) do
    equal(back(value), value)
  end
  equal(back(nil), nil)
  equal(back(core.null), core.null)
  local nested = { a = 1, [2] = { "b", { c = core.null } } }
  equal(back(nested), nested)
end)

test("equal tables have one spelling, in whatever order they were made", function()
  equal(record.spelling({ a = 1, b = 2, [1] = "x" }), record.spelling({ "x", b = 2, a = 1 }))
  assert(record.spelling({ a = 1 }) ~= record.spelling({ a = "1" }))
  assert(record.spelling({ "a", "b" }) ~= record.spelling({ "ab" }))
end)

test("a function is passed over in a spelling and refused in a record", function()
  equal(record.spelling({ f = print }), record.spelling({ f = pairs }))
  spec.raises("a step of a durable revision gives back a function, which cannot be kept", function()
    record.write({ print })
  end)
end)

test("a table that holds itself ends", function()
  local t = {}
  t.t = t
  local why = "a step of a durable revision gives back a value that is nested too deeply"
  spec.raises(why, function()
    record.write(t)
  end)
end)

test("a damaged record is an error", function()
  spec.raises("luamig_progress holds a damaged record", function()
    record.read("q")
  end)
end)
