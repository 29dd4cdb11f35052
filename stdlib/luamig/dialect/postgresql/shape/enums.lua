--- Enum types, and domains.
local look = require("luamig.dialect.postgresql.shape.look")
local shape = require("luamig.autogenerate.shape")

local enums = {}

local ENUMS = ([[
  SELECT t.typname AS name, n.nspname AS schema,
         ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e
                WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
    FROM pg_catalog.pg_type AS t
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
   WHERE t.typtype = 'e' AND n.nspname IN (%%s) AND %s]]):format(
     look.NO_EXTENSION:format("t.oid", "pg_type"))

local DOMAINS = ([[
  SELECT t.typname AS name, n.nspname AS schema,
         pg_catalog.format_type(t.typbasetype, t.typtypmod) AS type
    FROM pg_catalog.pg_type AS t
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
   WHERE t.typtype = 'd' AND n.nspname IN (%%s) AND %s]]):format(
     look.NO_EXTENSION:format("t.oid", "pg_type"))

--- Reads the domains into a shape.
function enums.read_domains(at, into)
  at:rows(DOMAINS, function(row)
    local schema = at:shown_schema(row.schema)
    into.domains[shape.key(schema, row.name)] = { name = row.name, schema = schema,
      type = at:said(row.type) }
  end)
end

--- Reads the enums into a shape.
function enums.read(at, into)
  at:rows(ENUMS, function(row)
    local schema = at:shown_schema(row.schema)
    into.enums[shape.key(schema, row.name)] = { name = row.name, schema = schema,
      values = look.list_of(row.labels) }
  end)
end

return enums
