--- Operations on constraints and comments, in PostgreSQL's SQL.
local column = require("luamig.dialect.column")
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.postgresql.words")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")

local rules = {}

-- The fields of an operation are those of the item that says the same in CREATE TABLE.
local function item(o, kind, more)
  local fields = more or {}
  for _, name in ipairs({ "name", "columns", "condition", "elements", "using", "where", "ondelete",
    "ondelete_columns", "onupdate", "match", "include", "nulls_not_distinct", "with", "no_inherit",
    "deferrable", "initially" }) do
    if fields[name] == nil then
      fields[name] = o[name]
    end
  end
  return node.new(kind, fields)
end

local function add(o, table_name, constraint, names)
  local text = "ADD " .. column.constraint(d, constraint) .. (o.not_valid and " NOT VALID" or "")
  return { d.alter(o, table_name, text, names) }
end

local function names_of(o, columns)
  local names = { o.name }
  for _, name in ipairs(columns) do
    names[#names + 1] = name
  end
  return names
end

function rules.create_foreign_key(o)
  local references = {}
  for i, name in ipairs(o.remote_cols) do
    references[i] = { schema = o.referent_schema, table = o.referent, column = name }
  end
  local constraint = item(o, "foreign_key", { columns = o.local_cols, references = references })
  -- A table that refers to itself may have to make the key it refers to first.
  local names = o.referent ~= o.source and names_of(o, o.local_cols) or nil
  return add({ schema = o.source_schema, not_valid = o.not_valid }, o.source, constraint, names)
end

function rules.create_unique_constraint(o)
  return add(o, o.table, item(o, "unique"), names_of(o, o.columns))
end

function rules.create_primary_key(o)
  return add(o, o.table, item(o, "primary_key"), names_of(o, o.columns))
end

-- What an expression reads is not known, so these go together with no other action.
function rules.create_check_constraint(o)
  return add(o, o.table, item(o, "check"))
end

function rules.create_exclude_constraint(o)
  return add(o, o.table, item(o, "exclude"))
end

function rules.drop_constraint(o)
  return { d.alter(o, o.table, ("DROP CONSTRAINT %s%s%s"):format(
    o.if_exists and "IF EXISTS " or "", ident.quote(o.name), o.cascade and " CASCADE" or ""),
    { o.name }) }
end

function rules.validate_constraint(o)
  return { d.alter(o, o.table, "VALIDATE CONSTRAINT " .. ident.quote(o.name), { o.name }) }
end

function rules.rename_constraint(o)
  if not o.new then
    core.fail(("rename_constraint: on PostgreSQL '%s' has to have a name"):format(o.old),
      "give it one")
  end
  return { d.alter(o, o.table, ("RENAME CONSTRAINT %s TO %s"):format(
    ident.quote(o.old), common.new_name(d, o.new))) }
end

function rules.create_table_comment(o)
  return { d.comment_on("TABLE " .. ident.qualified(o.schema, o.table), o.comment) }
end

function rules.drop_table_comment(o)
  return { d.comment_on("TABLE " .. ident.qualified(o.schema, o.table), core.null) }
end

return rules
