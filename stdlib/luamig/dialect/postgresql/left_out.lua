--- What the schemas of a database hold that no shape does: kinds of things and how many there are.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local look = require("luamig.dialect.postgresql.shape.look")

local left_out = {}

local COUNTS = ([[
WITH s AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname IN (%%s)),
     r AS (SELECT * FROM pg_catalog.pg_class WHERE relnamespace IN (SELECT oid FROM s)),
     o AS (SELECT t.* FROM pg_catalog.pg_type AS t WHERE t.typnamespace IN (SELECT oid FROM s)
              AND %s)
  SELECT 'trigger' AS what, count(*) AS n, NULL AS names FROM pg_catalog.pg_trigger AS t
    JOIN r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'rule', count(*), NULL FROM pg_catalog.pg_rewrite AS w
    JOIN r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
  UNION ALL
  SELECT 'policy', count(*), NULL FROM pg_catalog.pg_policy AS p JOIN r ON r.oid = p.polrelid
  UNION ALL
  SELECT 'function', count(*), NULL FROM pg_catalog.pg_proc AS p
   WHERE p.pronamespace IN (SELECT oid FROM s) AND %s
  UNION ALL
  SELECT 'domain', count(*), NULL FROM o WHERE typtype = 'd'
  UNION ALL
  SELECT 'composite type', count(*), NULL FROM o JOIN r ON r.oid = o.typrelid
   WHERE o.typtype = 'c' AND r.relkind = 'c'
  UNION ALL
  SELECT 'range type', count(*), NULL FROM o WHERE typtype = 'r'
  UNION ALL
  SELECT 'table that inherits', count(*), NULL FROM pg_catalog.pg_inherits AS i
    JOIN r ON r.oid = i.inhrelid WHERE r.relkind = 'r' AND NOT r.relispartition
  UNION ALL
  SELECT 'foreign table', count(*), NULL FROM r WHERE relkind = 'f'
  UNION ALL
  SELECT 'extension', count(*), pg_catalog.string_agg(extname, ', ' ORDER BY extname)
    FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'
  UNION ALL
  SELECT 'other schema', count(*), pg_catalog.string_agg(nspname, ', ' ORDER BY nspname)
    FROM pg_catalog.pg_namespace
   WHERE oid NOT IN (SELECT oid FROM s) AND nspname !~ '^pg_' AND nspname <> 'information_schema'
]]):format(look.NO_EXTENSION:format("t.oid", "pg_type"),
  look.NO_EXTENSION:format("p.oid", "pg_proc"))

-- What others than the revisions make in a database.
local OF_OTHERS = { extension = true, ["other schema"] = true }

--- Their names in the singular, with their counts.
---@param schemas string[]
---@return { what: string, n: integer, names?: string }[]
function left_out.counts(schemas)
  local names = {}
  for i, name in ipairs(schemas) do
    names[i] = core.quote(name)
  end
  return catalog.list(COUNTS:format(table.concat(names, ", ")), {}, function(row)
    return { what = row.what, n = tonumber(row.n), names = row.names,
      is_said_only = OF_OTHERS[row.what] }
  end)
end

return left_out
