--- From the columns of a shape to the words of `sql` that make them.
--
-- A column that models.lua describes has that description as `model`; then its own words are used,
-- which mean the same on the other engine too.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local types = require("luamig.sql.types")

local column_nodes = {}

local function raw(text)
  return text and node.new("raw", { text = text })
end

--- The type of a column.
---@param words table the dialect's shape_words
---@param column table
---@return table
function column_nodes.type(words, column)
  local model = column.model
  if model and model.type.name ~= "enum" then
    return model.type
  end
  return words.type_of(column)
end

-- What ALTER COLUMN takes: `serial` is a word of CREATE TABLE.
local function altered_type(words, column)
  return column.serial and words.type_of({ type = column.type }) or column_nodes.type(words, column)
end

--- The type with its collation, as ALTER COLUMN takes both together.
---@return table
function column_nodes.collated_type(words, column, with_collation)
  -- Without a word the column keeps the one that it has.
  local collation = column.collation
    or with_collation and (words.name == "sqlite" and "BINARY" or "default")
  if not collation or not with_collation and words.name == "sqlite" then
    return altered_type(words, column)
  end
  return node.new("type", { name = "plain",
    text = ("%s COLLATE %s"):format(column.type, ident.quote(collation)) })
end

--- The default of a column; null: none.
---@return any
function column_nodes.default(words, column)
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
function column_nodes.column(words, of, column)
  local made = node.new("column", {
    name = column.name,
    type = column_nodes.type(words, column),
    computed = raw(column.computed),
    collation = column.collation,
    comment = column.comment,
    on_conflict = column.on_conflict,
  })
  if not column.nullable and not column.serial then
    made.nullable = false
  end
  if column.default then
    made.server_default = column_nodes.default(words, column)
  end
  set_identity(words, of, column, made)
  return made
end

--- The same for add_column, which numbers nothing by itself.
function column_nodes.added_column(words, of, column)
  local made = column_nodes.column(words, of, column)
  if column.identity and words.name == "sqlite" then
    -- As the rowid it has a number in each row, once the key is made.
    made.type, made.identity, made.autoincrement = words.type_of(column), nil, nil
    made.nullable = nil
  elseif column.identity then
    made.identity = made.identity or {}
  end
  return made
end

return column_nodes
