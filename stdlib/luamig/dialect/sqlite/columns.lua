--- Operations on columns, in SQLite's SQL.
local column = require("luamig.dialect.column")
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.sqlite.words")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")
local whole = require("luamig.dialect.table")

local rules = {}

-- Why ADD COLUMN wants an empty table, or nil.
local function wants_empty(c)
  local default = c.server_default
  local none = default == nil or core.is_null(default)
  if c.computed then
    return nil
  elseif c.nullable == false and none then
    return "is NOT NULL without a default", "give it a server_default, or add it nullable and fill "
      .. "it by op.execute"
  elseif not none and not d.is_constant(default) then
    return "has a default that is computed", "add it without, and fill it by op.execute"
  elseif not none and c.references then
    return "refers to another table and has a default", "add it without, and fill it by op.execute"
  end
  return nil
end

local function check_added(o, facts)
  local c = o.column
  if c.primary_key then
    core.fail(("add_column: SQLite cannot add the primary key '%s' to a table that is there")
      :format(c.name), "make the table anew with its key, and copy the rows by op.execute")
  end
  local why, hint = wants_empty(c)
  if why and facts and not facts.is_empty(o.table, o.schema) then
    core.fail(("add_column: SQLite cannot add %s.%s, which %s, to a table with rows"):format(
      o.table, c.name, why), hint)
  end
end

-- UNIQUE cannot be added with a column, but an index says the same.
local function added_indexes(o)
  local c, made = o.column, {}
  if c.unique then
    made[1] = index.of_column(o.table, o.schema, c.name)
    made[1].name, made[1].unique = ("uq_%s_%s"):format(o.table, c.name), true
  end
  if c.index then
    made[#made + 1] = index.of_column(o.table, o.schema, c.name)
  end
  for i, one in ipairs(made) do
    made[i] = index.create(d, one)
  end
  return made
end

function rules.add_column(o, facts)
  if common.is_present(d, o, facts, o.column.name) then
    return {}
  end
  check_added(o, facts)
  local at = whole.place_of_added(o.column)
  at.no_unique = true
  at.strict = facts and facts.is_strict(o.table, o.schema)
  local statements = { d.alter(o, o.table, "ADD COLUMN %s", column.text(d, o.column, at)) }
  for _, statement in ipairs(added_indexes(o)) do
    statements[#statements + 1] = statement
  end
  return statements
end

local function refuse_part(o, constraint)
  core.fail(("drop_column: SQLite's ALTER TABLE cannot drop %s.%s, which is part of a %s"):format(
    o.table, o.name, constraint), "make the table anew without it, and copy the rows by op.execute")
end

local function refuse_key_column(o, facts)
  for _, c in ipairs(facts and facts.columns(o.table, o.schema) or {}) do
    if c.name == o.name and c.primary_key then
      refuse_part(o, "PRIMARY KEY")
    end
  end
end

-- SQLite does not drop a column that an index holds; PostgreSQL drops the index too.
local function drop_indexes_over(o, facts)
  local statements = {}
  for _, one in ipairs(facts and facts.indexes(o.table, o.schema) or {}) do
    for _, name in ipairs(one.columns) do
      if name == o.name and one.constraint then
        refuse_part(o, one.constraint)
      elseif name == o.name then
        local text = ("drop index %s over %s.%s"):format(one.name, o.table, o.name)
        statements[#statements + 1] = {
          sql = "DROP INDEX " .. ident.qualified(o.schema, one.name),
          comment = text,
          notice = text,
        }
      end
    end
  end
  return statements
end

function rules.drop_column(o, facts)
  if common.is_absent(d, o, facts, o.name) then
    return {}
  end
  refuse_key_column(o, facts)
  local statements = drop_indexes_over(o, facts)
  statements[#statements + 1] = d.alter(o, o.table, "DROP COLUMN %s", ident.quote(o.name))
  return statements
end

local function rename(o, old, new)
  return d.alter(o, o.table, "RENAME COLUMN %s TO %s", ident.quote(old), common.new_name(d, new))
end

function rules.rename_column(o, facts)
  if common.is_absent(d, o, facts, o.old) then
    return {}
  end
  return { rename(o, o.old, o.new) }
end

function rules.alter_column(o)
  local changes = {}
  for _, change in ipairs({ "type", "nullable", "server_default" }) do
    if o[change] ~= nil then
      changes[#changes + 1] = ("'%s'"):format(change)
    end
  end
  if #changes > 0 then
    core.fail(("alter_column: SQLite's ALTER TABLE cannot change %s of %s.%s"):format(
      table.concat(changes, ", "), o.table, o.name),
      "make the table anew as it should be, copy the rows by op.execute, drop the old one, rename")
  end
  return o.new_column_name and { rename(o, o.name, o.new_column_name) } or {}
end

return rules
