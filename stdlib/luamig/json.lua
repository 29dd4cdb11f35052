--- json: decoded, changed and encoded again, JSON differs by the change alone.
--
-- An object's metatable, its shape, keeps the order of its keys. Objects with the same keys share
-- one; a key that is set anew leads to the shape with that key behind the others, or, past `SHARED`
-- keys, to a shape of the object's own.

local core = require("luamig.core")
local strict = require("luamig.strict")

local rawget, rawset, type = rawget, rawset, type
local shape_of, set_shape = debug.getmetatable, debug.setmetatable

local SHARED = 64
local KEYS, SPELLED = 1, 2

local function marked(value, metatable)
  set_shape(value, metatable)
  return value
end

local json = {
  decode = core.json_decode,
  encode = core.json_encode,
  at = core.json_at,
  set = core.json_set,
}

local make

---A shape with one more key.
local function longer(shape, key)
  local keys, spelled = {}, {}
  for i, known in ipairs(shape[KEYS]) do keys[i], spelled[i] = known, shape[SPELLED][i] end
  keys[#keys + 1] = key
  spelled[#keys] = core.json_encode(key) .. ":"
  return make(keys, spelled, shape[3])
end

local function with_key(shape, key)
  local count = #shape[KEYS]
  if count < SHARED then
    local after = shape.after[key]
    if not after then
      after = longer(shape, key)
      shape.after[key] = after
    end
    return after
  end
  if not shape.own then
    local own = longer(shape, key)
    own.own = true
    return own
  end
  shape[KEYS][count + 1] = key
  shape[SPELLED][count + 1] = core.json_encode(key) .. ":"
  shape.positions[key] = count + 1
  return shape
end

local function set_new(object, key, value)
  if value == nil then return end
  if type(key) ~= "string" then
    core.fail(("a key of a JSON object is a text, not a %s (%s)"):format(type(key), tostring(key)),
      "object[tostring(key)] = value; lists are json.array{…}")
  end
  local shape = shape_of(object)
  if not shape.positions[key] then set_shape(object, with_key(shape, key)) end
  rawset(object, key, value)
end

local function in_order(object)
  local keys, i = shape_of(object)[KEYS], 0
  return function()
    local value
    repeat
      i = i + 1
      if keys[i] == nil then return nil end
      value = rawget(object, keys[i])
    until value ~= nil
    return keys[i], value
  end
end

local weak = { __mode = "v" }

---A shape, or nil and the position of a key that was there before.
function make(keys, spelled, mark)
  local positions = {}
  for i = 1, #keys do
    if positions[keys[i]] then return nil, i end
    positions[keys[i]] = i
  end
  return {
    keys, spelled, mark,
    positions = positions,
    after = setmetatable({}, weak),
    __newindex = set_new,
    __pairs = in_order,
    __metatable = false,
  }
end

local array = { __metatable = false }
core.install_json(make, array)

local empty = shape_of(core.json_decode("{}"))

local function check_table(word, value)
  if type(value) == "table" then return end
  core.fail(word .. " takes a table, not a " .. core.type(value), word .. "{…}")
end

---An object whose keys, where it was a plain table, stand in the order of their bytes; one of a
---row has its columns, NULL as null. A plain table becomes the object itself.
---@param fields? table
---@return table
function json.object(fields)
  if fields == nil then return marked({}, empty) end
  check_table("json.object", fields)
  if core.json_kind(fields) == "object" then return fields end
  if core.is_row(fields) then return core.json_decode(core.json_encode(fields)) end
  for key in next, fields do
    if type(key) ~= "string" then
      core.fail("json.object: the key " .. tostring(key) .. " is a " .. core.type(key) ..
        ", not a text", "lists are json.array{…}")
    end
  end
  local shape = empty
  for _, key in ipairs(strict.sorted_keys(fields)) do
    if not shape.positions[key] then shape = with_key(shape, key) end
  end
  return marked(fields, shape)
end

---A list that stays one when it is empty. A plain table becomes the list itself.
---@param items? table
---@return table
function json.array(items)
  if items == nil then return marked({}, array) end
  check_table("json.array", items)
  if core.json_kind(items) == "array" then return items end
  if core.type(items) == "array" then items = { unpack(items) } end
  local count = 0
  for key in next, items do
    if type(key) ~= "number" then
      core.fail("json.array: the key '" .. tostring(key) .. "' is no position",
        "objects are json.object{…}")
    end
    count = count + 1
  end
  if count ~= #items then core.fail("json.array: the list has a gap", "write null") end
  return marked(items, array)
end

return strict.close(json, "json.")
