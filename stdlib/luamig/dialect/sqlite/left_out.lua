--- What a database holds that no shape does: kinds of things and how many there are.
local catalog = require("luamig.dialect.catalog")

local left_out = {}

local COUNTS = [[
  SELECT 'trigger' AS what, count(*) AS n FROM main.sqlite_schema WHERE type = 'trigger'
  UNION ALL
  SELECT 'virtual table', count(*) FROM main.sqlite_schema
   WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL %'
  UNION ALL
  SELECT 'column''s VIRTUAL', count(*)
    FROM main.sqlite_schema AS m, pragma_table_xinfo(m.name, 'main') AS c
   WHERE m.type = 'table' AND c.hidden = 2]]

--- Their names in the singular, with their counts.
---@return { what: string, n: integer }[]
function left_out.counts()
  return catalog.list(COUNTS, {}, function(row)
    return { what = row.what, n = tonumber(row.n), is_said_only = row.what:find("VIRTUAL") ~= nil }
  end)
end

return left_out
