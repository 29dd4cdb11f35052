--- From one shape to another: the operations that make the second of the first.
local core = require("luamig.core")
local enums = require("luamig.autogenerate.enums")
local inheritance = require("luamig.autogenerate.inheritance")
local partitions = require("luamig.autogenerate.partitions")
local phases = require("luamig.autogenerate.phases")
local references = require("luamig.autogenerate.references")
local renamed = require("luamig.autogenerate.renamed")
local renames = require("luamig.autogenerate.renames")
local sequences = require("luamig.autogenerate.sequences")
local shape = require("luamig.autogenerate.shape")
local sqlite_enums = require("luamig.autogenerate.sqlite_enums")
local strict = require("luamig.strict")
local tables = require("luamig.autogenerate.tables")
local views = require("luamig.autogenerate.views")

local compare = {}

local methods = {}
methods.__index = methods

--- Refuses a difference that luamig has no operation for.
function methods.fail(_, what)
  core.fail("autogenerate: " .. what .. ", which no operation changes",
    "make the table anew by hand, or say in the models what it is")
end

-- The keys that one list of things has and the other has not, by folded names.
local function missing(words, things, from)
  local known, keys = {}, {}
  for key in shape.each(from) do
    known[words.fold(key)] = key
  end
  for _, key in ipairs(strict.sorted_keys(things)) do
    if not known[words.fold(key)] then
      keys[#keys + 1] = key
    end
  end
  return keys, known
end

-- Of tables in a circle some foreign keys are made, or dropped, apart; `can_wait`: not where a
-- foreign key can be made before its table.
local function sorted_tables(things, keys, can_wait)
  local needs = {}
  for _, key in ipairs(keys) do
    needs[key] = tables.needs(things[key])
  end
  local order = phases.sorted(keys, needs, function(name, need)
    if not can_wait then
      tables.leave_out(things[name], need)
    end
  end)
  return order
end

local function create_tables(work, plan, old, new)
  local keys = missing(work.words, new.tables, old.tables)
  for _, key in ipairs(sorted_tables(new.tables, keys, work.words.name == "sqlite")) do
    tables.create(work, plan, new.tables[key])
  end
end

local function drop_tables(work, plan, old, new)
  local order = sorted_tables(old.tables, (missing(work.words, old.tables, new.tables)))
  for i = #order, 1, -1 do
    tables.drop(plan, old.tables[order[i]])
  end
end

local function compare_tables(work, plan, old, new)
  local _, known = missing(work.words, new.tables, old.tables)
  for key, of in shape.each(new.tables) do
    local was = old.tables[known[work.words.fold(key)]]
    if was and was ~= of then
      tables.compare(work, plan, was, of)
    end
  end
end

local function compare_schemas(plan, old, new)
  for name in shape.each(new.schemas or {}) do
    if not (old.schemas or {})[name] then
      plan:add("schema", { op = "create_schema", name = name, if_not_exists = true })
    end
  end
end

-- The tables that are renamed, or have a column that is.
local function renamed_tables(list)
  local found = {}
  for _, one in ipairs(list.tables) do
    found[shape.key(one.schema, one.new)] = true
  end
  for _, one in ipairs(list.columns) do
    found[one.table] = true
  end
  return found
end

local function one_way(work, old, new, list)
  work.is_back, work.renamed, work.retyped = work.is_back ~= nil, renamed_tables(list), {}
  local plan = phases.new()
  local after, touched = renamed.apply(old, list)
  work.remade = enums.remade_columns(work, after, new)
  work.widened = enums.widened(work, after, new)
  for _, o in ipairs(renames.operations(list, new)) do
    plan:add("rename", o)
  end
  create_tables(work, plan, after, new)
  compare_tables(work, plan, after, new)
  references.renew(work, plan, after, new)
  drop_tables(work, plan, after, new)
  partitions.compare(work, plan, after, new)
  compare_schemas(plan, after, new)
  enums.compare(work, plan, after, new)
  sequences.compare(plan, after, new)
  views.compare(work, plan, after, new, touched)
  inheritance.settle(plan, after, new)
  return plan:all()
end

-- What was left out of tables in one direction is looked at anew in the other.
local function forget(of_shape)
  for _, of in shape.each(of_shape.tables) do
    of.parts_left_out = of.filtered
    for _, c in ipairs(of.constraints) do
      c.left_out = nil
    end
  end
end

--- The operations from `old` to `new`, and those back. `settings`: compare_type and
-- compare_server_default of env.lua.
---@param words table the dialect's shape_words
---@param old table
---@param new table
---@param settings table
---@return table[] up
---@return table[] down
function compare.shapes(words, old, new, settings)
  local work = setmetatable({ words = words, settings = settings }, methods)
  if words.name == "sqlite" then
    sqlite_enums.settle(old, new)
  end
  local list = renames.find(old, new)
  local up = one_way(work, old, new, list)
  if #up == 0 then
    return up, {}
  end
  forget(old)
  forget(new)
  local down = one_way(work, new, old, renames.inverted(list))
  return up, down
end

return compare
