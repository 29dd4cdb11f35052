--- The shape of schemas of PostgreSQL (autogenerate/shape.lua): one query for each kind of thing.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local settled = require("luamig.dialect.postgresql.settled")
local shape = require("luamig.autogenerate.shape")

local reader = {}

--- What the name of a schema begins with that stands for another one for a while.
reader.SCRATCH = "luamig_scratch_"

-- What belongs to an extension is the extension's affair.
local NO_EXTENSION = [[NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS e
          WHERE e.objid = %s AND e.classid = '%s'::regclass AND e.deptype = 'e')]]

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
   ORDER BY c.relname COLLATE "C"]]):format(NO_EXTENSION:format("c.oid", "pg_class"))

local COLUMNS = [[
  SELECT a.attrelid::bigint AS id, a.attnum::integer AS number, a.attname AS name,
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
         pg_catalog.pg_get_expr(f.adbin, f.adrelid) AS default_text,
         a.attidentity::text AS identity,
         a.attgenerated <> '' AS generated, d.description AS comment,
         CASE WHEN a.attcollation <> t.typcollation THEN o.collname END AS collation,
         s.seqstart AS seq_start, s.seqincrement AS seq_increment
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef AS f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_description AS d
      ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
    LEFT JOIN pg_catalog.pg_collation AS o ON o.oid = a.attcollation
    LEFT JOIN pg_catalog.pg_depend AS p
      ON a.attidentity <> '' AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
     AND p.refclassid = 'pg_class'::regclass AND p.classid = 'pg_class'::regclass
     AND p.deptype = 'i'
    LEFT JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = p.objid
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
     AND n.nspname IN (%s)
   ORDER BY a.attrelid, a.attnum]]

local CONSTRAINTS = [[
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
         am.amname AS method, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid
    LEFT JOIN pg_catalog.pg_namespace AS m ON m.oid = r.relnamespace
    LEFT JOIN pg_catalog.pg_index AS x ON k.contype = 'x' AND x.indexrelid = k.conindid
    LEFT JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    LEFT JOIN pg_catalog.pg_am AS am ON am.oid = i.relam
   WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0 AND NOT c.relispartition
     AND n.nspname IN (%s)
   ORDER BY k.conrelid, k.conname COLLATE "C"]]

local INDEXES = [[
  SELECT x.indrelid::bigint AS id, i.relname AS name, x.indisunique AS is_unique,
         am.amname AS method, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate,
         x.indnullsnotdistinct AS nulls_not_distinct, part.place > x.indnkeyatts AS included,
         a.attname AS col,
         CASE WHEN a.attname IS NULL
              THEN pg_catalog.pg_get_indexdef(x.indexrelid, part.place, false) END AS expression,
         CASE WHEN NOT o.opcdefault THEN o.opcname END AS class,
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
   ORDER BY x.indrelid, i.relname COLLATE "C", part.place]]

local USES = [[
  SELECT DISTINCT w.ev_class::bigint AS id, r.relname AS name, m.nspname AS schema
    FROM pg_catalog.pg_rewrite AS w
    JOIN pg_catalog.pg_class AS v ON v.oid = w.ev_class
    JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
    JOIN pg_catalog.pg_depend AS d
      ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
     AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid
    JOIN pg_catalog.pg_class AS r ON r.oid = d.refobjid
    JOIN pg_catalog.pg_namespace AS m ON m.oid = r.relnamespace
   WHERE v.relkind IN ('v', 'm') AND n.nspname IN (%s)]]

-- What goes with a view, as the statements that give it back.
local BEARS = [[
  SELECT v.oid::bigint AS id, n.nspname AS schema, made.sql AS sql
    FROM pg_catalog.pg_class AS v
    JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
   CROSS JOIN LATERAL (
     SELECT 1 AS place, pg_catalog.format('ALTER %%s %%s OWNER TO %%s',
                 CASE v.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, v.oid::regclass,
                 v.relowner::regrole) AS sql
      WHERE v.relowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
     UNION ALL
     SELECT 2, pg_catalog.format('GRANT %%s ON %%s TO %%s%%s',
                 pg_catalog.string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type),
                 v.oid::regclass,
                 CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
                 CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
       FROM pg_catalog.aclexplode(v.relacl) AS a
      WHERE a.grantee <> v.relowner
      GROUP BY a.grantee, a.is_grantable
     UNION ALL
     SELECT 3, pg_catalog.format('COMMENT ON %%s %%s IS %%L',
                 CASE v.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, v.oid::regclass,
                 d.description)
       FROM pg_catalog.pg_description AS d
      WHERE d.objoid = v.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
     UNION ALL
     SELECT 4, pg_catalog.pg_get_triggerdef(t.oid, true)
       FROM pg_catalog.pg_trigger AS t
      WHERE t.tgrelid = v.oid AND NOT t.tgisinternal) AS made
   WHERE v.relkind IN ('v', 'm') AND n.nspname IN (%s)
   ORDER BY v.oid, made.place, made.sql]]

local ENUMS = ([[
  SELECT t.typname AS name, n.nspname AS schema,
         ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e
                WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
    FROM pg_catalog.pg_type AS t
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
   WHERE t.typtype = 'e' AND n.nspname IN (%%s) AND %s]]):format(
     NO_EXTENSION:format("t.oid", "pg_type"))

-- Those of identity columns belong to their column.
local SEQUENCES = ([[
  SELECT c.relname AS name, n.nspname AS schema,
         pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart AS start,
         s.seqincrement AS increment, s.seqmin::text AS minvalue, s.seqmax::text AS maxvalue,
         s.seqcache AS cache, s.seqcycle AS cycle, d.refobjid::bigint AS owner,
         d.refobjsubid AS owner_column
    FROM pg_catalog.pg_sequence AS s
    JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_depend AS d
      ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
     AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
   WHERE n.nspname IN (%%s) AND d.deptype IS DISTINCT FROM 'i' AND %s]]):format(
     NO_EXTENSION:format("c.oid", "pg_class"))

local KINDS = { p = "primary_key", u = "unique", c = "check", f = "foreign_key", x = "exclude" }
local ACTIONS = { r = "RESTRICT", c = "CASCADE", n = "SET NULL", d = "SET DEFAULT" }

-- Every row of a query about the schemas that are read.
local function rows(look, query, take)
  catalog.list(query:format(look.list), {}, function(row)
    take(row)
    return true
  end)
end

local function list_of(array)
  local list = {}
  for i = 1, array and (array.n or #array) or 0 do
    list[i] = array[i]
  end
  return list
end

-- The database's text, where a scratch schema stands for another one.
local function said(look, text)
  if not text then
    return nil
  end
  text = settled.text(text)
  for _, one in ipairs(look.stand_ins) do
    text = text:gsub(one.pattern, one.replacement)
  end
  return text
end

local function shown_schema(look, schema)
  local shown = look.shown[schema]
  if shown == nil then
    return schema
  end
  return shown or nil
end

-- Without the parentheses around all of it. With quotes in between nobody can tell by a pattern.
local function bare(text)
  if text and text:find("^%b()$") and not text:find("['\"]") then
    return text:sub(2, -2)
  end
  return text
end

-- An expression of an index, which stands in parentheses there, once rather than twice.
local function once_enclosed(text)
  return text:find("^%(%b()%)$") and not text:find("['\"]") and text:sub(2, -2) or text
end

local function settings_of(options)
  local with
  for _, option in ipairs(list_of(options)) do
    local name, value = option:match("^([^=]+)=(.*)$")
    with = with or {}
    with[name] = tonumber(value) or value
  end
  return with
end

local function read_relations(look, into)
  rows(look, RELATIONS, function(row)
    local schema = shown_schema(look, row.schema)
    local key = shape.key(schema, row.name)
    if look.is_book(row.name) then
      return
    end
    local thing = { name = row.name, schema = schema, indexes = {}, comment = row.comment }
    look.by_id[row.id] = thing
    if row.query then
      thing.query = said(look, row.query):gsub("^%s+", ""):gsub(";%s*$", "")
      thing.materialized, thing.uses = row.kind == "m" or nil, {}
      into.views[key] = thing
    else
      thing.columns, thing.constraints, thing.numbers = {}, {}, {}
      thing.unlogged = row.unlogged or nil
      thing.partition_by = said(look, row.partition_by)
      into.tables[key] = thing
    end
    thing.with = settings_of(row.options)
  end)
end

local function identity_of(row)
  if row.identity == "" then
    return nil
  end
  local identity = { always = row.identity == "a" or nil }
  if row.seq_start and row.seq_start ~= 1 then
    identity.start = tonumber(row.seq_start)
  end
  if row.seq_increment and row.seq_increment ~= 1 then
    identity.increment = tonumber(row.seq_increment)
  end
  return identity
end

local function read_columns(look)
  rows(look, COLUMNS, function(row)
    local of = look.by_id[row.id]
    if not of then
      return
    end
    local text = said(look, row.default_text)
    text = row.generated and bare(text) or text
    local column = {
      name = row.name,
      type = said(look, row.type),
      nullable = not row.not_null,
      identity = identity_of(row),
      comment = row.comment,
      collation = row.collation,
    }
    if row.generated then
      column.computed = text
    elseif text and not text:find("^NULL::") then
      column.default = text
    end
    of.columns[#of.columns + 1] = column
    of.numbers[row.number] = row.name
  end)
end

-- PostgreSQL cuts a name of its own making down to 63 bytes, in the middle.
local function is_own_name(of, c)
  local parts = { of.name }
  if c.kind == "check" then
    parts[2] = #c.columns == 1 and c.columns[1] or nil
  elseif c.kind ~= "primary_key" then
    for _, name in ipairs(c.columns) do
      parts[#parts + 1] = name ~= "" and name or "expr"
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

function makers.check(look, c, row)
  c.condition = bare(said(look, row.condition))
  c.not_valid = row.not_valid or nil
end

function makers.foreign_key(look, c, row)
  c.target, c.target_schema = row.target, shown_schema(look, row.target_schema)
  c.target_columns = list_of(row.target_columns)
  c.ondelete, c.onupdate = ACTIONS[row.ondelete], ACTIONS[row.onupdate]
  c.match = row.match == "f" and "FULL" or nil
  c.not_valid = row.not_valid or nil
end

function makers.exclude(look, c, row)
  local operators = list_of(row.operators)
  c.using, c.where, c.elements = row.method, bare(said(look, row.predicate)), {}
  for i, text in ipairs(list_of(row.elements)) do
    local name = c.columns[i] ~= "" and c.columns[i] or nil
    c.elements[i] = {
      text = name or once_enclosed(said(look, text)),
      operator = operators[i],
      is_name = name ~= nil or nil,
    }
  end
end

local function read_constraints(look)
  rows(look, CONSTRAINTS, function(row)
    local of = look.by_id[row.id]
    if not of then
      return
    end
    local c = { kind = KINDS[row.kind], name = row.name, columns = {} }
    for i, number in ipairs(list_of(row.numbers)) do
      c.columns[i] = of.numbers[tonumber(number)] or ""
    end
    c.deferrable = row.deferrable or nil
    c.initially = row.deferred and "DEFERRED" or nil
    if makers[c.kind] then
      makers[c.kind](look, c, row)
    end
    c.auto = is_own_name(of, c)
    if c.kind == "primary_key" then
      of.primary_key = c
    else
      of.constraints[#of.constraints + 1] = c
    end
  end)
end

-- What stands behind an indexed column; 1: descending, 2: NULLs first.
local function order_of(option)
  local descending, nulls_first = option % 2 == 1, option >= 2
  local words = descending and " DESC" or ""
  if nulls_first ~= descending then
    words = words .. (nulls_first and " NULLS FIRST" or " NULLS LAST")
  end
  return words
end

local function index_part(look, index, row)
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
  local what = row.col and ident.quote(row.col) or once_enclosed(said(look, row.expression))
  return { text = what .. collation .. class .. order }
end

local function read_indexes(look)
  local index, of
  rows(look, INDEXES, function(row)
    if not look.by_id[row.id] then
      return
    end
    if of ~= row.id or index.name ~= row.name then
      of = row.id
      index = {
        name = row.name,
        unique = row.is_unique or nil,
        using = row.method ~= "btree" and row.method or nil,
        where = bare(said(look, row.predicate)),
        nulls_not_distinct = row.nulls_not_distinct or nil,
        columns = {},
      }
      table.insert(look.by_id[of].indexes, index)
    end
    if row.included then
      index.include = index.include or {}
      table.insert(index.include, row.col)
    else
      table.insert(index.columns, index_part(look, index, row))
    end
  end)
end

local function read_uses(look)
  rows(look, USES, function(row)
    local view = look.by_id[row.id]
    if view then
      view.uses[shape.key(shown_schema(look, row.schema), row.name)] = true
    end
  end)
end

local function read_bears(look)
  rows(look, BEARS, function(row)
    local view = look.by_id[row.id]
    if view and row.schema:find(reader.SCRATCH, 1, true) ~= 1 then
      view.bears = view.bears or {}
      table.insert(view.bears, row.sql)
    end
  end)
end

local function read_enums(look, into)
  rows(look, ENUMS, function(row)
    -- sql.enum names no schema: those of other schemas are types like any other.
    if not shown_schema(look, row.schema) then
      into.enums[row.name] = { name = row.name, values = list_of(row.labels) }
    end
  end)
end

local SERIAL = { integer = "serial", bigint = "bigserial", smallint = "smallserial" }
local MOST = {
  smallint = "32767", integer = "2147483647", bigint = "9223372036854775807",
}
local LEAST = {
  smallint = "-32768", integer = "-2147483648", bigint = "-9223372036854775808",
}

-- Whether a default is the next number of this sequence.
local function takes_from(default, s)
  local name = default:match("^nextval%('(.*)'::regclass%)$")
  name = name and name:gsub("''", "'")
  return name == ident.qualified(s.schema, s.name) or name == shape.key(s.schema, s.name)
end

-- A column that was declared serial: its sequence is one as `serial` makes it, whatever its name
-- has become.
local function is_serial(column, s)
  return column and SERIAL[column.type] and not column.nullable and s.type == column.type
    and column.default and takes_from(column.default, s)
    and not (s.start or s.minvalue or s.maxvalue or s.cycle) and s.increment == 1 and s.cache == 1
end

-- Bounds that are the usual ones are left out, and so is a start at the bound.
local function plain_sequence(row, schema)
  local s = {
    name = row.name, schema = schema, type = row.type, increment = tonumber(row.increment),
    cache = tonumber(row.cache), cycle = row.cycle or nil,
  }
  local rises = s.increment > 0
  local least, most = rises and "1" or LEAST[row.type], rises and MOST[row.type] or "-1"
  s.minvalue = row.minvalue ~= least and row.minvalue or nil
  s.maxvalue = row.maxvalue ~= most and row.maxvalue or nil
  s.start = tostring(row.start) ~= (rises and row.minvalue or row.maxvalue) and tonumber(row.start)
    or nil
  return s
end

local function read_sequences(look, into)
  rows(look, SEQUENCES, function(row)
    if look.is_book(row.name) then
      return
    end
    local of = row.owner and look.by_id[row.owner]
    local schema = shown_schema(look, row.schema)
    local s = plain_sequence(row, schema)
    local column = of and shape.column(of, of.numbers[tonumber(row.owner_column)])
    if of and s.schema == of.schema and is_serial(column, s) then
      column.serial, column.default, column.sequence = SERIAL[column.type], nil, s.name
      return
    end
    if column then
      s.owned_by = { schema = of.schema, table = of.name, column = column.name }
    end
    into.sequences[shape.key(schema, row.name)] = s
  end)
end

local function quoted_list(schemas)
  local quoted = {}
  for i, schema in ipairs(schemas) do
    quoted[i] = core.quote(schema)
  end
  return table.concat(quoted, ", ")
end

--- Reads the schemas of a list. `shown`: by schema, what it is called in the shape (false: it is
-- the one that needs no name); `is_book(name)`: whether a table is one of luamig's own.
---@param schemas string[]
---@param shown table<string, string|false>
---@param is_book fun(name: string): boolean
---@return table
function reader.read(schemas, shown, is_book)
  local into = shape.new("postgresql")
  local look = { list = quoted_list(schemas), shown = shown, is_book = is_book, by_id = {},
    stand_ins = {} }
  for _, schema in ipairs(schemas) do
    local name = shown[schema]
    if schema:find(reader.SCRATCH, 1, true) == 1 then
      table.insert(look.stand_ins, {
        pattern = ident.quote(schema):gsub("%p", "%%%0") .. "%.",
        replacement = name and ident.quote(name):gsub("%%", "%%%%") .. "." or "",
      })
    end
  end
  read_relations(look, into)
  read_columns(look)
  read_constraints(look)
  read_indexes(look)
  read_uses(look)
  read_bears(look)
  read_enums(look, into)
  read_sequences(look, into)
  return into
end

return reader
