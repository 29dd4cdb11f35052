--- Before-images in PostgreSQL's SQL. A value is kept as the text that PostgreSQL writes for it and
-- reads again without a loss, as it is told to when luamig connects. What a row was, what it has
-- become and the change are one statement.
local blocks = require("luamig.dialect.postgresql.blocks")
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local undo = {}

--- The setting of the session by which values would not be written as they are, or be written in
-- another way than before, and the value that it must have; or nil.
---@return string? name
---@return string? wanted
function undo.odd_setting()
  local odd = catalog.first([[
    SELECT name, wanted
      FROM (VALUES ('TimeZone', 'UTC'), ('IntervalStyle', 'iso_8601'), ('extra_float_digits', '1'))
           AS said (name, wanted)
     WHERE current_setting(name) <> wanted]])
  if odd then
    return odd.name, odd.wanted
  end
end

--- The columns of a table that hold what was written to them.
---@return string[]
function undo.stored_columns(table_name, schema)
  local names = catalog.list([[
    SELECT attname AS name FROM pg_catalog.pg_attribute
     WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attnum]], { name = ident.qualified(schema, table_name) }, function(row)
      return row.name
    end)
  return names
end

--- By what the table is known in luamig_undo.
---@return string
function undo.full_name(table_name, schema)
  local found = catalog.first([[
    SELECT n.nspname AS schema FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.oid = to_regclass(:name)]], { name = ident.qualified(schema, table_name) })
  return found.schema .. "." .. table_name
end

--- The expression for what columns of a row hold. concat() writes each as it stands, where a cast
-- to text would cut the blanks at the end of a character(n); and a row of NULLs is no NULL.
---@param row string the table or its alias
---@param columns string[]
---@return string
function undo.image(row, columns)
  local values = {}
  for i, name in ipairs(columns) do
    local column = row .. "." .. ident.quote(name)
    values[i] = ("CASE WHEN num_nulls(%s) = 0 THEN concat(%s) END"):format(column, column)
  end
  return ("ARRAY[%s]::text[]"):format(table.concat(values, ", "))
end

--- The expression by which a later change of these columns is seen.
---@return string
function undo.hash(row, columns)
  return ("sha256(convert_to((%s)::text, getdatabaseencoding()))"):format(undo.image(row, columns))
end

--- The n-th value of an image, to be written into a column or compared with one.
---@return string
function undo.value(image, n, type)
  return ("(%s)[%d]::%s"):format(image, n, type.name)
end

--- The same, to be shown.
---@return string
function undo.shown(image, n)
  return ("(%s)[%d]"):format(image, n)
end

--- The id of the row that was inserted last.
---@param book string
---@return integer
function undo.last_id(book)
  local row = catalog.first("SELECT currval(pg_get_serial_sequence($1, 'id'))", { book })
  return row[1]
end

-- The end of a statement whose rows luamig_changed come from `text`, an UPDATE or DELETE of `row`
-- that names what was before as `old`.
local function kept(part, row, old, text)
  local hash = part.action == "change" and ", " .. undo.hash(row, part.columns) or ", NULL::bytea"
  return ("%s RETURNING %s, %s.luamig_before%s) "
    .. "INSERT INTO %s (pass, row_key, before_image, after_hash) SELECT %d, * FROM luamig_changed"
    ):format(text, undo.image(row, part.key), old, hash, part.book, part.pass)
end

local function lock_of(part)
  return part.action == "change" and "FOR NO KEY UPDATE" or "FOR UPDATE"
end

-- The rows are locked as they are read, so that what is kept is what is changed.
local function by_keys(part)
  local columns, conditions = {}, {}
  for i, name in ipairs(part.key) do
    columns[i], conditions[i] = name, ("luamig_row.%s = given.v%d"):format(ident.quote(name), i)
  end
  local written = part.action == "change" and part.columns or {}
  for _, name in ipairs(written) do
    columns[#columns + 1] = name
  end
  local from = "luamig_old AS given"
  local text = part.action == "change"
    and blocks.update(part.name, part.key, part.columns, part.types, from)
    or blocks.delete(part.name, part.key, part.types, from)
  return ("WITH luamig_old AS MATERIALIZED (SELECT given.*, %s AS luamig_before "
    .. "FROM %s AS luamig_row JOIN %s ON %s %s OF luamig_row), luamig_changed AS ("):format(
    undo.image("luamig_row", part.columns), part.name, blocks.source(part.types, columns),
    table.concat(conditions, " AND "), lock_of(part)) .. kept(part, "changed", "given", text)
end

--- Writes gathered rows: keys, and for a change their new values behind them.
---@param part table
---@param work table
---@param block integer
function undo.send(part, work, block)
  part.text = part.text or by_keys(part)
  work:send(block, part.text, true)
end

--- Changes the rows of a condition. Returns how many they were.
---@param part table
---@param head (string|table)[] the pieces of an UPDATE or DELETE without a condition
---@param where fun(pieces: (string|table)[]) adds the condition
---@return integer
function undo.change(part, head, where)
  local names, conditions = {}, {}
  for i, name in ipairs(part.key) do
    local column = part.name .. "." .. ident.quote(name)
    names[i] = ("%s AS luamig_key%d"):format(column, i)
    conditions[i] = ("%s = luamig_old.luamig_key%d"):format(column, i)
  end
  local read = "WITH luamig_old AS MATERIALIZED (SELECT %s, %s AS luamig_before FROM %s"
  local pieces = { read:format(table.concat(names, ", "), undo.image(part.name, part.columns),
    part.name) }
  where(pieces)
  pieces[#pieces + 1] = (" %s), luamig_changed AS ("):format(lock_of(part))
  for _, piece in ipairs(head) do
    pieces[#pieces + 1] = piece
  end
  pieces[#pieces + 1] = kept(part, part.name, "luamig_old", ("\n %s luamig_old WHERE %s"):format(
    part.action == "change" and "FROM" or "USING", table.concat(conditions, " AND ")))
  local affected = core.execute_keeping(pieces)
  return affected
end

--- What the rows have become is known already.
function undo.settle() end

--- Keeps others out of the rows `luamig_row` of a query until the end of the transaction.
---@param from string what comes behind FROM, with its condition
function undo.lock(from)
  local cursor = core.open(("SELECT count(*) FROM (SELECT 1 FROM %s FOR NO KEY UPDATE OF "
    .. "luamig_row) AS locked"):format(from), nil, nil, false)
  cursor:close()
end

--- Between the columns and the values of an INSERT: the values of identity columns are given.
undo.overriding = " OVERRIDING SYSTEM VALUE"

return undo
