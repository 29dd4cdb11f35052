--- Partitions: what they are a part of, and which rows they hold. All else is their table's.
local look = require("luamig.dialect.postgresql.shape.look")
local shape = require("luamig.autogenerate.shape")

local partitions = {}

local PARTITIONS = ([[
  SELECT c.relname AS name, n.nspname AS schema, p.relname AS of_table, m.nspname AS of_schema,
         pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound,
         CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_by
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = c.oid
    JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
    JOIN pg_catalog.pg_namespace AS m ON m.oid = p.relnamespace
   WHERE c.relispartition AND c.relkind IN ('r', 'p') AND n.nspname IN (%%s) AND %s]]):format(
     look.NO_EXTENSION:format("c.oid", "pg_class"))

--- Reads the partitions into a shape.
function partitions.read(at, into)
  at:rows(PARTITIONS, function(row)
    local schema = at:shown_schema(row.schema)
    into.partitions[shape.key(schema, row.name)] = {
      name = row.name,
      schema = schema,
      table = row.of_table,
      table_schema = at:shown_schema(row.of_schema),
      values = at:said(row.bound):gsub("^FOR VALUES ", ""),
      partition_by = at:said(row.partition_by),
    }
  end)
end

return partitions
