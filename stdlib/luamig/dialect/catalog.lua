--- Reads catalogs: the few ways in which reflection asks the database.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local catalog = {}

--- Every row of a query, read by `take(row)`; what it returns is kept.
---@param sql string
---@param params table
---@param take fun(row: table): any
---@return table[]
function catalog.list(sql, params, take)
  local list = {}
  local cursor = core.look(sql, params)
  local row = cursor:next()
  while row do
    list[#list + 1] = take(row)
    row = cursor:next()
  end
  cursor:close()
  return list
end

--- The first row of a query, or nil.
---@param sql string|(string|table)[] a text, or the pieces of one
---@param params table?
---@return table?
function catalog.first(sql, params)
  local cursor = core.look(sql, params)
  local row = cursor:next()
  cursor:close()
  return row
end

--- Whether a query has a row.
---@param sql string|(string|table)[]
---@param params table?
---@return boolean
function catalog.exists(sql, params)
  local row = catalog.first(sql, params)
  return row ~= nil
end

--- Whether the table has a row.
---@return boolean
function catalog.has_row(table_name, schema)
  local found = catalog.exists(("SELECT 1 FROM %s LIMIT 1"):format(
    ident.qualified(schema, table_name)))
  return found
end

--- Puts the rows (index, unique, constraint, column) of one index together.
---@return table[]
function catalog.gather_indexes(rows)
  local list = {}
  for _, row in ipairs(rows) do
    local last = list[#list]
    if not last or last.name ~= row.name then
      last = {
        name = row.name,
        unique = row.unique,
        constraint = row.constraint,
        columns = {},
      }
      list[#list + 1] = last
    end
    table.insert(last.columns, row.column or "")
  end
  return list
end

--- The columns of the primary key in their order; none: there is no such key.
---@param columns luamig.column_facts[]
---@return string[]
function catalog.primary_key(columns)
  local key = {}
  for _, column in ipairs(columns) do
    if column.primary_key then
      key[column.primary_key] = column.name
    end
  end
  return key
end

return catalog
