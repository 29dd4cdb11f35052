--- Operations in SQLite's SQL: one rule for each, from an operation to its statements. `facts` is
-- the reflection of the database (reflect.lua), nil in --sql.
local column = require("luamig.dialect.column")
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")
local node = require("luamig.node")
local sqlite_types = require("luamig.dialect.sqlite.types")
local types = require("luamig.sql.types")
local whole = require("luamig.dialect.table")

local d = {
  name = "sqlite",
  title = "SQLite",
  now = "CURRENT_TIMESTAMP",
  null_keys = true,
  one_schema = true,
}

-- Only a key declared INTEGER is the rowid; one that shall not number itself is declared INT.
function d.column_type(c, at)
  if at.numbered then
    return "INTEGER"
  end
  local name = sqlite_types.name(c.type, at.strict)
  if at.key and types.is_integer(c.type) and name:upper() == "INTEGER" then
    return "INT"
  end
  return name
end

function d.identity(c, at)
  if (c.identity or c.autoincrement) and not at.numbered then
    core.fail(("sql.column: on SQLite '%s' cannot number itself: only an integer primary key of "
      .. "one column does, without default and references"):format(c.name))
  end
  return nil
end

function d.key_suffix(c)
  return c.autoincrement and "AUTOINCREMENT" or nil
end

function d.column_check(c)
  if c.type.name ~= "enum" then
    return nil
  end
  local values = {}
  for i, value in ipairs(c.type.values) do
    values[i] = core.quote(value)
  end
  return node.new("raw", { text = ("%s IN (%s)"):format(
    ident.quote(c.name), table.concat(values, ", ")) })
end

-- ALTER TABLE adds only columns that are computed when they are read.
function d.stored(at)
  return at.added and "VIRTUAL" or "STORED"
end

local function is_constant(value)
  local name = node.of(value)
  if name == "raw" then
    local text = value.text:upper()
    return text == "NULL" or text == "TRUE" or text == "FALSE"
      or text:find("^[%+%-]?%d+%.?%d*$") or text:find("^'[^']*'$") or false
  end
  return name ~= "now"
end

function d.default(value)
  local text = common.expression(d, value)
  if node.of(value) ~= "raw" or is_constant(value) or text:find("^%b()$")
    or text:upper():find("^CURRENT_%u+$") then
    return text
  end
  return ("(%s)"):format(text)
end

function d.index_place(i)
  return ident.qualified(i.schema, i.name), ident.quote(i.table)
end

function d.comments()
  return {}
end

local rules = {}
d.rules = rules

local function alter(o, name, template, ...)
  return { sql = ("ALTER TABLE %s %s"):format(ident.qualified(o.schema, name),
    template:format(...)) }
end

function rules.create_table(o)
  local options = {}
  if o.strict then
    options[1] = "STRICT"
  end
  if o.without_rowid then
    options[#options + 1] = "WITHOUT ROWID"
  end
  return whole.create(d, o, {}, #options > 0 and { table.concat(options, ", ") } or {})
end

-- DROP TABLE deletes the rows first: by their foreign keys, rows that refer to them would be
-- deleted, changed or in the way. PostgreSQL leaves them alone.
local function refuse_losing_rows(o, facts)
  for _, referent in ipairs(facts and facts.references_to(o.name, o.schema) or {}) do
    if not referent.same_table
      and facts.has_values(referent.table, referent.column, o.schema) then
      core.fail(("drop_table: rows of %s.%s refer to '%s', and SQLite would not leave them as they "
        .. "are"):format(referent.table, referent.column, o.name),
        ("set %s.%s to NULL or drop '%s' first"):format(
          referent.table, referent.column, referent.table))
    end
  end
end

function rules.drop_table(o, facts)
  refuse_losing_rows(o, facts)
  return { { sql = ("DROP TABLE %s%s"):format(o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.name)) } }
end

function rules.rename_table(o, facts)
  if common.is_absent(d, o, facts, nil, o.old) then
    return {}
  end
  return { alter(o, o.old, "RENAME TO %s", common.new_name(d, o.new)) }
end

-- Why ADD COLUMN wants an empty table, or nil.
local function wants_empty(c)
  local default = c.server_default
  local none = default == nil or core.is_null(default)
  if c.computed then
    return nil
  elseif c.nullable == false and none then
    return "is NOT NULL without a default", "give it a server_default, or add it nullable and fill "
      .. "it by op.execute"
  elseif not none and not is_constant(default) then
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
  local statements = { alter(o, o.table, "ADD COLUMN %s", column.text(d, o.column, at)) }
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
  statements[#statements + 1] = alter(o, o.table, "DROP COLUMN %s", ident.quote(o.name))
  return statements
end

local function rename(o, old, new)
  return alter(o, o.table, "RENAME COLUMN %s TO %s", ident.quote(old), common.new_name(d, new))
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

function rules.create_index(o)
  return { index.create(d, o) }
end

function rules.drop_index(o)
  return { { sql = ("DROP INDEX %s%s"):format(o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.name)) } }
end

-- Outside a trigger only a function that fails can end a script: text that is no JSON.
function d.abort(text)
  return ("json(%s || n)"):format(text)
end

common.add_texts(d)

return d
