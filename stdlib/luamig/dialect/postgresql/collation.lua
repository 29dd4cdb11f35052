--- The collation of a column. ALTER COLUMN … TYPE forgets it, unless it is said again.
local catalog = require("luamig.dialect.catalog")
local ident = require("luamig.dialect.ident")

local collation = {}

-- The one that a column has and its type has not, where the type to come can have one.
local OWN = [[
  SELECT CASE WHEN s.nspname = 'pg_catalog' THEN ''
              ELSE pg_catalog.quote_ident(s.nspname) || '.' END
         || pg_catalog.quote_ident(l.collname) AS name
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
    JOIN pg_catalog.pg_namespace AS s ON s.oid = l.collnamespace
    JOIN pg_catalog.pg_type AS n ON n.oid = pg_catalog.to_regtype(:type)
   WHERE a.attrelid = pg_catalog.to_regclass(:t) AND a.attname = :name
     AND a.attcollation <> t.typcollation AND n.typcollation <> 0]]

--- " COLLATE …" with which a new type leaves a column's collation what it is, or "".
-- `type_text`: as SQL writes it.
---@param o table of alter_column
---@param type_text string
---@param facts table
---@return string
function collation.kept(o, type_text, facts)
  if type_text:upper():find("COLLATE", 1, true) then
    return ""
  end
  local name = facts.name_in_catalogs and facts.name_in_catalogs(o.name) or o.name
  local found = catalog.first(OWN, { t = ident.qualified(o.schema, o.table), name = name,
    type = type_text })
  return found and " COLLATE " .. found.name or ""
end

return collation
