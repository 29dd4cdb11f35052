--- From what a shape holds to the operations that make it: nodes as the words of `sql` make them.
--
-- A column or table that models.lua describes has that description as `model`; then its own words
-- are used, which mean the same on the other engine too.
local column_nodes = require("luamig.autogenerate.column_nodes")
local core = require("luamig.core")
local node = require("luamig.node")

local nodes = {}

--- SQL as an expression; nil stays.
function nodes.raw(text)
  return text and node.new("raw", { text = text })
end
local raw = nodes.raw

local makers = {}

function makers.primary_key(c)
  return { columns = c.columns, include = c.include, nulls_not_distinct = c.nulls_not_distinct,
    with = c.with, on_conflict = c.on_conflict }
end

makers.unique = makers.primary_key

function makers.check(c)
  return { condition = raw(c.condition), no_inherit = c.no_inherit }
end

function makers.foreign_key(c)
  local references = {}
  for i, name in ipairs(c.target_columns) do
    references[i] = { schema = c.target_schema, table = c.target, column = name }
  end
  return { columns = c.columns, references = references, ondelete = c.ondelete,
    ondelete_columns = c.ondelete_columns, onupdate = c.onupdate, match = c.match }
end

local function exclusions(c)
  local elements = {}
  for i, element in ipairs(c.elements) do
    elements[i] = { element.is_name and element.text or raw(element.text), element.operator }
  end
  return elements
end

function makers.exclude(c)
  return { elements = exclusions(c), using = c.using, where = raw(c.where), include = c.include,
    with = c.with }
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

--- The fields of an index, as a node and an operation have them.
---@return table
function nodes.index_fields(index)
  return {
    name = index.name,
    columns = index_columns(index),
    unique = index.unique,
    where = raw(index.where),
    using = index.using,
    ops = index.ops,
    include = index.include,
    nulls_not_distinct = index.nulls_not_distinct,
    with = index.with,
  }
end

-- Options of the column itself, for what concerns it alone.
local function into_column(of, c, columns)
  local column = #c.columns == 1 and columns[c.columns[1]]
  if not column or not c.auto or c.deferrable or c.initially or c.match or c.include
    or c.nulls_not_distinct or c.with or c.ondelete_columns or c.on_conflict then
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
  elseif #key.columns == 1 and key.auto
    and not (key.deferrable or key.include or key.with or key.on_conflict) then
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
      or index.include or index.nulls_not_distinct or index.with)
    if alone and index.name == ("ix_%s_%s"):format(of.name, name) and columns[name] then
      columns[name].index = true
    else
      items[#items + 1] = node.new("index", nodes.index_fields(index))
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
    items[i] = column_nodes.column(words, of, column)
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
  if of.name:find(".", 1, true) then
    core.fail(("the table '%s' has a dot in its name, which create_table takes for a schema's")
      :format(of.name), "rename it, or let include_object of env.lua leave it out")
  end
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
    ondelete_columns = c.ondelete_columns, onupdate = c.onupdate, match = c.match,
    not_valid = c.not_valid, source_schema = of.schema, referent_schema = c.target_schema }
end

function creators.unique(of, c)
  return { op = "create_unique_constraint", table = of.name, columns = c.columns,
    include = c.include, nulls_not_distinct = c.nulls_not_distinct, with = c.with,
    on_conflict = c.on_conflict }
end

function creators.primary_key(of, c)
  return { op = "create_primary_key", table = of.name, columns = c.columns, include = c.include,
    with = c.with, on_conflict = c.on_conflict }
end

function creators.check(of, c)
  return { op = "create_check_constraint", table = of.name, condition = raw(c.condition),
    no_inherit = c.no_inherit, not_valid = c.not_valid }
end

function creators.exclude(of, c)
  return { op = "create_exclude_constraint", table = of.name, elements = exclusions(c),
    using = c.using, where = raw(c.where), include = c.include, with = c.with }
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
    type = TYPES[c.kind] or c.kind, condition = c.is_found_by_text and raw(c.condition) or nil }
end

--- create_index and drop_index.
---@return table
function nodes.create_index(of, index)
  local made = nodes.index_fields(index)
  made.op, made.table, made.schema = "create_index", of.name, of.schema
  return made
end

function nodes.drop_index(of, index)
  return { op = "drop_index", name = index.name, table = of.name, schema = of.schema }
end

return nodes
