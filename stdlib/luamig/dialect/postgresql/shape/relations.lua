--- Tables and views.
local look = require("luamig.dialect.postgresql.shape.look")
local shape = require("luamig.autogenerate.shape")

local relations = {}

local RELATIONS = ([[
  SELECT c.oid::bigint AS id, c.relname AS name, n.nspname AS schema, c.relkind::text AS kind,
         c.relpersistence = 'u' AS unlogged, c.reloptions AS options, d.description AS comment,
         CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_by,
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END AS query,
         c.relhastriggers AS has_triggers
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_description AS d
      ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
   WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND n.nspname IN (%%s)
     AND %s
   ORDER BY c.relname COLLATE "C"]]):format(look.NO_EXTENSION:format("c.oid", "pg_class"))

local INHERITS = [[
  SELECT h.inhrelid::bigint AS id, r.relname AS name, m.nspname AS schema
    FROM pg_catalog.pg_inherits AS h
    JOIN pg_catalog.pg_class AS c ON c.oid = h.inhrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class AS r ON r.oid = h.inhparent
    JOIN pg_catalog.pg_namespace AS m ON m.oid = r.relnamespace
   WHERE c.relkind = 'r' AND NOT c.relispartition AND n.nspname IN (%s)
   ORDER BY h.inhrelid, h.inhseqno]]

--- Reads which tables inherit from which.
function relations.read_inherits(at)
  at:rows(INHERITS, function(row)
    local of = at.by_id[row.id]
    if of then
      of.inherits = of.inherits or {}
      table.insert(of.inherits, shape.key(at:shown_schema(row.schema), row.name))
    end
  end)
end

--- Reads the tables and views into a shape.
function relations.read(at, into)
  at:rows(RELATIONS, function(row)
    local schema = at:shown_schema(row.schema)
    local key = shape.key(schema, row.name)
    if at.is_book(row.name) then
      return
    end
    local thing = { name = row.name, schema = schema, indexes = {}, comment = row.comment }
    at.by_id[row.id] = thing
    if row.query then
      thing.query = at:said(row.query):gsub("^%s+", ""):gsub(";%s*$", "")
      thing.materialized, thing.uses = row.kind == "m" or nil, {}
      into.views[key] = thing
    else
      thing.columns, thing.constraints, thing.numbers = {}, {}, {}
      thing.unlogged = row.unlogged or nil
      thing.partition_by = at:said(row.partition_by)
      into.tables[key] = thing
    end
    thing.with = look.settings_of(row.options)
  end)
end

return relations
