--- Constraints of tables.
local marks = require("luamig.dialect.postgresql.shape.marks")
local look = require("luamig.dialect.postgresql.shape.look")

local constraints = {}

local CONSTRAINTS = ([[
  SELECT k.conrelid::bigint AS id, k.conname AS name, k.contype::text AS kind, k.conkey AS numbers,
         k.condeferrable AS deferrable, k.condeferred AS deferred, NOT k.convalidated AS not_valid,
         r.relname AS target, m.nspname AS target_schema, k.confdeltype::text AS ondelete,
         k.confupdtype::text AS onupdate, k.confmatchtype::text AS match,
         CASE WHEN k.contype = 'f' THEN ARRAY(
           SELECT b.attname::text
             FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS part(number, place)
             JOIN pg_catalog.pg_attribute AS b
               ON b.attrelid = k.confrelid AND b.attnum = part.number
            ORDER BY part.place) END AS target_columns,
         CASE WHEN k.contype = 'c'
              THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END AS condition,
         CASE WHEN k.contype = 'x' THEN ARRAY(
           SELECT pg_catalog.pg_get_indexdef(k.conindid, part.place::integer, false)
             FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS part(number, place)
            ORDER BY part.place) END AS elements,
         CASE WHEN k.contype = 'x' THEN ARRAY(
           SELECT o.oprname::text
             FROM pg_catalog.unnest(k.conexclop) WITH ORDINALITY AS part(number, place)
             JOIN pg_catalog.pg_operator AS o ON o.oid = part.number
            ORDER BY part.place) END AS operators,
         am.amname AS method, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate,
         x.indnullsnotdistinct AS nulls_not_distinct,
         CASE WHEN x.indnatts > x.indnkeyatts THEN ARRAY(
           SELECT b.attname::text
             FROM pg_catalog.unnest(x.indkey) WITH ORDINALITY AS part(number, place)
             JOIN pg_catalog.pg_attribute AS b
               ON b.attrelid = k.conrelid AND b.attnum = part.number
            WHERE part.place > x.indnkeyatts
            ORDER BY part.place) END AS included,
         k.confdelsetcols AS ondelete_numbers, k.connoinherit AS no_inherit,
         k.coninhcount > 0 AND k.conislocal AS is_own,
         i.reloptions AS options, n.nspname AS schema, @MARKS AS marks, @COMMENTS AS comments
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid
    LEFT JOIN pg_catalog.pg_namespace AS m ON m.oid = r.relnamespace
    LEFT JOIN pg_catalog.pg_index AS x
      ON k.contype IN ('p', 'u', 'x') AND x.indexrelid = k.conindid
    LEFT JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    LEFT JOIN pg_catalog.pg_am AS am ON am.oid = i.relam
   WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0 AND NOT c.relispartition
     AND n.nspname IN (%s)
   ORDER BY k.conrelid, k.conname COLLATE "C"]]):gsub("@%u+", {
     ["@MARKS"] = marks.INDEX, ["@COMMENTS"] = marks.CONSTRAINT_COMMENTS })

local KINDS = { p = "primary_key", u = "unique", c = "check", f = "foreign_key", x = "exclude" }
local ACTIONS = { r = "RESTRICT", c = "CASCADE", n = "SET NULL", d = "SET DEFAULT" }

-- PostgreSQL cuts a name of its own making down to 63 bytes, in the middle.
local function is_own_name(of, c)
  local parts = { of.name }
  if c.kind == "check" then
    parts[2] = #c.columns == 1 and c.columns[1] or nil
  elseif c.kind ~= "primary_key" then
    for _, name in ipairs(c.columns) do
      parts[#parts + 1] = name ~= "" and name or "expr"
    end
    for _, name in ipairs(c.include or {}) do
      parts[#parts + 1] = name
    end
  end
  local suffix = ({ primary_key = "pkey", unique = "key", check = "check", foreign_key = "fkey",
    exclude = "excl" })[c.kind]
  parts[#parts + 1] = suffix
  local name = table.concat(parts, "_")
  if #name > 63 then
    return #c.name >= 62 and c.name:find("_" .. suffix .. "%d*$") ~= nil
  end
  local number = c.name:sub(1, #name) == name and c.name:sub(#name + 1)
  return number and number:find("^%d*$") ~= nil or false
end

local makers = {}

-- What the reader found by the number of a column.
local function named(of, numbers)
  local names = {}
  for i, number in ipairs(look.list_of(numbers)) do
    names[i] = of.numbers[tonumber(number)] or ""
  end
  return names
end

function makers.primary_key(_, c, row)
  c.include = row.included and look.list_of(row.included)
end

function makers.unique(_, c, row)
  c.include = row.included and look.list_of(row.included)
  c.nulls_not_distinct = row.nulls_not_distinct or nil
end

function makers.check(at, c, row)
  c.condition = look.bare(at:said(row.condition))
  c.no_inherit = row.no_inherit or nil
  c.not_valid = row.not_valid or nil
end

function makers.foreign_key(at, c, row, of)
  local set = named(of, row.ondelete_numbers)
  c.ondelete_columns = set[1] and set
  c.target, c.target_schema = row.target, at:shown_schema(row.target_schema)
  c.target_columns = look.list_of(row.target_columns)
  c.ondelete, c.onupdate = ACTIONS[row.ondelete], ACTIONS[row.onupdate]
  c.match = row.match == "f" and "FULL" or nil
  c.not_valid = row.not_valid or nil
end

function makers.exclude(at, c, row)
  local operators = look.list_of(row.operators)
  c.include = row.included and look.list_of(row.included)
  c.using, c.where, c.elements = row.method, look.bare(at:said(row.predicate)), {}
  for i, text in ipairs(look.list_of(row.elements)) do
    local name = c.columns[i] ~= "" and c.columns[i] or nil
    c.elements[i] = {
      text = name or look.once_enclosed(at:said(text)),
      operator = operators[i],
      is_name = name ~= nil or nil,
    }
  end
end

--- Reads the constraints of the tables.
function constraints.read(at)
  at:rows(CONSTRAINTS, function(row)
    local of = at.by_id[row.id]
    if not of then
      return
    end
    local c = { kind = KINDS[row.kind], name = row.name, columns = named(of, row.numbers) }
    c.deferrable = row.deferrable or nil
    c.initially = row.deferred and "DEFERRED" or nil
    c.with = look.settings_of(row.options)
    c.is_own = row.is_own or nil
    c.marks = look.marks_of(row.schema, row.marks)
    c.comments = look.marks_of(row.schema, row.comments)
    if makers[c.kind] then
      makers[c.kind](at, c, row, of)
    end
    c.auto = is_own_name(of, c)
    if c.kind == "primary_key" then
      of.primary_key = c
    else
      of.constraints[#of.constraints + 1] = c
    end
  end)
end

return constraints
