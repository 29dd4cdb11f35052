--- What stands in the way of making a table anew: all that a new table could not be given, or that
-- would be lost with the old one.
--
-- What is known is named below. Whatever else depends on the table is found by the server's own
-- book of what depends on what.
local catalog = require("luamig.dialect.catalog")

local obstacles = {}

-- `t` is the table's row of pg_class, with its schema.
local HEAD = [[
WITH t AS (
  SELECT c.*, n.nspname, r.rolsuper AS by_superuser, r.oid AS by_role
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_roles AS r ON r.rolname = current_user
   WHERE c.oid = pg_catalog.to_regclass(:name)),
files AS (
  SELECT c.oid, c.relname, c.reltablespace FROM pg_catalog.pg_class AS c, t
   WHERE c.oid IN (t.oid, t.reltoastrelid)
      OR c.oid IN (SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = t.oid)),
counters AS (
  SELECT d.objid AS oid, s.relacl, s.relowner
    FROM t
    JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_catalog.pg_class'::regclass
     AND d.refobjid = t.oid AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'i'
    JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S')
]]

-- Each gives a text for what it finds.
local QUERIES = {
  -- What it is.
  [[SELECT CASE
      WHEN relkind = 'p' THEN 'it is partitioned'
      WHEN relkind <> 'r' THEN 'it is no table'
      WHEN relpersistence = 't' THEN 'it is temporary'
      WHEN relispartition THEN 'it is a partition'
      WHEN reloftype <> 0
        THEN 'it is a table of the type ' || pg_catalog.format_type(reloftype, NULL)
      WHEN relrowsecurity OR relforcerowsecurity THEN 'row level security is on'
      WHEN (SELECT amname FROM pg_catalog.pg_am WHERE oid = relam) IS DISTINCT FROM 'heap'
        THEN 'it has an access method of its own' END FROM t]],
  [[SELECT pg_catalog.format('it inherits from %s', inhparent::regclass)
      FROM pg_catalog.pg_inherits, t WHERE inhrelid = t.oid]],
  [[SELECT pg_catalog.format('%s inherits from it', inhrelid::regclass)
      FROM pg_catalog.pg_inherits, t WHERE inhparent = t.oid]],
  [[SELECT pg_catalog.format('''%s'' lies in a tablespace of its own', relname)
      FROM files WHERE reltablespace <> 0]],
  [[SELECT 'default_tablespace is set'
     WHERE pg_catalog.current_setting('default_tablespace') <> '']],
  [[SELECT 'track_counts is off' WHERE pg_catalog.current_setting('track_counts') <> 'on']],
  -- Who may.
  [[SELECT pg_catalog.format('%I owns it', pg_catalog.pg_get_userbyid(relowner)) FROM t
     WHERE NOT (by_superuser OR by_role = relowner
            OR pg_catalog.pg_has_role(by_role, relowner, 'USAGE')
               AND pg_catalog.has_schema_privilege(relowner, relnamespace, 'CREATE'))]],
  [[SELECT pg_catalog.format('nothing can be created in the schema %I', nspname) FROM t
     WHERE NOT pg_catalog.has_schema_privilege(relnamespace, 'CREATE')]],
  [[SELECT pg_catalog.format('the owner has not granted all privileges on it: %I has',
           pg_catalog.pg_get_userbyid(a.grantor))
      FROM (SELECT relacl, relowner FROM t UNION ALL SELECT relacl, relowner FROM counters) AS g,
           pg_catalog.aclexplode(g.relacl) AS a WHERE a.grantor <> g.relowner]],
  [[SELECT pg_catalog.format('there are privileges on its column %I', attname)
      FROM pg_catalog.pg_attribute, t
     WHERE attrelid = t.oid AND attacl IS NOT NULL AND NOT attisdropped]],
  -- Its constraints and indexes.
  [[SELECT pg_catalog.format('%s of %s refers to it',
           pg_catalog.quote_ident(conname), conrelid::regclass)
      FROM pg_catalog.pg_constraint, t WHERE confrelid = t.oid]],
  [[SELECT pg_catalog.format('the constraint %I %s', conname, CASE
           WHEN NOT convalidated THEN 'is not valid'
           WHEN condeferrable THEN 'is deferrable'
           WHEN conparentid <> 0 THEN 'refers to a partitioned table'
           WHEN contype = 'f' THEN 'refers to a table that the user may not refer to'
           WHEN contype = 'x' THEN 'has an index with options of its own'
           ELSE 'is of a kind of its own' END)
      FROM pg_catalog.pg_constraint AS k
      LEFT JOIN pg_catalog.pg_class AS i ON i.oid = k.conindid, t
     WHERE k.conrelid = t.oid AND (contype NOT IN ('p', 'u', 'c', 'f', 'x', 'n')
        OR NOT convalidated OR condeferrable OR conparentid <> 0
        OR contype = 'f' AND NOT pg_catalog.has_table_privilege(confrelid, 'REFERENCES')
        OR contype = 'x' AND i.reloptions IS NOT NULL
        OR contype IN ('p', 'u') AND i.relam <>
           (SELECT oid FROM pg_catalog.pg_am WHERE amname = 'btree'))]],
  [[SELECT pg_catalog.format('the index %I is not valid', c.relname)
      FROM t JOIN pg_catalog.pg_index AS i ON i.indrelid = t.oid
      JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
     WHERE NOT (i.indisvalid AND i.indisready AND i.indislive)]],
  [[SELECT pg_catalog.format('its column %I is generated anew at each read', attname)
      FROM pg_catalog.pg_attribute, t
     WHERE attrelid = t.oid AND NOT attisdropped AND attgenerated NOT IN ('', 's')]],
  [[SELECT pg_catalog.format('a constraint of the domain %s is not valid',
           pg_catalog.format_type(k.contypid, NULL))
      FROM pg_catalog.pg_constraint AS k, t WHERE k.contypid <> 0 AND NOT k.convalidated
       AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute AS a
                    WHERE a.attrelid = t.oid AND NOT a.attisdropped AND a.atttypid >= 16384)]],
  -- What is to happen when it changes.
  [[SELECT pg_catalog.format('it has the trigger %I', tgname) FROM pg_catalog.pg_trigger, t
     WHERE tgrelid = t.oid AND NOT tgisinternal]],
  [[SELECT 'triggers of a foreign key are not as they are made'
      FROM pg_catalog.pg_trigger AS g, t
     WHERE g.tgisinternal AND g.tgenabled <> 'O' AND (g.tgrelid = t.oid OR g.tgconstraint IN
           (SELECT oid FROM pg_catalog.pg_constraint WHERE conrelid = t.oid))]],
  [[SELECT pg_catalog.format('it has the rule %I', rulename) FROM pg_catalog.pg_rewrite, t
     WHERE ev_class = t.oid]],
  [[SELECT pg_catalog.format('it has the policy %I', polname) FROM pg_catalog.pg_policy, t
     WHERE polrelid = t.oid]],
  [[SELECT pg_catalog.format('the publication %I has it', p.pubname)
      FROM pg_catalog.pg_publication_tables AS p, t
     WHERE p.schemaname = t.nspname AND p.tablename = t.relname]],
  [[SELECT pg_catalog.format('the logical replication slot %I reads what changes', slot_name)
      FROM pg_catalog.pg_replication_slots, t
     WHERE slot_type = 'logical' AND database = current_database() AND t.relpersistence = 'p']],
  [[SELECT pg_catalog.format('there is the event trigger %I', evtname)
      FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D']],
  -- What is said of it elsewhere.
  [[SELECT pg_catalog.format('it has a security label of %I', provider)
      FROM pg_catalog.pg_seclabel, files
     WHERE classoid = 'pg_catalog.pg_class'::regclass AND objoid = files.oid]],
  [[SELECT pg_catalog.format('%I belongs to %s', files.relname,
           pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid))
      FROM pg_catalog.pg_depend AS d JOIN files ON d.objid = files.oid
     WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('e', 'x')]],
  -- All the rest.
  [[SELECT CASE WHEN v.relkind IN ('v', 'm')
           THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
           ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END
           || ' depends on ' || CASE WHEN d.refclassid = 'pg_catalog.pg_type'::regclass
                                     THEN 'its row type' ELSE 'it' END
      FROM t JOIN pg_catalog.pg_depend AS d
        ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid
        OR d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN
           (SELECT y.oid FROM pg_catalog.pg_type AS y WHERE y.oid = t.reltype
             UNION ALL SELECT y.typarray FROM pg_catalog.pg_type AS y WHERE y.oid = t.reltype)
      LEFT JOIN pg_catalog.pg_rewrite AS w
        ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
      LEFT JOIN pg_catalog.pg_class AS v ON v.oid = w.ev_class
     WHERE NOT (
           d.classid = 'pg_catalog.pg_class'::regclass AND (d.objid IN (SELECT oid FROM files)
             OR d.deptype IN ('a', 'i') AND EXISTS (SELECT 1 FROM pg_catalog.pg_class AS s
                                                     WHERE s.oid = d.objid AND s.relkind = 'S'))
        OR d.classid = 'pg_catalog.pg_type'::regclass AND (d.objid = t.reltype OR d.deptype = 'i'
             AND d.objid IN (SELECT typarray FROM pg_catalog.pg_type WHERE oid = t.reltype))
        OR d.classid = 'pg_catalog.pg_attrdef'::regclass
             AND d.objid IN (SELECT oid FROM pg_catalog.pg_attrdef WHERE adrelid = t.oid)
        OR d.classid = 'pg_catalog.pg_constraint'::regclass
             AND d.objid IN (SELECT oid FROM pg_catalog.pg_constraint WHERE conrelid = t.oid)
        OR d.classid = 'pg_catalog.pg_trigger'::regclass
             AND d.objid IN (SELECT oid FROM pg_catalog.pg_trigger
                              WHERE tgrelid = t.oid AND tgisinternal))]],
  [[SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
           || ' depends on ' || d.refobjid::regclass
      FROM counters JOIN pg_catalog.pg_depend AS d ON d.refobjid = counters.oid
     WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype NOT IN ('i', 'e', 'x')]],
}

local text

--- The first thing that stands in the way of a table, or nil.
---@param name string as SQL writes it
---@return string?
function obstacles.find(name)
  if not text then
    local parts = {}
    for i, query in ipairs(QUERIES) do
      parts[i] = ("SELECT %d AS place, why FROM (%s) AS q%d (why)"):format(i, query, i)
    end
    text = ("%sSELECT why FROM (%s) AS found WHERE why IS NOT NULL ORDER BY place, why LIMIT 1")
      :format(HEAD, table.concat(parts, "\nUNION ALL "))
  end
  local found = catalog.first(text, { name = name })
  return found and found.why
end

return obstacles
