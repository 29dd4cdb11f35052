--- What a table is made of: columns, constraints, indexes. Each word declares its fields as an
-- operation does, and makes a node of the same name.
local arguments = require("luamig.arguments")
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local plural = require("luamig.plural")
local strict = require("luamig.strict")
local types = require("luamig.sql.types")
require("luamig.sql.item_kinds")

local items = {}

local NAME = { "name", option = true, kind = "name", doc = "What the constraint is called." }

local function deferred(elsewhere)
  local only = elsewhere and "postgresql"
  return {
    "deferrable",
    option = true,
    kind = "boolean",
    only = only,
    elsewhere = elsewhere,
    doc = "May be checked at the end of the transaction.",
  }, {
    "initially",
    option = true,
    kind = "initially",
    only = only,
    elsewhere = elsewhere,
    doc = "Whether it is, unless SET CONSTRAINTS says otherwise.",
  }
end

local fk_deferrable, fk_initially = deferred(nil)
local key_deferrable, key_initially = deferred("refused")

local function conflict(doc)
  return {
    "on_conflict",
    option = true,
    kind = "resolution",
    only = "sqlite",
    elsewhere = "refused",
    doc = doc,
  }
end
local KEY_CONFLICT = conflict("What becomes of a row that breaks it, where INSERT does not say so.")

local KEY_INCLUDE = {
  "include",
  option = true,
  kind = "names",
  only = "postgresql",
  elsewhere = "skipped",
  doc = "Further columns that its index holds and does not order by.",
}

local KEY_WITH = {
  "with",
  option = true,
  kind = "settings",
  only = "postgresql",
  elsewhere = "skipped",
  doc = "Storage parameters of its index: { fillfactor = 70 }.",
}

local ONDELETE = {
  "ondelete",
  option = true,
  kind = "action",
  doc = "What becomes of the row when the row it refers to is deleted.",
}
local ONDELETE_COLUMNS = {
  "ondelete_columns",
  option = true,
  kind = "names",
  only = "postgresql",
  elsewhere = "refused",
  doc = "The columns that SET NULL or SET DEFAULT of `ondelete` sets; without it, all.",
}
local ONUPDATE = {
  "onupdate",
  option = true,
  kind = "action",
  doc = "What becomes of it when the key it refers to changes.",
}

--- The options of a column, wherever one is described.
items.column_options = {
  { "primary_key", kind = "boolean", doc = "The primary key, or a part of it." },
  { "nullable", kind = "boolean", doc = "Whether NULL is allowed; it is, unless this is false." },
  { "unique", kind = "boolean", doc = "No two rows hold the same value." },
  { "index", kind = "boolean", doc = "Makes the index ix_<table>_<column>." },
  {
    "server_default",
    kind = "default",
    doc = "What the database fills in: a value, sql.raw(…) or sql.now().",
  },
  {
    "autoincrement",
    kind = "boolean",
    doc = "false: an integer primary key does not number itself. true: SQLite never gives a "
      .. "number twice; PostgreSQL: an identity column.",
  },
  {
    "identity",
    kind = "identity",
    doc = "An identity column (SQLite: the integer primary key). `always`: no value may be given; "
      .. "`start` and `increment` are PostgreSQL's.",
  },
  { "computed", kind = "expression", doc = "The expression that the column always holds." },
  {
    "comment",
    kind = "text",
    only = "postgresql",
    elsewhere = "skipped",
    doc = "Kept beside the column in the catalog.",
  },
  { "collation", kind = "name", doc = "By which rules it compares and sorts." },
  { "references", kind = "reference", doc = 'A foreign key to one column: "users.id".' },
  ONDELETE,
  ONUPDATE,
  { "check", kind = "expression", doc = "A condition that every row fulfils." },
  conflict("What becomes of a row that holds NULL where `nullable` is false."),
  {
    "renamed_from",
    kind = "name",
    doc = "In models.lua: what the column was called before, so that it is renamed.",
  },
}
for _, field in ipairs(items.column_options) do
  field.option = true
end

--- The options of an index, wherever one is described.
items.index_options = {
  { "unique", kind = "boolean", doc = "No two rows hold the same values." },
  { "where", kind = "expression", doc = "Only rows that fulfil it are in the index." },
  {
    "using",
    kind = "name",
    only = "postgresql",
    elsewhere = "skipped",
    doc = 'The access method: "btree", "gin", "gist", "brin", "hash".',
  },
  {
    "ops",
    kind = "settings",
    only = "postgresql",
    elsewhere = "skipped",
    doc = 'Operator classes by column: { email = "varchar_pattern_ops" }.',
  },
  {
    "include",
    kind = "names",
    only = "postgresql",
    elsewhere = "skipped",
    doc = "Further columns that the index holds and does not order by.",
  },
  {
    "nulls_not_distinct",
    kind = "boolean",
    only = "postgresql",
    elsewhere = "refused",
    doc = "A unique index takes one NULL only.",
  },
  {
    "with",
    kind = "settings",
    only = "postgresql",
    elsewhere = "skipped",
    doc = "Storage parameters: { fillfactor = 70 }.",
  },
}
for _, field in ipairs(items.index_options) do
  field.option = true
end

--- A list of fields out of several.
---@return table
function items.fields(...)
  local all = {}
  for _, list in ipairs({ ... }) do
    for _, field in ipairs(list) do
      all[#all + 1] = field
    end
  end
  return all
end

local function check_identity(read)
  if read.computed or read.server_default ~= nil then
    return ("an identity column has no %s"):format(
      read.computed and "'computed'" or "server_default")
  elseif read.type.name ~= "plain" and not types.is_integer(read.type) then
    return ("an identity column is an integer, and '%s' is sql.%s"):format(
      read.name, read.type.name)
  end
  return nil
end

local function check_column(read)
  if (read.ondelete or read.onupdate) and not read.references then
    return "'ondelete' and 'onupdate' belong to 'references', which is missing"
  elseif read.computed and read.server_default ~= nil then
    return "a computed column has no server_default"
  elseif read.primary_key and read.nullable then
    return "a primary key is never nullable"
  elseif read.identity then
    return check_identity(read)
  end
  return nil
end

--- What is wrong with the columns that ON DELETE sets, if anything.
---@param read table
---@param columns string[]
---@return string?
function items.ondelete_problem(read, columns)
  if not read.ondelete_columns then
    return nil
  elseif read.ondelete ~= "SET NULL" and read.ondelete ~= "SET DEFAULT" then
    return "'ondelete_columns' belongs to an 'ondelete' of SET NULL or SET DEFAULT"
  end
  local known = strict.set(columns)
  for _, name in ipairs(read.ondelete_columns) do
    if not known[name] then
      return ("'ondelete_columns' names '%s', which is no column of the key%s"):format(name,
        strict.did_you_mean(name, columns))
    end
  end
  return nil
end

local function check_foreign_key(read)
  if #read.columns ~= #read.references then
    return ("%s cannot refer to %s"):format(plural.of(#read.columns, "column"),
      plural.of(#read.references, "column"))
  end
  return items.ondelete_problem(read, read.columns)
end

items.list = {
  {
    name = "column",
    fields = items.fields({
      { "name", kind = "name", required = true, doc = "What the column is called." },
      { "type", kind = "type", required = true, doc = "A word of sql, or a text." },
    }, items.column_options),
    check = check_column,
    doc = "A column of a table.",
    example = 'op.add_column("users", sql.column("email", sql.string(255), { nullable = false, '
      .. 'server_default = "" }))',
  },
  {
    name = "primary_key",
    fields = {
      { "columns", kind = "names", required = true, doc = "The columns of the key." },
      NAME,
      KEY_INCLUDE,
      KEY_WITH,
      KEY_CONFLICT,
      key_deferrable,
      key_initially,
    },
    doc = "The primary key of a table, of one column or several.",
    example = 'sql.primary_key({ "player_id", "mount_id" })',
  },
  {
    name = "foreign_key",
    fields = {
      { "columns", kind = "names", required = true, doc = "The columns that refer." },
      { "references", kind = "references", required = true, doc = "The columns referred to." },
      NAME,
      ONDELETE,
      ONDELETE_COLUMNS,
      ONUPDATE,
      { "match", option = true, kind = "match", doc = "How a key that is part NULL counts." },
      fk_deferrable,
      fk_initially,
    },
    check = check_foreign_key,
    doc = "A foreign key of one column or several.",
    example = 'sql.foreign_key({ "user_id" }, { "users.id" }, { ondelete = "CASCADE" })',
  },
  {
    name = "unique",
    fields = {
      { "columns", kind = "names", required = true, doc = "The columns that are unique together." },
      NAME,
      KEY_INCLUDE,
      KEY_WITH,
      KEY_CONFLICT,
      {
        "nulls_not_distinct",
        option = true,
        kind = "boolean",
        only = "postgresql",
        elsewhere = "refused",
        doc = "They take one NULL only.",
      },
      key_deferrable,
      key_initially,
    },
    doc = "A unique constraint.",
    example = 'sql.unique({ "order_id", "sku" }, { name = "order_items_sku" })',
  },
  {
    name = "check",
    fields = {
      { "condition", kind = "expression", required = true, doc = "What every row fulfils." },
      NAME,
      {
        "no_inherit",
        option = true,
        kind = "boolean",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "Tables that inherit from this one do not have it.",
      },
    },
    doc = "A check constraint.",
    example = 'sql.check("price >= 0", { name = "price_not_negative" })',
  },
  {
    name = "exclude",
    fields = {
      { "elements", kind = "exclusions", required = true, doc = "Columns and their operators." },
      NAME,
      { "using", option = true, kind = "name", default = "gist", doc = "The access method." },
      { "where", option = true, kind = "expression", doc = "Only rows that fulfil it count." },
      KEY_INCLUDE,
      KEY_WITH,
      key_deferrable,
      key_initially,
    },
    only = "postgresql",
    elsewhere = "refused",
    doc = "An exclusion constraint: no two rows are alike by all of these operators.",
    example = 'sql.exclude({ { "room", "=" }, { "during", "&&" } })',
  },
  {
    name = "index",
    fields = items.fields({
      { "name", kind = "name", required = true, doc = "What the index is called." },
      { "columns", kind = "index_columns", required = true, doc = "Names, or sql.raw(…)." },
    }, items.index_options),
    doc = "An index of the table that is being described.",
    example = 'sql.index("ix_users_email", { "email" }, { unique = true })',
  },
}

local function make(definition, read)
  local problem = definition.check and definition.check(read)
  if problem then
    core.fail(("%s: %s"):format(definition.label, problem))
  end
  return node.new(definition.name, read)
end

items.words, items.by_name = {}, {}
for _, definition in ipairs(items.list) do
  definition.label = "sql." .. definition.name
  arguments.define(definition)
  items.by_name[definition.name] = definition
  items.words[definition.name] = function(...)
    local item = make(definition, arguments.read(definition, select("#", ...), { ... }))
    return item
  end
end

--- One field of an item, for an operation that makes the same.
---@param name string
---@param field_name string
---@return table
function items.field(name, field_name)
  for _, field in ipairs(items.by_name[name].fields) do
    if field.name == field_name then
      return field
    end
  end
  return core.fail(("sql.%s has no field '%s'"):format(name, field_name))
end

--- The item that fields read already mean.
function items.make(name, read)
  return make(items.by_name[name], read)
end

kinds.add("column", {
  takes = "node",
  what = 'sql.column("name", type)',
  lua = "luamig.column",
  read = function(value)
    if node.of(value) ~= "column" then
      return nil, ("must be sql.column(…), got sql.%s"):format(node.of(value))
    end
    return value
  end,
})
kinds.add("item", {
  takes = "node",
  what = "sql.column(…) or a constraint",
  lua = "luamig.item",
  read = function(value)
    if not items.by_name[node.of(value)] then
      return nil, ("must be sql.column(…) or a constraint, got sql.%s"):format(node.of(value))
    end
    return value
  end,
})

return items
