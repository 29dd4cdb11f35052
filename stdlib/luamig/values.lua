--- The values that Lua has not: exact numbers, and the rows of a query.
--
-- An exact number is one object for equal digits, so `==` and table keys work; its digits are kept
-- by the host. It is cdata because only cdata may be compared with a plain number.

local core = require("luamig.core")
local ffi = require("ffi")
local habits = require("luamig.environment.habits")
local strict = require("luamig.strict")

local values = {}

local MOST_SHOWN = 20 -- columns in the text of a row

---What `..` and tostring say of one side.
local function text_of(value)
  return core.digits(value) or tostring(value)
end

local function is_number(value)
  local kind = core.type(value)
  return kind == "exact" or kind == "number" or kind == "int64"
end

local methods = {}

---The quotient with `scale` places, halves away from zero.
---@param divisor number|exact
---@param scale integer
---@return number|exact
function methods:div(divisor, scale)
  return core.arithmetic("div", self, divisor, scale)
end

---With `scale` places, halves away from zero.
---@param scale integer
---@return number|exact
function methods:round(scale)
  return core.arithmetic("round", self, scale)
end

---The nearest plain number: digits may be lost.
---@return number
function methods:number()
  return tonumber(core.digits(self))
end

local function division()
  core.fail("exact numbers have no '/': say how many places", "a:div(b, 2)")
end

local exact = ffi.metatype(ffi.typeof("struct { uint8_t unused; }"), {
  __index = function(_, name)
    local method = methods[name]
    if not method then
      core.fail("exact numbers have no '" .. tostring(name) .. "'", "a:div(b, 2), a:round(2)")
    end
    return method
  end,
  __newindex = function() core.fail("an exact number cannot be changed") end,
  __add = function(a, b) return core.arithmetic("add", a, b) end,
  __sub = function(a, b) return core.arithmetic("sub", a, b) end,
  __mul = function(a, b) return core.arithmetic("mul", a, b) end,
  __unm = function(a) return core.arithmetic("sub", 0, a) end,
  __div = division,
  __mod = function() core.fail("exact numbers have no '%'") end,
  __pow = function() core.fail("exact numbers have no '^'") end,
  __eq = function(a, b)
    if rawequal(a, b) then return true end
    if not (is_number(a) and is_number(b)) then return false end
    if type(a) == "number" and a % 1 ~= 0 or type(b) == "number" and b % 1 ~= 0 then
      return false
    end
    local left, right = core.digits(a), core.digits(b)
    if left and not left:find("^-?%d") or right and not right:find("^-?%d") then return false end
    return core.compare(a, b) == 0
  end,
  __lt = function(a, b) return core.compare(a, b) < 0 end,
  __le = function(a, b) return core.compare(a, b) <= 0 end,
  __concat = function(a, b) return text_of(a) .. text_of(b) end,
  __tostring = function(a) return core.digits(a) end,
})

core.install_exact(function() return exact() end)

---@param names string[] in query order
local function positions_of(names)
  local positions = {}
  for i = 1, #names do
    positions[names[i]] = positions[names[i]] and 0 or i
  end
  return positions
end

local function missing_column(names, positions, key)
  if type(key) == "number" then
    if key == 0 then core.fail("columns count from 1: row[1] is the first") end
    if key >= 1 and key <= #names then return nil end
    core.fail("no column " .. key .. ": the row has " .. #names)
  end
  if positions[key] == 0 then
    core.fail("two columns are named '" .. key .. "'", "give one another name by AS, or use row[1]")
  end
  core.fail("no column '" .. tostring(key) .. "'" .. strict.did_you_mean(key, names), habits[key])
end

---The metatable of all rows with these columns: strict, read-only, in query order.
---@param names string[]
---@return table
function values.row_metatable(names)
  local positions = positions_of(names)
  local null = core.null

  local function index(row, key)
    local position = positions[key]
    if position and position > 0 then return rawget(row, position) end
    return missing_column(names, positions, key)
  end

  local function in_order(row)
    local i = 0
    return function()
      i = i + 1
      if names[i] == nil then return nil end
      local value = rawget(row, i)
      if value == nil then value = null end
      return names[i], value
    end
  end

  local function plain(row)
    local copy = {}
    for i = 1, #names do copy[names[i]] = rawget(row, i) end
    return copy
  end

  local shown_names = {}
  for i = 1, math.min(#names, MOST_SHOWN) do shown_names[i] = names[i] end

  local function shown(row)
    local text = require("luamig.assertions").show_row(shown_names, unpack(row, 1, #shown_names))
    return "{ " .. text .. (#names > MOST_SHOWN and ", …" or "") .. " }"
  end

  return {
    columns = names,
    positions = positions,
    __index = index,
    __newindex = function(_, key)
      core.fail("a row cannot be changed: row." .. tostring(key) .. " = …",
        "return the change instead, or take a plain table by row()")
    end,
    __pairs = in_order,
    __call = plain,
    __tostring = shown,
    __metatable = false,
  }
end

core.install_rows(values.row_metatable)

return values
