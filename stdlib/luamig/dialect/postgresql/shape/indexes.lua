--- Indexes that are no constraint's.
local marks = require("luamig.dialect.postgresql.shape.marks")
local look = require("luamig.dialect.postgresql.shape.look")
local ident = require("luamig.dialect.ident")

local indexes = {}

local INDEXES = ([[
  SELECT x.indrelid::bigint AS id, i.relname AS name, x.indisunique AS is_unique,
         am.amname AS method, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate,
         x.indnullsnotdistinct AS nulls_not_distinct, part.place > x.indnkeyatts AS included,
         a.attname AS col,
         CASE WHEN a.attname IS NULL
              THEN pg_catalog.pg_get_indexdef(x.indexrelid, part.place, false) END AS expression,
         CASE WHEN NOT o.opcdefault THEN o.opcname END AS class, i.reloptions AS options,
         n.nspname AS schema, @MARKS AS marks, @COMMENTS AS comments,
         CASE WHEN x.indcollation[part.place - 1] <> a.attcollation
              THEN l.collname END AS collation,
         CASE WHEN part.place <= x.indnkeyatts THEN x.indoption[part.place - 1] END AS option
    FROM pg_catalog.pg_index AS x
    JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am AS am ON am.oid = i.relam
   CROSS JOIN LATERAL pg_catalog.generate_series(1, x.indnatts) AS part(place)
    LEFT JOIN pg_catalog.pg_attribute AS a
      ON a.attrelid = c.oid AND a.attnum = x.indkey[part.place - 1] AND a.attnum > 0
    LEFT JOIN pg_catalog.pg_opclass AS o
      ON part.place <= x.indnkeyatts AND o.oid = x.indclass[part.place - 1]
    LEFT JOIN pg_catalog.pg_collation AS l
      ON part.place <= x.indnkeyatts AND l.oid = x.indcollation[part.place - 1]
   WHERE NOT i.relispartition AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
     AND n.nspname IN (%s)
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS k
                      WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
   ORDER BY x.indrelid, i.relname COLLATE "C", part.place]]):gsub("@%u+", {
     ["@MARKS"] = marks.INDEX, ["@COMMENTS"] = marks.INDEX_COMMENT })

-- What stands behind an indexed column; 1: descending, 2: NULLs first.
local function order_of(option)
  local descending, nulls_first = option % 2 == 1, option >= 2
  local words = descending and " DESC" or ""
  if nulls_first ~= descending then
    words = words .. (nulls_first and " NULLS FIRST" or " NULLS LAST")
  end
  return words
end

local function index_part(at, index, row)
  local option = tonumber(row.option)
  local order = order_of(option)
  local class = row.class and " " .. row.class or ""
  local collation = row.collation and " COLLATE " .. ident.quote(row.collation) or ""
  if row.col and order == "" and collation == "" then
    if row.class then
      index.ops = index.ops or {}
      index.ops[row.col] = row.class
    end
    return { name = row.col }
  end
  local what = row.col and ident.quote(row.col) or look.once_enclosed(at:said(row.expression))
  return { text = what .. collation .. class .. order }
end

--- Reads the indexes of tables and materialized views.
function indexes.read(at)
  local index, of
  at:rows(INDEXES, function(row)
    if not at.by_id[row.id] then
      return
    end
    if of ~= row.id or index.name ~= row.name then
      of = row.id
      index = {
        name = row.name,
        unique = row.is_unique or nil,
        using = row.method ~= "btree" and row.method or nil,
        where = look.bare(at:said(row.predicate)),
        nulls_not_distinct = row.nulls_not_distinct or nil,
        columns = {},
        with = look.settings_of(row.options),
        marks = look.marks_of(row.schema, row.marks),
        comments = look.marks_of(row.schema, row.comments),
      }
      table.insert(at.by_id[of].indexes, index)
    end
    if row.included then
      index.include = index.include or {}
      table.insert(index.include, row.col)
    else
      table.insert(index.columns, index_part(at, index, row))
    end
  end)
end

return indexes
