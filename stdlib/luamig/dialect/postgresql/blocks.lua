--- Statements for many rows at once, whose values come as one array for each column, or as the data
-- of a COPY.
local catalog = require("luamig.dialect.catalog")
local ident = require("luamig.dialect.ident")

-- `rewrite`: how a table is made anew. `knows_its_rows`: to ask for their number costs nothing.
local blocks = { rewrite = require("luamig.dialect.postgresql.rewrite"), knows_its_rows = true }

--- The type of each column, without its length: a cast to varchar(3) would cut what the column
-- itself refuses.
---@return table<string, { name: string, as_text: boolean }>
function blocks.types(table_name, schema)
  local types = {}
  catalog.list(([[
    SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, -1) AS type,
           t.typcategory IN ('A', 'C') AS as_text
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
     WHERE a.attrelid = to_regclass(:name) AND a.attnum > 0 AND NOT a.attisdropped]]),
    { name = ident.qualified(schema, table_name) }, function(row)
      types[row.name] = { name = row.type, as_text = row.as_text }
    end)
  return types
end

--- How many rows the planner believes a table to have; nil where it has not looked yet.
---@param name string as SQL writes it
---@return integer?
function blocks.count_of_rows(name)
  local row = catalog.first(
    "SELECT reltuples FROM pg_catalog.pg_class WHERE oid = to_regclass($1)", { name })
  return row and row[1] > 0 and row[1] or nil
end

local WORTH_A_SAMPLE = 200000 -- rows
local ENOUGH = 20000

--- What stands behind the table's name to read some of its rows instead of all, the same ones each
-- time; nil where it is small, or has partitions. Its size tells where the planner has not looked.
---@return string?
function blocks.sample(name)
  local found = catalog.first([[
    SELECT CASE WHEN reltuples > 0 THEN reltuples::float8
                ELSE pg_relation_size(oid) / 100.0::float8 END AS rows
      FROM pg_catalog.pg_class WHERE oid = to_regclass(:name) AND relkind = 'r']],
    { name = name })
  local rows = found and found.rows
  return rows and rows > WORTH_A_SAMPLE
    and (" TABLESAMPLE SYSTEM (%.6f) REPEATABLE (0)"):format(100 * ENOUGH / rows) or nil
end

--- Whether the table is of this session alone.
function blocks.is_temporary(name)
  local found = catalog.exists([[
    SELECT 1 FROM pg_catalog.pg_class
     WHERE oid = to_regclass(:name) AND relpersistence = 't']], { name = name })
  return found
end

--- The columns of each index that every row has a place in, and that is unique.
---@return string[][]
function blocks.unique_keys(table_name, schema)
  local indexes = catalog.gather_indexes(catalog.list([[
    SELECT i.relname AS name, a.attname AS col
      FROM pg_catalog.pg_index AS x
      JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
     CROSS JOIN LATERAL generate_series(1, x.indnkeyatts) AS part(place)
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = x.indrelid AND a.attnum = x.indkey[part.place - 1] AND a.attnum > 0
     WHERE x.indrelid = to_regclass(:name) AND x.indisunique AND x.indisvalid
       AND x.indpred IS NULL
     ORDER BY i.relname, part.place]], { name = ident.qualified(schema, table_name) },
    function(row)
      return { name = row.name, column = row.col }
    end))
  local keys = {}
  for i, index in ipairs(indexes) do
    keys[i] = index.columns
  end
  return keys
end

--- The n-th value, as the type that the column has.
function blocks.mark(n, type)
  return ("$%d::%s"):format(n, type.name)
end

--- What is wrong with a key's column that holds such a row, or nil.
function blocks.odd_key(name, column)
  return column.nullable and name .. " IS NULL" or nil,
    column.type == "bytea" and name .. " IS NOT NULL" or nil
end

--- The rows that come, for a FROM: `given`, with columns v1, v2, …
--
-- An array of arrays has one length for all, and unnest() takes a composite value apart: both go
-- as their text. Inside a SELECT the planner does not see how long an array is, and takes it for
-- short: it finds each row by the key's index. For the thousands that come it would rather read the
-- whole table, block after block.
---@return string
function blocks.source(types, columns)
  local arrays, names = {}, {}
  for i, column in ipairs(columns) do
    local type = types[column]
    arrays[i] = ("(SELECT $%d::%s[])"):format(i, type.as_text and "text" or type.name)
    names[i] = "v" .. i
  end
  return ("unnest(%s) AS given (%s)"):format(table.concat(arrays, ", "), table.concat(names, ", "))
end

local function value(types, column, i)
  local type = types[column]
  return ("given.v%d%s"):format(i, type.as_text and "::" .. type.name or "")
end

local function by_key(key)
  local parts = {}
  for i, column in ipairs(key) do
    parts[i] = ("changed.%s = given.v%d"):format(ident.quote(column), i)
  end
  return table.concat(parts, " AND ")
end

local function joined(key, columns)
  local all = {}
  for _, list in ipairs({ key, columns }) do
    for _, column in ipairs(list) do
      all[#all + 1] = column
    end
  end
  return all
end

--- Sets columns of the rows with these keys; a row's values: its key, then the columns. `given`: a
-- query in the statement that has them as `given` already.
function blocks.update(name, key, columns, types, given)
  local sets = {}
  for i, column in ipairs(columns) do
    sets[i] = ("%s = %s"):format(ident.quote(column), value(types, column, #key + i))
  end
  return ("UPDATE %s AS changed SET %s FROM %s WHERE %s"):format(name, table.concat(sets, ", "),
    given or blocks.source(types, joined(key, columns)), by_key(key))
end

function blocks.delete(name, key, types, given)
  return ("DELETE FROM %s AS changed USING %s WHERE %s"):format(name,
    given or blocks.source(types, key), by_key(key))
end

--- Rows for a table: by COPY where that does the same as INSERT.
function blocks.insert(table_name, schema, columns)
  local name = ident.qualified(schema, table_name)
  if blocks.takes_stream(table_name, schema, columns) then
    return ("COPY %s (%s) FROM STDIN"):format(name, ident.list(columns))
  end
  local types, values = blocks.types(table_name, schema), {}
  for i, column in ipairs(columns) do
    values[i] = value(types, column, i)
  end
  return ("INSERT INTO %s (%s) SELECT %s FROM %s"):format(name, ident.list(columns),
    table.concat(values, ", "), blocks.source(types, columns))
end

--- Whether COPY does what INSERT does: it passes over rules and GENERATED ALWAYS, and not through
-- row level security.
function blocks.takes_stream(table_name, schema, columns)
  local found = catalog.exists([[
    SELECT 1 FROM pg_catalog.pg_class AS c
     WHERE c.oid = to_regclass(:name) AND c.relkind IN ('r', 'p')
       AND NOT pg_catalog.row_security_active(c.oid)
       AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite AS r
                        WHERE r.ev_class = c.oid AND r.ev_type = '3')
       AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute AS a
                        WHERE a.attrelid = c.oid AND a.attidentity = 'a'
                          AND a.attname IN (:columns))]],
    { name = ident.qualified(schema, table_name), columns = columns or {} })
  return found
end

--- Whether the table looks at each row alone: a trigger, which a foreign key has too, may look at
--- the rows when a statement has written all of its own. And whether COPY then names the row of
--- everything that it refuses: what it says is read in English.
---@param table_name string
---@param schema string?
---@return boolean alone
---@return boolean named
function blocks.row_by_row(table_name, schema)
  local row = catalog.first([[
    SELECT current_setting('lc_messages') ~ '^(C|POSIX|en)' AS in_english
      FROM pg_catalog.pg_class AS c
     WHERE c.oid = to_regclass(:name) AND c.relkind = 'r'
       AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid)]],
    { name = ident.qualified(schema, table_name) })
  return row ~= nil, row ~= nil and row.in_english
end

--- Whether rows of other tables, which inherit from this one, are seen in it: not those of its
-- partitions, whose keys are its own.
function blocks.has_heirs(name)
  local found = catalog.exists([[
    SELECT 1 FROM pg_catalog.pg_inherits AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.inhparent
     WHERE i.inhparent = to_regclass(:name) AND c.relkind = 'r']], { name = name })
  return found
end

--- The server looks at every text itself. Of an array of bytes the items are.
function blocks.column_rule(column)
  return column.rule or ""
end

-- Types whose binary form takes whatever the type takes; none with a length.
local FORMS = {
  smallint = "int2",
  integer = "int4",
  bigint = "int8",
  text = "text",
  ["character varying"] = "text",
  boolean = "boolean",
  bytea = "bytea",
}

--- The binary forms of these columns, as reflect gives them by name; empty where one has none.
---@param names string[]
---@param columns table<string, table>
---@return string[]
function blocks.binary_forms(names, columns)
  local forms = {}
  for i, name in ipairs(names) do
    forms[i] = columns[name] and FORMS[columns[name].type]
    if not forms[i] then
      return {}
    end
  end
  return forms
end

--- What comes last in a query whose rows are changed afterwards, so that nobody changes them in
-- between; nothing where this transaction has the whole table already.
function blocks.lock(name)
  local is_ours = catalog.exists([[
    SELECT 1 FROM pg_catalog.pg_locks
     WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
       AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
       AND relation = to_regclass(:name)
       AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')]],
    { name = name })
  return is_ours and "" or " FOR NO KEY UPDATE"
end

local function is_true(text)
  local row = catalog.first(text)
  return row ~= nil and row[1] == true
end

--- Whether a replica is more than ten seconds behind, as far as this user may see it.
---@return boolean
function blocks.lags()
  return is_true("SELECT max(replay_lag) > interval '10 s' FROM pg_catalog.pg_stat_replication")
end

--- Whether another session waits for a lock that this one holds; of any role, which
-- pg_stat_activity would not say.
---@return boolean
function blocks.is_waited_for()
  return is_true([[
    SELECT true FROM pg_catalog.pg_locks
     WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)) LIMIT 1]])
end

return blocks
