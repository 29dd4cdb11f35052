--- Columns and constraints as they stand in CREATE TABLE and ADD COLUMN, in either dialect.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local items = require("luamig.sql.items")
local node = require("luamig.node")

local add = common.add
local column = {}

local function add_deferrable(parts, c)
  if c.deferrable ~= nil then
    add(parts, c.deferrable and "DEFERRABLE" or "NOT DEFERRABLE")
  end
  if c.initially then
    add(parts, "INITIALLY %s", c.initially)
  end
end

-- REFERENCES … of a column or a constraint. `targets`: references read, all of one table.
local function add_references(d, parts, targets, c)
  local columns = {}
  for i, target in ipairs(targets) do
    columns[i] = target.column
  end
  if targets[1].schema and d.one_schema then
    core.fail(("%s: a foreign key of %s stays in its own schema, and cannot refer to '%s.%s'")
      :format(node.of(c) == "column" and "sql.column" or "sql.foreign_key", d.title,
        targets[1].schema, targets[1].table))
  end
  add(parts, "REFERENCES %s (%s)",
    ident.qualified(targets[1].schema, targets[1].table), ident.list(columns))
  for _, clause in ipairs({ { "MATCH", "match" }, { "ON DELETE", "ondelete" },
    { "ON UPDATE", "onupdate" } }) do
    if c[clause[2]] then
      add(parts, "%s %s", clause[1], c[clause[2]])
    end
    if clause[2] == "ondelete" and c.ondelete_columns then
      add(parts, "(%s)", ident.list(c.ondelete_columns))
    end
  end
  add_deferrable(parts, c)
end

local function add_name(d, parts, name)
  if name then
    add(parts, "CONSTRAINT %s", common.new_name(d, name))
  end
end

local function add_key(d, parts, c, at)
  add_name(d, parts, at.key_name)
  add(parts, "PRIMARY KEY")
  local suffix = d.key_suffix(c, at)
  if suffix then
    add(parts, suffix)
  end
end

local function says_not_null(d, c, at)
  if at.in_key then
    return d.null_keys and not at.numbered
  end
  return c.nullable == false
end

local function add_value(d, parts, c, at)
  local identity = d.identity(c, at)
  if identity then
    add(parts, identity)
  end
  if c.computed then
    add(parts, "GENERATED ALWAYS AS (%s) %s", common.expression(d, c.computed), d.stored(at))
  end
  if says_not_null(d, c, at) then
    add(parts, "NOT NULL")
    if c.on_conflict then
      add(parts, "ON CONFLICT %s", c.on_conflict)
    end
  end
  if c.server_default ~= nil and not core.is_null(c.server_default) then
    add(parts, "DEFAULT %s", d.default(c.server_default))
  end
end

--- A column as it stands in CREATE TABLE and ADD COLUMN. `at` tells its place: `in_key` (a part of
-- the primary key), `key` (the whole of it), `key_name`, `numbered` (such a key numbers itself),
-- `key_apart` (it is declared apart), `strict` (a STRICT table), `added` (by ADD COLUMN).
---@param d table
---@param described table
---@param at table
---@return string
function column.text(d, described, at)
  local c = common.own(d, items.by_name.column, described)
  local parts = { common.new_name(d, c.name), d.column_type(c, at) }
  if c.collation then
    add(parts, "COLLATE %s", ident.quote(c.collation))
  end
  add_value(d, parts, c, at)
  if c.unique and not at.no_unique then
    add(parts, "UNIQUE")
  end
  if at.key and not at.key_apart then
    add_key(d, parts, c, at)
  end
  if c.check then
    add(parts, "CHECK (%s)", common.expression(d, c.check))
  end
  local brought = d.column_check(c)
  if brought then
    add(parts, "%s", column.constraint(d, brought))
  end
  if c.references then
    add_references(d, parts, { c.references }, c)
  end
  return table.concat(parts, " ")
end

local constraint_words = {}

local function add_of_key(d, parts, c)
  if c.include then
    add(parts, "INCLUDE (%s)", ident.list(c.include))
  end
  if c.with then
    add(parts, "%s", d.parameters(c.with))
  end
  if c.on_conflict then
    add(parts, "ON CONFLICT %s", c.on_conflict)
  end
end

function constraint_words.primary_key(d, parts, c)
  add(parts, "PRIMARY KEY (%s)", ident.list(c.columns))
  add_of_key(d, parts, c)
  add_deferrable(parts, c)
end

function constraint_words.unique(d, parts, c)
  add(parts, "UNIQUE %s(%s)", c.nulls_not_distinct and "NULLS NOT DISTINCT " or "",
    ident.list(c.columns))
  add_of_key(d, parts, c)
  add_deferrable(parts, c)
end

function constraint_words.check(d, parts, c)
  add(parts, "CHECK (%s)", common.expression(d, c.condition))
  if c.no_inherit then
    add(parts, "NO INHERIT")
  end
end

function constraint_words.foreign_key(d, parts, c)
  add(parts, "FOREIGN KEY (%s)", ident.list(c.columns))
  add_references(d, parts, c.references, c)
end

function constraint_words.exclude(d, parts, c)
  local elements = {}
  for i, element in ipairs(c.elements) do
    local what = node.of(element[1]) and common.expression(d, element[1])
      or ident.quote(element[1])
    elements[i] = what .. " WITH " .. element[2]
  end
  add(parts, "EXCLUDE USING %s (%s)", ident.quote(c.using), table.concat(elements, ", "))
  add_of_key(d, parts, c)
  if c.where then
    add(parts, "WHERE (%s)", common.expression(d, c.where))
  end
  add_deferrable(parts, c)
end

--- A constraint as it stands in CREATE TABLE.
---@param d table
---@param constraint table
---@return string
function column.constraint(d, constraint)
  local name = node.of(constraint)
  local c = common.own(d, items.by_name[name], constraint)
  local parts = {}
  add_name(d, parts, c.name)
  constraint_words[name](d, parts, c)
  return table.concat(parts, " ")
end

return column
