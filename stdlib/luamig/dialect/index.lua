--- CREATE INDEX, in either dialect.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local strict = require("luamig.strict")

local add = common.add
local index = {}

local function index_columns(d, i)
  local columns = {}
  for n, column in ipairs(i.columns) do
    if node.of(column) then
      columns[n] = common.expression(d, column)
    else
      local class = i.ops and i.ops[column]
      columns[n] = ident.quote(column) .. (class and " " .. class or "")
    end
  end
  return table.concat(columns, ", ")
end

local function check_classes(i)
  local known, names = {}, {}
  for _, column in ipairs(i.columns) do
    if not node.of(column) then
      known[column], names[#names + 1] = true, column
    end
  end
  for _, column in ipairs(i.ops and strict.sorted_keys(i.ops) or {}) do
    if not known[column] then
      core.fail(("index '%s': 'ops' names '%s', which is no column of it%s"):format(
        i.name, column, strict.did_you_mean(column, names)))
    end
  end
end

--- CREATE INDEX. `i`: fields of create_index that this dialect knows.
---@param d table
---@param i table
---@return table statement
function index.create(d, i)
  check_classes(i)
  common.new_name(d, i.name)
  local name, on = d.index_place(i)
  local parts = { i.unique and "CREATE UNIQUE INDEX" or "CREATE INDEX" }
  if i.concurrently then
    add(parts, "CONCURRENTLY")
  end
  if i.if_not_exists then
    add(parts, "IF NOT EXISTS")
  end
  add(parts, "%s ON %s", name, on)
  if i.using then
    add(parts, "USING %s", ident.quote(i.using))
  end
  add(parts, "(%s)", index_columns(d, i))
  if i.include then
    add(parts, "INCLUDE (%s)", ident.list(i.include))
  end
  if i.nulls_not_distinct then
    add(parts, "NULLS NOT DISTINCT")
  end
  if i.with then
    add(parts, "%s", d.parameters(i.with))
  end
  if i.where then
    add(parts, "WHERE %s", common.expression(d, i.where))
  end
  return { sql = table.concat(parts, " ") }
end

--- The index that `index = true` of a column makes.
---@return table
function index.of_column(table_name, schema, column)
  return {
    name = ("ix_%s_%s"):format(table_name, column),
    table = table_name,
    schema = schema,
    columns = { column },
  }
end

return index
