--- The enums of SQLite's shapes. SQLite keeps a column of an enum as a text with a CHECK of the
-- enum's name (dialect/sqlite/enum_checks.lua); which of those are enums is said by the models, of
-- either side, or else by their look.
local enum_checks = require("luamig.dialect.sqlite.enum_checks")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")

local sqlite_enums = {}

local function column_of(of, name)
  for _, column in ipairs(of.columns) do
    if tokens.same(column.name, name) then
      return column
    end
  end
  return nil
end

-- Each CHECK that may be an enum's: { of, c, column, values }.
local function candidates(of_shape)
  local list = {}
  for _, of in shape.each(of_shape.tables) do
    for _, c in ipairs(of.constraints) do
      local read = c.kind == "check" and not c.auto and tokens.read(c.condition)
      local name, values = enum_checks.read(read or {}, 1, read and #read or 0)
      local column = name and column_of(of, name)
      if column then
        list[#list + 1] = { of = of, c = c, column = column, values = values,
          key = c.name:lower() }
      end
    end
  end
  return list
end

local function is_of_model(one)
  local model = one.column.model
  return model ~= nil and model.type.name == "enum"
    and tokens.same(model.type.type_name, one.c.name)
end

-- What the models of a shape say, if it has any: names of enums, and of other such CHECKs.
local function said_by(of_shape, list)
  local said = { enums = {}, checks = {} }
  for _, of in shape.each(of_shape and of_shape.tables or {}) do
    said.is_model = said.is_model or of.model ~= nil
  end
  for _, one in ipairs(list) do
    said[is_of_model(one) and "enums" or "checks"][one.key] = true
  end
  return said
end

local function same(a, b)
  return table.concat(a, "\0") == table.concat(b, "\0")
end

-- The names whose columns do not all have the same values.
local function mixed_names(list)
  local first, mixed = {}, {}
  for _, one in ipairs(list) do
    first[one.key] = first[one.key] or one
    mixed[one.key] = mixed[one.key] or not same(first[one.key].values, one.values)
  end
  return mixed
end

local function is_enum(one, said, mixed)
  if one.of.model then
    return is_of_model(one)
  elseif said.enums[one.key] then
    return true
  end
  return said.is_model and not said.checks[one.key] and not mixed[one.key]
    and one.c.in_column and one.column.type == "TEXT"
end

local function take_out(of, c)
  for i, one in ipairs(of.constraints) do
    if one == c then
      table.remove(of.constraints, i)
      return
    end
  end
end

local function settle(of_shape, list, said)
  local mixed = mixed_names(list)
  for _, one in ipairs(list) do
    if is_enum(one, said, mixed) and not one.column.enum then
      one.column.enum = { name = one.c.name, values = one.values }
      take_out(one.of, one.c)
      of_shape.enums[one.key] = of_shape.enums[one.key] or { name = one.c.name,
        values = one.values, is_mixed = mixed[one.key],
        is_guess = not one.of.model and not said.enums[one.key] }
    end
  end
end

--- Finds the enums of two shapes that are compared.
---@param a table
---@param b table
function sqlite_enums.settle(a, b)
  local of_a, of_b = candidates(a), candidates(b)
  local said_a, said_b = said_by(a, of_a), said_by(b, of_b)
  settle(a, of_a, said_b)
  settle(b, of_b, said_a)
end

--- Those of a shape that is written down.
---@param of_shape table
function sqlite_enums.settle_alone(of_shape)
  settle(of_shape, candidates(of_shape), { enums = {}, checks = {}, is_model = true })
end

--- Whether two columns are of one enum, or of none. What add_enum_value gives to all its columns is
-- no difference of theirs.
---@param work table the comparison (compare.lua)
---@param old { name: string, values: string[] }?
---@param new { name: string, values: string[] }?
---@return boolean
function sqlite_enums.same(work, old, new)
  if not old or not new then
    return old == new
  end
  local key = new.name:lower()
  return old.name:lower() == key and (work.widened[key] or same(old.values, new.values))
end

--- Whether every value of the old enum is one of the new one; no enum has any value.
---@param new { values: string[] }
---@param old { values: string[] }?
---@return boolean
function sqlite_enums.holds_all(new, old)
  local known = strict.set(new.values)
  for _, value in ipairs(old and old.values or {}) do
    if not known[value] then
      return false
    end
  end
  return old ~= nil
end

return sqlite_enums
