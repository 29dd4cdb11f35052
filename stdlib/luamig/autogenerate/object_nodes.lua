--- From the views, sequences, enums and partitions of a shape to the operations that make them.
local node = require("luamig.node")
local nodes = require("luamig.autogenerate.nodes")

local object_nodes = {}


--- create_view, with the indexes of a materialized one.
---@return table[]
function object_nodes.create_view(view)
  local made = { { op = "create_view", name = view.name, schema = view.schema,
    query = view.model and view.model.query or view.query,
    columns = view.model and view.model.columns or view.columns,
    materialized = view.materialized, with = view.with } }
  for _, index in ipairs(view.indexes) do
    made[#made + 1] = nodes.create_index(view, index)
  end
  return made
end

--- The fields of sql.view.
---@return table
function object_nodes.view(view)
  local made, indexes = object_nodes.create_view(view)[1], {}
  for i, index in ipairs(view.indexes) do
    indexes[i] = node.new("index", nodes.index_fields(index))
  end
  made.indexes = #indexes > 0 and indexes or nil
  return made
end

function object_nodes.drop_view(view)
  return { op = "drop_view", name = view.name, schema = view.schema,
    materialized = view.materialized }
end

function object_nodes.create_sequence(s)
  return { op = "create_sequence", name = s.name, schema = s.schema,
    type = s.type ~= "bigint" and node.new("type", { name = "plain", text = s.type }) or nil,
    start = s.start, increment = s.increment ~= 1 and s.increment or nil,
    minvalue = s.minvalue, maxvalue = s.maxvalue,
    cache = s.cache ~= 1 and s.cache or nil, cycle = s.cycle, owned_by = s.owned_by }
end

function object_nodes.create_partition(p)
  return { op = "create_partition", name = p.name, schema = p.schema, table = p.table,
    table_schema = p.table_schema, values = nodes.raw(p.values),
    partition_by = nodes.raw(p.partition_by) }
end

function object_nodes.create_enum(e)
  return { op = "create_enum", name = e.name, schema = e.schema, values = e.values }
end

return object_nodes
