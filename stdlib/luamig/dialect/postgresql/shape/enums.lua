--- Enum types, and domains.
local marks = require("luamig.dialect.postgresql.shape.marks")
local look = require("luamig.dialect.postgresql.shape.look")
local shape = require("luamig.autogenerate.shape")

local enums = {}

-- What is of the type, or takes it, and is no column of a table. Expressions go with their tables.
local USED_BY = [[
  ARRAY(SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, 0)
          FROM pg_catalog.pg_depend AS d
          LEFT JOIN pg_catalog.pg_class AS r
            ON d.classid = 'pg_class'::regclass AND r.oid = d.objid
         WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
           AND d.deptype = 'n' AND (r.relkind IN ('c', 'f') OR d.classid NOT IN (
             'pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass,
             'pg_rewrite'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass))
         ORDER BY 1)]]

local ENUMS = (([[
  SELECT t.typname AS name, n.nspname AS schema,
         ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e
                WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels,
         @MARKS AS marks, @USED AS used_by
    FROM pg_catalog.pg_type AS t
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
   WHERE t.typtype = 'e' AND n.nspname IN (%%s) AND %s]]):format(
     look.NO_EXTENSION:format("t.oid", "pg_type"))):gsub("@%u+", { ["@MARKS"] = marks.TYPE,
       ["@USED"] = USED_BY })

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
      values = look.list_of(row.labels), marks = look.marks_of(row.schema, row.marks),
      used_by = look.marks_of(row.schema, row.used_by) }
  end)
end

return enums
