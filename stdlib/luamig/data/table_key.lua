--- The key by which the rows of a table are gone through and found again: the primary key, or the
-- columns that the operation names in `key`.
local catalog = require("luamig.dialect.catalog")
local ident = require("luamig.dialect.ident")
local strict = require("luamig.strict")

local table_key = {}

local function same_columns(one, other)
  local has = strict.set(one)
  for _, name in ipairs(other) do
    if not has[name] then
      return false
    end
  end
  return #one == #other
end

local function is_unique(pages, key)
  if same_columns(key, pages.primary) then
    return true
  end
  for _, columns in ipairs(pages.words.unique_keys(pages.o.table, pages.o.schema)) do
    if same_columns(key, columns) then
      return true
    end
  end
  return false
end

local function require_heirless(pages)
  if pages.words.has_heirs(pages.name) then
    pages:fail(("other tables inherit from %s, whose keys may be those of its own rows"):format(
      pages.o.table), "a table whose rows are found by a key has no heirs; use op.execute")
  end
end

local function require_columns(pages, key)
  for _, name in ipairs(key) do
    pages:require_column(name, "key")
    if pages.types[name] and pages.types[name].as_text then
      pages:fail(("'%s' of the key is %s"):format(name, pages.types[name].name),
        'rows cannot be found by an array or a composite value: key = { "code" } names other '
        .. "columns that are unique together")
    end
  end
end

local function require_one_collation(pages, key)
  if not pages.words.odd_collation then
    return
  end
  local name, by_index, by_table = pages.words.odd_collation(pages.o.table, pages.o.schema, key)
  if name then
    pages:fail(("'%s' of the key is %s in the table, and %s in its unique index"):format(name,
      by_table, by_index), "rows that differ for the index would be one and the same: name "
      .. "another key, or make a unique index with the collation of the column")
  end
end

--- The columns of the key. An error where there is none, or rows could be missed by it.
---@param pages table of table_pages
---@return string[]
function table_key.of(pages)
  require_heirless(pages)
  local key = pages.o.key or pages.primary
  if #key == 0 then
    local more = pages.words.keyless and "; " .. pages.words.keyless or ""
    pages:fail(("%s has no primary key"):format(pages.o.table),
      'key = { "code" } names columns that are unique together and hold no NULL' .. more)
  end
  require_columns(pages, key)
  if not is_unique(pages, key) then
    pages:fail(("the key (%s) is not unique in %s"):format(table.concat(key, ", "),
      pages.o.table), "rows would be missed: name the columns of a unique index or constraint")
  end
  require_one_collation(pages, key)
  return key
end

local function is_any(pages, condition)
  local found = catalog.exists(("SELECT 1 FROM %s WHERE %s LIMIT 1"):format(pages.name, condition))
  return found
end

--- An error where the key of a row is nothing that it is found by: a NULL in it is passed over by
-- every comparison, and so is what the dialect names.
---@param pages table whose `key` is known
function table_key.check_rows(pages)
  local key = pages.key
  for _, name in ipairs(key) do
    local null, bytes = pages.words.odd_key(ident.quote(name), pages.columns[name], #key == 1)
    if null and is_any(pages, null) then
      pages:fail(("'%s' of the key holds NULL: such rows cannot be found again"):format(name),
        "mend these rows first, or name another key")
    elseif bytes and is_any(pages, bytes) then
      pages:fail(("'%s' of the key holds bytes, and rows are found by numbers and texts"):format(
        name), 'key = { "code" } names other columns that are unique together; or op.execute')
    end
  end
end

return table_key
