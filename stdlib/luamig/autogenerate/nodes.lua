--- From what a shape holds to the operations that make it: nodes as the words of `sql` make them.
--
-- A column or table that models.lua describes has that description as `model`; then its own words
-- are used, which mean the same on the other engine too.
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local core = require("luamig.core")
local types = require("luamig.sql.types")

local nodes = {}

local function raw(text)
  return text and node.new("raw", { text = text })
end

--- The type of a column.
---@param words table the dialect's shape_words
---@param column table
---@return table
function nodes.type(words, column)
  local model = column.model
  if model and model.type.name ~= "enum" then
    return model.type
  end
  return words.type_of(column)
end

-- What ALTER COLUMN takes: `serial` is a word of CREATE TABLE.
local function altered_type(words, column)
  return column.serial and words.type_of({ type = column.type }) or nodes.type(words, column)
end

--- The type with its collation, as ALTER COLUMN takes both together.
---@return table
function nodes.collated_type(words, column, with_collation)
  -- Without one, PostgreSQL takes that of the type, and SQLite leaves what is there.
  local collation = column.collation or (words.name == "sqlite" and "BINARY" or nil)
  if not with_collation or not collation then
    return altered_type(words, column)
  end
  return node.new("type", { name = "plain",
    text = ("%s COLLATE %s"):format(column.type, ident.quote(collation)) })
end

--- The default of a column; null: none.
---@return any
function nodes.default(words, column)
  if not column.default then
    return core.null
  end
  local model = column.model
  if model and model.server_default ~= nil and not core.is_null(model.server_default) then
    return model.server_default
  end
  return words.default_of(column)
end

-- Whether create_table would let a column number itself (dialect/table.lua).
local function would_number(of, column, type_node)
  local key = of.primary_key
  if not key or #key.columns ~= 1 or key.columns[1] ~= column.name then
    return false
  elseif not types.is_integer(type_node) or column.default or column.computed then
    return false
  end
  for _, c in ipairs(of.constraints) do
    if c.kind == "foreign_key" and not c.left_out then
      for _, name in ipairs(c.columns) do
        if name == column.name then
          return false
        end
      end
    end
  end
  return not of.without_rowid
end

local function set_identity(words, of, column, made)
  local identity, numbered = column.identity, would_number(of, column, made.type)
  if not identity then
    if numbered then
      made.autoincrement = false
    end
  elseif words.name == "sqlite" then
    made.autoincrement = identity.once
    made.identity = not numbered and {} or nil
  elseif not numbered or identity.always or identity.start or identity.increment then
    made.identity = { always = identity.always, start = identity.start,
      increment = identity.increment }
  end
end

--- sql.column(…) of a column, without the constraints that stand beside it.
---@param words table
---@param of table its table
---@param column table
---@return table
function nodes.column(words, of, column)
  local made = node.new("column", {
    name = column.name,
    type = nodes.type(words, column),
    computed = raw(column.computed),
    collation = column.collation,
    comment = column.comment,
  })
  if not column.nullable and not column.serial then
    made.nullable = false
  end
  if column.default then
    made.server_default = nodes.default(words, column)
  end
  set_identity(words, of, column, made)
  return made
end

--- The same for add_column, which numbers nothing by itself.
function nodes.added_column(words, of, column)
  local made = nodes.column(words, of, column)
  if column.identity and words.name == "sqlite" then
    made.type, made.identity, made.autoincrement = words.type_of(column), nil, nil
  elseif column.identity then
    made.identity = made.identity or {}
  end
  return made
end

local makers = {}

function makers.primary_key(c)
  return { columns = c.columns }
end

makers.unique = makers.primary_key

function makers.check(c)
  return { condition = raw(c.condition) }
end

function makers.foreign_key(c)
  local references = {}
  for i, name in ipairs(c.target_columns) do
    references[i] = { schema = c.target_schema, table = c.target, column = name }
  end
  return { columns = c.columns, references = references, ondelete = c.ondelete,
    onupdate = c.onupdate, match = c.match }
end

local function exclusions(c)
  local elements = {}
  for i, element in ipairs(c.elements) do
    elements[i] = { element.is_name and element.text or raw(element.text), element.operator }
  end
  return elements
end

function makers.exclude(c)
  return { elements = exclusions(c), using = c.using, where = raw(c.where) }
end

--- The item of create_table that a constraint is.
---@param c table
---@return table
function nodes.constraint(c)
  local made = node.new(c.kind, makers[c.kind](c))
  made.name = not c.auto and c.name or nil
  made.deferrable, made.initially = c.deferrable, c.initially
  return made
end

local function index_columns(index)
  local columns = {}
  for i, part in ipairs(index.columns) do
    columns[i] = part.name or raw(part.text)
  end
  return columns
end

local function index_fields(index)
  return {
    name = index.name,
    columns = index_columns(index),
    unique = index.unique,
    where = raw(index.where),
    using = index.using,
    ops = index.ops,
    include = index.include,
    nulls_not_distinct = index.nulls_not_distinct,
  }
end

-- Options of the column itself, for what concerns it alone.
local function into_column(of, c, columns)
  local column = #c.columns == 1 and columns[c.columns[1]]
  if not column or not c.auto or c.deferrable or c.initially or c.match then
    return false
  elseif c.kind == "unique" and not column.unique then
    column.unique = true
    return true
  elseif c.kind == "foreign_key" and not column.references then
    if c.target == of.name and not c.target_schema and c.target_columns[1] == c.columns[1] then
      return false
    end
    column.references = { schema = c.target_schema, table = c.target, column = c.target_columns[1] }
    column.ondelete, column.onupdate = c.ondelete, c.onupdate
    return true
  end
  return false
end

local function set_key(of, columns, items)
  local key = of.primary_key
  if not key then
    return
  elseif #key.columns == 1 and key.auto and not key.deferrable then
    local column = columns[key.columns[1]]
    column.primary_key, column.nullable = true, nil
    return
  end
  items[#items + 1] = nodes.constraint(key)
end

local function add_indexes(of, columns, items)
  for _, index in ipairs(of.indexes) do
    local name = #index.columns == 1 and index.columns[1].name
    local alone = name and not (index.unique or index.where or index.using or index.ops
      or index.include or index.nulls_not_distinct)
    if alone and index.name == ("ix_%s_%s"):format(of.name, name) and columns[name] then
      columns[name].index = true
    else
      items[#items + 1] = node.new("index", index_fields(index))
    end
  end
end

--- Whether create_table can make a constraint with its table.
---@param c table
---@return boolean
function nodes.is_inner(c)
  return not c.not_valid and not c.left_out
end

--- The items of a table.
---@param words table
---@param of table
---@return table[]
function nodes.items(words, of)
  local items, columns = {}, {}
  for i, column in ipairs(of.columns) do
    items[i] = nodes.column(words, of, column)
    columns[column.name] = items[i]
  end
  set_key(of, columns, items)
  for _, c in ipairs(of.constraints) do
    if nodes.is_inner(c) and not into_column(of, c, columns) then
      items[#items + 1] = nodes.constraint(c)
    end
  end
  add_indexes(of, columns, items)
  return items
end

--- create_table of a table.
---@param words table
---@param of table
---@return table
function nodes.create_table(words, of)
  return {
    op = "create_table",
    name = of.name,
    schema = of.schema,
    items = of.model and not of.parts_left_out and of.model.items or nodes.items(words, of),
    comment = of.comment,
    strict = of.strict,
    without_rowid = of.without_rowid,
    unlogged = of.unlogged,
    partition_by = raw(of.partition_by),
    with = of.with,
  }
end

local creators = {}

function creators.foreign_key(of, c)
  return { op = "create_foreign_key", source = of.name, referent = c.target,
    local_cols = c.columns, remote_cols = c.target_columns, ondelete = c.ondelete,
    onupdate = c.onupdate, match = c.match, not_valid = c.not_valid, source_schema = of.schema,
    referent_schema = c.target_schema }
end

function creators.unique(of, c)
  return { op = "create_unique_constraint", table = of.name, columns = c.columns }
end

function creators.primary_key(of, c)
  return { op = "create_primary_key", table = of.name, columns = c.columns }
end

function creators.check(of, c)
  return { op = "create_check_constraint", table = of.name, condition = raw(c.condition),
    not_valid = c.not_valid }
end

function creators.exclude(of, c)
  return { op = "create_exclude_constraint", table = of.name, elements = exclusions(c),
    using = c.using, where = raw(c.where) }
end

--- The operation that adds a constraint to its table.
---@param of table
---@param c table
---@return table
function nodes.create_constraint(of, c)
  local made = creators[c.kind](of, c)
  made.name, made.deferrable, made.initially = c.name, c.deferrable, c.initially
  if c.kind ~= "foreign_key" then
    made.schema = of.schema
  end
  return made
end

local TYPES = { primary_key = "primary", foreign_key = "foreignkey" }

--- The operation that drops it.
---@return table
function nodes.drop_constraint(of, c)
  return { op = "drop_constraint", name = c.name, table = of.name, schema = of.schema,
    type = TYPES[c.kind] or c.kind }
end

--- create_index and drop_index.
---@return table
function nodes.create_index(of, index)
  local made = index_fields(index)
  made.op, made.table, made.schema = "create_index", of.name, of.schema
  return made
end

function nodes.drop_index(of, index)
  return { op = "drop_index", name = index.name, table = of.name, schema = of.schema }
end

--- create_view, with the indexes of a materialized one.
---@return table[]
function nodes.create_view(view)
  local made = { { op = "create_view", name = view.name, schema = view.schema,
    query = view.model and view.model.query or view.query,
    columns = view.model and view.model.columns or view.columns,
    materialized = view.materialized, with = view.with } }
  for _, index in ipairs(view.indexes) do
    made[#made + 1] = nodes.create_index(view, index)
  end
  return made
end

--- The fields of sql.view.
---@return table
function nodes.view(view)
  local made, indexes = nodes.create_view(view)[1], {}
  for i, index in ipairs(view.indexes) do
    indexes[i] = node.new("index", index_fields(index))
  end
  made.indexes = #indexes > 0 and indexes or nil
  return made
end

function nodes.drop_view(view)
  return { op = "drop_view", name = view.name, schema = view.schema,
    materialized = view.materialized }
end

function nodes.create_sequence(s)
  return { op = "create_sequence", name = s.name, schema = s.schema,
    type = s.type ~= "bigint" and node.new("type", { name = "plain", text = s.type }) or nil,
    start = s.start, increment = s.increment ~= 1 and s.increment or nil,
    minvalue = tonumber(s.minvalue), maxvalue = tonumber(s.maxvalue),
    cache = s.cache ~= 1 and s.cache or nil, cycle = s.cycle, owned_by = s.owned_by }
end

function nodes.create_enum(e)
  return { op = "create_enum", name = e.name, schema = e.schema, values = e.values }
end

return nodes
