--- Columns of tables.
local marks = require("luamig.dialect.postgresql.shape.marks")
local look = require("luamig.dialect.postgresql.shape.look")

local columns = {}

-- What speaks of a column and keeps its type from changing. Views are made anew around that.
local USED_BY = [[
  ARRAY(SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, 0)
          FROM pg_catalog.pg_depend AS d
          LEFT JOIN pg_catalog.pg_rewrite AS w
            ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
          LEFT JOIN pg_catalog.pg_class AS v ON v.oid = w.ev_class
         WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid
           AND d.refobjsubid = a.attnum AND d.deptype <> 'i'
           AND (v.relkind NOT IN ('v', 'm') OR d.classid IN ('pg_policy'::regclass,
             'pg_trigger'::regclass, 'pg_publication_rel'::regclass, 'pg_proc'::regclass))
         ORDER BY 1)]]

-- The statistics of several columns go with each of these.
local SHARED = [[
  ARRAY(SELECT pg_catalog.pg_get_statisticsobjdef(x.oid)
          FROM pg_catalog.pg_statistic_ext AS x
         WHERE x.stxrelid = a.attrelid AND a.attnum = ANY (x.stxkeys) ORDER BY x.stxname)]]

local COLUMNS = ([[
  SELECT a.attrelid::bigint AS id, a.attnum::integer AS number, a.attname AS name,
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
         pg_catalog.pg_get_expr(f.adbin, f.adrelid) AS default_text,
         a.attidentity::text AS identity,
         a.attgenerated <> '' AS generated, d.description AS comment,
         CASE WHEN a.attcollation <> t.typcollation THEN o.collname END AS collation,
         s.seqstart::text AS seq_start, s.seqincrement::text AS seq_increment,
         t.typstorage::text AS kept, n.nspname AS schema, @STORAGE AS storage, @MARKS AS marks,
         @USED AS used_by,
         CASE WHEN a.attgenerated <> '' THEN @SHARED END AS shared,
         a.attinhcount > 0 AND a.attislocal AS is_own
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
   ORDER BY a.attrelid, a.attnum]]):gsub("@%u+", {
     ["@STORAGE"] = marks.STORAGE, ["@MARKS"] = marks.COLUMN, ["@USED"] = USED_BY,
     ["@SHARED"] = SHARED })

local function identity_of(row)
  if row.identity == "" then
    return nil
  end
  local identity = { always = row.identity == "a" or nil }
  if row.seq_start ~= "1" then
    identity.start = look.number(row.seq_start)
  end
  if row.seq_increment ~= "1" then
    identity.increment = look.number(row.seq_increment)
  end
  return identity
end

--- Reads the columns of the tables.
function columns.read(at)
  at:rows(COLUMNS, function(row)
    local of = at.by_id[row.id]
    if not of then
      return
    end
    local text = at:said(row.default_text)
    text = row.generated and look.bare(text) or text
    local column = {
      name = row.name,
      type = at:said(row.type),
      nullable = not row.not_null,
      identity = identity_of(row),
      comment = row.comment,
      collation = row.collation,
      kept = row.kept,
      shared = look.marks_of(row.schema, row.shared),
      is_own = row.is_own or nil,
      storage = look.marks_of(row.schema, row.storage),
      marks = look.marks_of(row.schema, row.marks),
      used_by = look.marks_of(row.schema, row.used_by),
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

return columns
