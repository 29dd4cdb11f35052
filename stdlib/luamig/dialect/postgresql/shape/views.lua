--- What views stand on, and what goes with them.
local look = require("luamig.dialect.postgresql.shape.look")
local shape = require("luamig.autogenerate.shape")

local views = {}

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

-- What goes with a view, as the statements that give it back; `col`: the column that it needs.
local BEARS = [[
  SELECT v.oid::bigint AS id, n.nspname AS schema, made.col AS col, made.sql AS sql
    FROM pg_catalog.pg_class AS v
    JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
   CROSS JOIN LATERAL (
     SELECT 1 AS place, NULL::name AS col, pg_catalog.format('ALTER %%s %%s OWNER TO %%s',
                 CASE v.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, v.oid::regclass,
                 v.relowner::regrole) AS sql
      WHERE v.relowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
     UNION ALL
     SELECT 2, NULL, pg_catalog.format('GRANT %%s ON %%s TO %%s%%s',
                 pg_catalog.string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type),
                 v.oid::regclass,
                 CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
                 CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
       FROM pg_catalog.aclexplode(v.relacl) AS a
      WHERE a.grantee <> v.relowner
      GROUP BY a.grantee, a.is_grantable
     UNION ALL
     SELECT 3, c.attname, pg_catalog.format('GRANT %%s ON %%s TO %%s%%s',
                 pg_catalog.string_agg(pg_catalog.format('%%s (%%I)', a.privilege_type, c.attname),
                                       ', ' ORDER BY a.privilege_type),
                 v.oid::regclass,
                 CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
                 CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
       FROM pg_catalog.pg_attribute AS c, pg_catalog.aclexplode(c.attacl) AS a
      WHERE c.attrelid = v.oid
      GROUP BY c.attname, a.grantee, a.is_grantable
     UNION ALL
     SELECT 4, NULL, pg_catalog.format('COMMENT ON %%s %%s IS %%L',
                 CASE v.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, v.oid::regclass,
                 d.description)
       FROM pg_catalog.pg_description AS d
      WHERE d.objoid = v.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
     UNION ALL
     SELECT 5, c.attname, pg_catalog.format('COMMENT ON COLUMN %%s.%%I IS %%L', v.oid::regclass,
                 c.attname, d.description)
       FROM pg_catalog.pg_description AS d
       JOIN pg_catalog.pg_attribute AS c ON c.attrelid = v.oid AND c.attnum = d.objsubid
      WHERE d.objoid = v.oid AND d.classoid = 'pg_class'::regclass
     UNION ALL
     SELECT 6, c.attname, pg_catalog.format('ALTER VIEW %%s ALTER COLUMN %%I SET DEFAULT %%s',
                 v.oid::regclass, c.attname, pg_catalog.pg_get_expr(f.adbin, f.adrelid))
       FROM pg_catalog.pg_attrdef AS f
       JOIN pg_catalog.pg_attribute AS c ON c.attrelid = v.oid AND c.attnum = f.adnum
      WHERE f.adrelid = v.oid
     UNION ALL
     SELECT 7, NULL, pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid, true), ';')
       FROM pg_catalog.pg_rewrite AS r
      WHERE r.ev_class = v.oid AND r.rulename <> '_RETURN'
     UNION ALL
     SELECT 8, NULL, pg_catalog.pg_get_triggerdef(t.oid, true)
       FROM pg_catalog.pg_trigger AS t
      WHERE t.tgrelid = v.oid AND NOT t.tgisinternal) AS made
   WHERE v.relkind IN ('v', 'm') AND n.nspname IN (%s)
   ORDER BY v.oid, made.place, made.sql]]

local COLUMNS = [[
  SELECT v.oid::bigint AS id, c.attname AS name, v.relispopulated AS has_rows
    FROM pg_catalog.pg_class AS v
    JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
    JOIN pg_catalog.pg_attribute AS c ON c.attrelid = v.oid AND c.attnum > 0
   WHERE v.relkind IN ('v', 'm') AND n.nspname IN (%s)]]

function views.read_uses(at)
  at:rows(USES, function(row)
    local view = at.by_id[row.id]
    if view then
      view.uses[shape.key(at:shown_schema(row.schema), row.name)] = true
    end
  end)
end

function views.read_bears(at)
  at:rows(BEARS, function(row)
    local view = at.by_id[row.id]
    if view and not look.is_scratch(row.schema) then
      view.bears = view.bears or {}
      table.insert(view.bears, { sql = row.sql, column = row.col })
    end
  end)
end

function views.read_columns(at)
  at:rows(COLUMNS, function(row)
    local view = at.by_id[row.id]
    if view then
      view.names = view.names or {}
      view.names[row.name], view.is_empty = true, not row.has_rows or nil
    end
  end)
end

return views
