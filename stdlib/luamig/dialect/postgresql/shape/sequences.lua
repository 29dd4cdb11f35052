--- Sequences. Those of serial columns go into their column.
local ident = require("luamig.dialect.ident")
local look = require("luamig.dialect.postgresql.shape.look")
local shape = require("luamig.autogenerate.shape")

local sequences = {}

-- Those of identity columns belong to their column.
local SEQUENCES = ([[
  SELECT c.relname AS name, n.nspname AS schema,
         pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start,
         s.seqincrement::text AS increment, s.seqmin::text AS minvalue, s.seqmax::text AS maxvalue,
         s.seqcache AS cache, s.seqcycle AS cycle, d.refobjid::bigint AS owner,
         d.refobjsubid AS owner_column
    FROM pg_catalog.pg_sequence AS s
    JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_depend AS d
      ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
     AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
   WHERE n.nspname IN (%%s) AND d.deptype IS DISTINCT FROM 'i' AND %s]]):format(
     look.NO_EXTENSION:format("c.oid", "pg_class"))

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
    name = row.name, schema = schema, type = row.type, increment = look.number(row.increment),
    cache = tonumber(row.cache), cycle = row.cycle or nil,
  }
  local rises = s.increment > 0
  local least, most = rises and "1" or LEAST[row.type], rises and MOST[row.type] or "-1"
  s.minvalue = row.minvalue ~= least and look.number(row.minvalue) or nil
  s.maxvalue = row.maxvalue ~= most and look.number(row.maxvalue) or nil
  s.start = row.start ~= (rises and row.minvalue or row.maxvalue) and look.number(row.start) or nil
  return s
end

--- Reads the sequences into a shape.
function sequences.read(at, into)
  at:rows(SEQUENCES, function(row)
    if at.is_book(row.name) then
      return
    end
    local of = row.owner and at.by_id[row.owner]
    local schema = at:shown_schema(row.schema)
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

return sequences
