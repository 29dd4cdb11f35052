--- Statements for many rows, prepared once and run for each.
local catalog = require("luamig.dialect.catalog")
local ident = require("luamig.dialect.ident")
local stored = require("luamig.dialect.sqlite.stored_table")
local strict = require("luamig.strict")

local blocks = {}

--- SQLite takes every value as it comes.
function blocks.types()
  return {}
end

--- The columns of each index that every row has a place in, and that is unique.
---@return string[][]
function blocks.unique_keys(table_name, schema)
  local indexes = catalog.gather_indexes(catalog.list([[
    SELECT l.name AS name, i.name AS col
      FROM pragma_index_list(:t, :s) AS l
      JOIN pragma_index_info(l.name, :s) AS i
     WHERE l."unique" = 1 AND l.partial = 0
     ORDER BY l.name, i.seqno]], { t = table_name, s = schema or "main" }, function(row)
      return { name = row.name, column = row.col }
    end))
  local keys = {}
  for i, index in ipairs(indexes) do
    keys[i] = index.columns
  end
  return keys
end

--- How many rows a table has.
---@param name string as SQL writes it
---@return integer
function blocks.count_of_rows(name)
  local row = catalog.first("SELECT count(*) FROM " .. name)
  return row[1]
end

--- The n-th value.
function blocks.mark(n)
  return "$" .. n
end

--- What is wrong with a key's column that holds such a row, or nil; and the same for bytes. Bytes
-- and a text are never equal, and a script has a text for both.
function blocks.odd_key(name, column, alone)
  if alone and column.primary_key and column.type:upper() == "INTEGER" then
    return nil
  end
  return name .. " IS NULL", ("typeof(%s) = 'blob'"):format(name)
end

--- For a table whose rows nothing names but their rowid.
blocks.keyless = "a unique index makes one, where no two rows are the same: op.create_index(name, "
  .. "table, { … }, { unique = true }); or set = { … } without undo, in one transaction"

-- The collation of each column, as the stored text of the table says.
local function collations_of(table_name, schema)
  local row = catalog.first(("SELECT sql FROM %s.sqlite_schema WHERE type = 'table' AND name = :t")
    :format(ident.quote(schema or "main")), { t = table_name })
  local collations = {}
  for _, column in ipairs(row and stored.parse(row.sql).columns or {}) do
    local c = stored.of_column(column, "collate")
    collations[column.name] = c and c.collation:upper() or "BINARY"
  end
  return collations
end

-- The unique indexes that every row has a place in, whose columns come as rows in their order: how
-- many each has, whether all of them are of the key, and one that it compares otherwise than the
-- table does.
local function beside_table(rows, key, collations)
  local is_key, indexes, index = strict.set(key), {}, nil
  for _, row in ipairs(rows) do
    if not index or index.name ~= row.name then
      index = { name = row.name, fits = true, count = 0 }
      indexes[#indexes + 1] = index
    end
    index.fits, index.count = index.fits and is_key[row.col] or false, index.count + 1
    local own = collations[row.col] or "BINARY" -- what differs in any collation differs in bytes
    if own ~= "BINARY" and own ~= row.coll then
      index.odd = index.odd or row
    end
  end
  return indexes
end

--- A column of the key that its unique index compares otherwise than the table does, so that rows
-- which the one tells apart are the same to the other; nil: there is none.
---@param key string[]
---@return string? column
---@return string? index_collation
---@return string? table_collation
function blocks.odd_collation(table_name, schema, key)
  local rows = catalog.list([[
    SELECT l.name AS name, x.name AS col, upper(x.coll) AS coll
      FROM pragma_index_list(:t, :s) AS l
      JOIN pragma_index_xinfo(l.name, :s) AS x
     WHERE l."unique" = 1 AND l.partial = 0 AND x.key = 1
     ORDER BY l.name, x.seqno]], { t = table_name, s = schema or "main" }, function(row)
      return row
    end)
  if #rows == 0 then
    return nil
  end
  local collations, odd = collations_of(table_name, schema), nil
  for _, index in ipairs(beside_table(rows, key, collations)) do
    if index.fits and index.count == #key then
      if not index.odd then
        return nil
      end
      odd = index.odd
    end
  end
  return odd and odd.col, odd and odd.coll, odd and collations[odd.col]
end

local function by_key(key)
  local parts = {}
  for i, column in ipairs(key) do
    parts[i] = ("%s = ?%d"):format(ident.quote(column), i)
  end
  return table.concat(parts, " AND ")
end

--- Sets columns of the row with this key; its values: its key, then the columns.
function blocks.update(name, key, columns)
  local sets = {}
  for i, column in ipairs(columns) do
    sets[i] = ("%s = ?%d"):format(ident.quote(column), #key + i)
  end
  return ("UPDATE %s SET %s WHERE %s"):format(name, table.concat(sets, ", "), by_key(key))
end

function blocks.delete(name, key)
  return ("DELETE FROM %s WHERE %s"):format(name, by_key(key))
end

function blocks.insert(table_name, schema, columns)
  local marks = {}
  for i = 1, #columns do
    marks[i] = "?" .. i
  end
  return ("INSERT INTO %s (%s) VALUES (%s)"):format(ident.qualified(schema, table_name),
    ident.list(columns), table.concat(marks, ", "))
end

--- The UPDATE that calls a function for each row.
blocks.program = require("luamig.dialect.sqlite.program")

--- One writes to a database at a time: nobody is to be kept out.
function blocks.lock()
  return ""
end

function blocks.has_heirs()
  return false
end

--- One INSERT, run for each row, does what INSERT does.
function blocks.takes_stream()
  return true
end

--- SQLite is given its values as they are.
---@return string[]
function blocks.binary_forms()
  return {}
end

--- SQLite says at once what it does not take.
---@return boolean alone
---@return boolean named
function blocks.row_by_row()
  return true, true
end

--- Whether NULL in this column becomes a number that nobody has given.
function blocks.makes_up(column, columns)
  for _, other in ipairs(columns) do
    if other.primary_key and other.name ~= column.name then
      return false
    end
  end
  return column.primary_key ~= nil and column.type:upper() == "INTEGER"
end

local RULES = {
  BOOL = "boolean", BOOLEAN = "boolean", INTEGER = "integer", REAL = "number", FLOAT = "number",
  DOUBLE = "number", NUMERIC = "number", DECIMAL = "number", DEC = "number",
  DATE = "date", TIME = "time", TIMETZ = "time", DATETIME = "timestamp", TIMESTAMP = "timestamp",
  TIMESTAMPTZ = "timestamp",
}

--- What a text of a file has to be for a column of this type, where SQLite would keep any. A text
-- of a script is the bytes for a column of bytes, for so a row gives them; a file writes them as
-- PostgreSQL does, \x00ff.
function blocks.column_rule(column, from_file)
  local type = column.type
  if type and type:upper():find("BLOB", 1, true) then
    return from_file and "bytea" or "bytes"
  end
  for word in (from_file and type or ""):upper():gmatch("%w+") do
    if RULES[word] then
      return RULES[word]
    elseif word:find("INT%d?$") and word ~= "POINT" then
      return "integer"
    end
  end
  return ""
end

--- A column keeps a text that is nothing of its type.
blocks.takes_any = true

--- A write to a table ends what reads it.
blocks.pages = true

--- Others who write wait for the end of the batch.
blocks.one_writer = true

return blocks
