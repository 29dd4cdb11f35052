--- Editor stubs: LuaCATS text for everything a migration sees, made from the same declarations that
-- check the calls.
local condition = require("luamig.sql.condition")
local expr = require("luamig.sql.expr")
local items = require("luamig.sql.items")
local kinds = require("luamig.kinds")
local operation = require("luamig.operation")
local query = require("luamig.sql.query")
local schema = require("luamig.schema")
local tables = require("luamig.sql.tables")
local types = require("luamig.sql.types")

local word_stubs = require("luamig.word_stubs")

local meta = {}

-- What is not declared in the stdlib's registries: the connection, the values, the header.
local HEAD = [[
---@meta luamig

-- Made by luamig from its own declarations: an edit is lost.

---@class luamig.type
---@class luamig.expression
---@class luamig.item
---@class luamig.column: luamig.item
---@alias luamig.params table<string|integer, any>
---@alias luamig.statement string|luamig.expression|luamig.query
---@alias luamig.query_options { types?: table<string, "boolean"|"text"|"exact"> }
---@alias luamig.map_options { types?: table<string, "boolean"|"text"|"exact">, key?: function }
---@class luamig.null
---@class luamig.exact
---@class luamig.blob
---@class luamig.row: { [string]: any }

--- What a revision is and where it runs.
---@class luamig.context
---@field revision string
---@field message string
---@field file string
---@field direction "upgrade"|"downgrade"
---@field dialect "sqlite"|"postgresql"
---@field url string without its password
---@field is_offline boolean
---@field tag string?
---@field x table<string, string>|fun(name: string, default?: any): any

--- The header of a migration.
---@type string
revision = nil
---@type string|string[]|nil
down_revision = nil
---@type string|string[]|nil
branch_labels = nil
---@type string|string[]|nil
depends_on = nil
---@type boolean?
transactional = nil
---@type string?
irreversible = nil
---@type string|string[]|nil
environments = nil

--- SQL's NULL. It is true in a condition.
---@type luamig.null
null = nil

---@param digits string|number
---@return luamig.exact
function exact(digits) end

---@param bytes string
---@return luamig.blob
function blob(bytes) end

---@param items any[]
---@return table
function array(items) end

--- Whether a value is nil or null.
---@param value any
---@return boolean
function is_null(value) end

--- The first that is neither nil nor null, else the last.
---@param ... any
---@return any
function coalesce(...) end

--- pairs in the order of the keys.
---@param t table
---@return fun(): any, any
function sorted_pairs(t) end

---@class luamig.log
---@overload fun(text: string, ...: any)
---@field info fun(text: string, ...: any)
---@field warn fun(text: string, ...: any)
log = nil

--- The -x arguments of the command line.
---@type table<string, string>|fun(name: string, default?: any): any
x = nil

---@class luamig.column_facts
---@field name string
---@field type string as the database calls it
---@field nullable boolean
---@field default string?
---@field primary_key integer? its place in the key

---@class luamig.index_facts
---@field name string
---@field unique boolean
---@field columns string[] an expression is ""
---@field constraint "UNIQUE"|"EXCLUDE"|nil the constraint whose index it is

---@class luamig.reference_facts
---@field table string
---@field column string
---@field references string the column referred to
---@field same_table boolean?
---@field schema string? PostgreSQL
---@field name string? PostgreSQL

--- The connection.
---@class luamig.db
---@field dialect "sqlite"|"postgresql"
db = {}

--- Runs one statement or several; returns the rows affected.
---@param query luamig.statement
---@param params? luamig.params
---@return integer
function db:execute(query, params) end

--- A row object for each row.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return fun(): luamig.row
function db:rows(query, params, opts) end

--- The number of the row, and its values.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return fun(): integer, ...
function db:values(query, params, opts) end

--- The only row, or nil; two are an error.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return luamig.row?
function db:one(query, params, opts) end

--- The first column of the first row.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return any
function db:scalar(query, params, opts) end

--- Every row as a plain table.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return table[]
function db:all(query, params, opts) end

--- The first column as key, the second (or the row) as value; `key` makes the key of the column.
---@param query luamig.statement
---@param params? luamig.params|luamig.map_options a query without parameters may leave them out
---@param opts? luamig.map_options
---@return table
function db:map(query, params, opts) end

--- A loop over key, list of rows; the query is ordered by the key.
---@param query luamig.statement
---@param params luamig.params|string a query without parameters may leave them out
---@param column? string the key
---@param opts? luamig.query_options
---@return fun(): any, luamig.row[]
function db:groups(query, params, column, opts) end

--- Runs fn in a savepoint; an error undoes what it did.
---@generic T
---@param fn fun(): T
---@return T
function db:transaction(fn) end

--- The same, and the error is returned: false, err.
---@param fn fun(): any
---@return boolean ok
---@return any result or the error: kind, sqlstate, message, …
function db:try(fn) end

---@param value any
---@return string
function db:quote(value) end

---@param name string
---@return string
function db:ident(name) end

--- Without a schema: where the database looks.
---@param schema? string
---@return string[]
function db:tables(schema) end

---@param name string
---@param schema? string
---@return boolean
function db:has_table(name, schema) end

---@param table_name string
---@param schema? string
---@return luamig.column_facts[]
function db:columns(table_name, schema) end

---@param table_name string
---@param column string
---@param schema? string
---@return boolean
function db:has_column(table_name, column, schema) end

---@param table_name string
---@param schema? string
---@return luamig.index_facts[]
function db:indexes(table_name, schema) end

--- The foreign keys that refer to a column, "users.id", or a table, "users".
---@param target string
---@param schema? string
---@return luamig.reference_facts[]
function db:references_to(target, schema) end
]]

local function lua_type(field)
  return kinds.get(field.kind).lua
end

local function class_name(label)
  return "luamig.options." .. label:gsub("[%.:]", "_")
end

local function write_options(out, definition, label)
  local options = {}
  for _, field in ipairs(definition.fields) do
    if field.option then
      options[#options + 1] = field
    end
  end
  if #options == 0 then
    return nil
  end
  local name = class_name(label)
  out[#out + 1] = ("---@class %s"):format(name)
  for _, field in ipairs(options) do
    out[#out + 1] = ("---@field %s? %s %s"):format(field.name, lua_type(field), field.doc)
  end
  out[#out + 1] = ""
  return name
end

-- One function: its options' class, its documentation, its parameters.
local function write_function(out, definition, owner, separator)
  local label = owner .. separator .. definition.name
  local options = write_options(out, definition, label)
  local names = {}
  out[#out + 1] = "--- " .. definition.doc
  for _, field in ipairs(definition.positions) do
    local mark = field.required and "" or "?"
    names[#names + 1] = field.name
    out[#out + 1] = ("---@param %s%s %s %s"):format(field.name, mark, lua_type(field), field.doc)
  end
  if options then
    names[#names + 1] = "options"
    out[#out + 1] = ("---@param options? %s"):format(options)
  end
  local returns = definition.returns
  if returns then
    out[#out + 1] = "---@return " .. returns
  end
  out[#out + 1] = ("function %s(%s) end"):format(label, table.concat(names, ", "))
  out[#out + 1] = ""
end

local function type_signature(definition)
  local parameters = {}
  for i, field in ipairs(definition.fields) do
    parameters[i] = ("%s%s: %s"):format(field.name, field.required and "" or "?", lua_type(field))
  end
  return ("fun(%s): luamig.type"):format(table.concat(parameters, ", "))
end

local function with_returns(definition, returns)
  return setmetatable({ returns = returns }, { __index = definition })
end

local function write_sql(out)
  out[#out + 1] = "--- The words that describe tables and values."
  out[#out + 1] = "---@class luamig.sql"
  for _, definition in ipairs(types.list) do
    out[#out + 1] = ("---@field %s luamig.type|%s %s"):format(
      definition.name, type_signature(definition), definition.doc)
  end
  out[#out + 1] = "sql = {}\n"
  for _, definition in ipairs(items.list) do
    local returns = definition.name == "column" and "luamig.column" or "luamig.item"
    write_function(out, with_returns(definition, returns), "sql", ".")
  end
  for _, definition in ipairs(expr.list) do
    write_function(out, with_returns(definition, "luamig.expression"), "sql", ".")
  end
  for _, definition in ipairs(tables.list) do
    write_function(out, definition, "sql", ".")
  end
  out[#out + 1] = "--- Text with names (%I), literals (%L) and text (%s) put in."
  out[#out + 1] = "---@param template string\n---@param ... any\n---@return string"
  out[#out + 1] = "function sql.format(template, ...) end\n"
end

local QUERIES = [[
--- A column of a table, in a query.
---@class luamig.field
local field = {}

---@class luamig.condition
local condition = {}

--- A table, for queries.
---@class luamig.table
---@field c table<string, luamig.field> its columns
local table = {}

--- A query of a table: insert, update, delete or select.
---@class luamig.query
local query = {}
]]

local function write_queries(out)
  out[#out + 1] = QUERIES
  local written = {}
  for _, part in ipairs({
    { "field", condition.field_list }, { "condition", condition.list }, { "table", tables.methods },
    { "query", query.lists.select }, { "query", query.lists.insert },
    { "query", query.lists.update }, { "query", query.lists.delete },
  }) do
    for _, definition in ipairs(part[2]) do
      local label = part[1] .. definition.name
      if not written[label] then
        written[label] = true
        write_function(out, definition, part[1], ":")
      end
    end
  end
end

--- The stubs of everything a migration sees, as the text of one file.
---@return string
function meta.stubs()
  local out = { HEAD, word_stubs[1] }
  write_sql(out)
  write_queries(out)
  out[#out + 1] = "--- A table that is being described."
  out[#out + 1] = "---@class luamig.table_builder\nlocal t = {}\n"
  for _, definition in ipairs(schema.list) do
    write_function(out, definition, "t", ":")
  end
  out[#out + 1] = "--- A table that is being changed in several ways at once."
  out[#out + 1] = "---@class luamig.batch\nlocal batch = {}\n"
  for _, definition in ipairs(operation.batch_methods()) do
    write_function(out, definition, "batch", ":")
  end
  out[#out + 1] = "--- Schema operations.\n---@class luamig.op\nop = {}\n"
  for _, definition in ipairs(operation.list()) do
    write_function(out, definition, "op", ".")
  end
  return table.concat(out, "\n")
end

return meta
