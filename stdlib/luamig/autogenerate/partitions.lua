--- What leads from the partitions of one shape to those of the other. Those that only the database
-- has are left alone: who makes them by the clock does not write them into the models.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local object_nodes = require("luamig.autogenerate.object_nodes")
local phases = require("luamig.autogenerate.phases")
local shape = require("luamig.autogenerate.shape")

local partitions = {}

local function table_of(p)
  return shape.key(p.table_schema, p.table)
end

-- By the shape that a partition of a partition has, too.
local function exists(of_shape, key)
  return of_shape.tables[key] ~= nil or of_shape.partitions[key] ~= nil
end

--- The partitions of a list of keys, each after the one that it is a part of.
---@param of_shape table
---@param keys string[]
---@return string[]
function partitions.sorted(of_shape, keys)
  local needs = {}
  for _, key in ipairs(keys) do
    needs[key] = { table_of(of_shape.partitions[key]) }
  end
  local order = phases.sorted(keys, needs, function() end)
  return order
end

local function execute(plan, text, note)
  plan:add("option", { op = "execute", statement = { postgresql = text } }, note)
end

local function bound(values)
  return values:upper() == "DEFAULT" and values or "FOR VALUES " .. values
end

local function compare_one(plan, was, p)
  if was.partition_by ~= p.partition_by then
    core.fail(("autogenerate: the partition %s is divided in another way, and PostgreSQL divides "
      .. "a table only when it is made"):format(shape.key(p.schema, p.name)),
      "write a migration that makes it anew and moves the rows")
  elseif was.values == p.values and table_of(was) == table_of(p) then
    return
  end
  local name = ident.qualified(p.schema, p.name)
  execute(plan, ("ALTER TABLE %s DETACH PARTITION %s"):format(
    ident.qualified(p.table_schema, was.table), name))
  execute(plan, ("ALTER TABLE %s ATTACH PARTITION %s %s"):format(
    ident.qualified(p.table_schema, p.table), name, bound(p.values)),
    "fails where a row is outside of these bounds")
end

-- Whether it is to be made: models describe it, or its table comes back.
local function is_wanted(work, old, new, p)
  return not work.is_back and new.described or not exists(old, table_of(p))
end

local function has_default(of_shape, of_table)
  for _, p in shape.each(of_shape.partitions) do
    if p.values:upper() == "DEFAULT" and table_of(p) == of_table then
      return true
    end
  end
  return false
end

--- Adds the operations of the partitions.
---@param work table
---@param plan table
---@param old table
---@param new table
function partitions.compare(work, plan, old, new)
  local made, gone = {}, {}
  for key, p in shape.each(new.partitions) do
    local was = old.partitions[key]
    if was then
      compare_one(plan, was, p)
    elseif is_wanted(work, old, new, p) then
      made[#made + 1] = key
    end
  end
  for key, p in shape.each(old.partitions) do
    if work.is_back and old.described and not new.partitions[key] and exists(new, table_of(p)) then
      gone[#gone + 1] = key
    end
  end
  for _, key in ipairs(partitions.sorted(new, made)) do
    local p = new.partitions[key]
    plan:add("partition_new", object_nodes.create_partition(p),
      has_default(old, table_of(p)) and "fails where the DEFAULT partition holds rows of it" or nil)
  end
  local order = partitions.sorted(old, gone)
  for i = #order, 1, -1 do
    local p = old.partitions[order[i]]
    plan:add("partition_drop", { op = "drop_table", name = p.name, schema = p.schema },
      "destroys the rows of the partition")
  end
end

return partitions
