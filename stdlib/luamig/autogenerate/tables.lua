--- What leads from one table to the other of its name.
local column_nodes = require("luamig.autogenerate.column_nodes")
local columns = require("luamig.autogenerate.columns")
local constraints = require("luamig.autogenerate.constraints")
local core = require("luamig.core")
local forms = require("luamig.autogenerate.forms")
local ident = require("luamig.dialect.ident")
local indexes = require("luamig.autogenerate.indexes")
local marks = require("luamig.autogenerate.marks")
local nodes = require("luamig.autogenerate.nodes")
local parameters = require("luamig.autogenerate.parameters")
local shape = require("luamig.autogenerate.shape")

local tables = {}

local NO_DEFAULT = "fails where the table has rows"

-- Also that it may be one that was there under another name.
local function note_of(thing, note)
  return note and thing.maybe and note .. "\n" .. thing.maybe or note or thing.maybe
end

local function add_column(work, plan, of, column)
  local needs = not column.nullable and not column.default and not column.computed
    and not column.identity and not column.serial
  plan:add(column.computed and "computed_add" or "column_add", { op = "add_column",
    table = of.name, schema = of.schema,
    column = column_nodes.added_column(work.words, of, column),
    numbers_itself = work.words.name == "sqlite" and column.identity ~= nil or nil },
    note_of(column, needs and NO_DEFAULT or nil))
  local own = marks.own(work, nil, column) or {}
  marks.give_back(plan, column.computed and "computed_add" or "column_add", of, column,
    own.storage, own.marks)
end

local function compare_columns(work, plan, old, new)
  local kept, by_name = {}, {}
  for _, column in ipairs(old.columns) do
    by_name[work.words.fold(column.name)] = column
  end
  for _, column in ipairs(new.columns) do
    local name = work.words.fold(column.name)
    local was = by_name[name]
    by_name[name] = nil
    if not was then
      add_column(work, plan, new, column)
    else
      kept[#kept + 1] = { old = was, new = column,
        found = columns.differences(work, new, was, column) }
    end
  end
  local moved = columns.change(work, plan, new, kept)
  for _, column in ipairs(old.columns) do
    if by_name[work.words.fold(column.name)] then
      plan:add(column.computed and "computed_drop" or "column_drop", { op = "drop_column",
        table = new.name, name = column.name, schema = new.schema },
        marks.noted(not column.computed and "destroys the values of the column" or nil,
          marks.in_the_way(work, column)))
    end
  end
  return moved
end

local function execute(work, text)
  return { op = "execute", statement = { [work.words.name] = text } }
end

local function compare_settings(work, plan, old, new)
  local target = "ALTER TABLE " .. ident.qualified(new.schema, new.name)
  parameters.compare(work, plan, target, old.with, new.with)
  if old.unlogged ~= new.unlogged then
    plan:add("option", execute(work, ("%s SET %s"):format(target,
      new.unlogged and "UNLOGGED" or "LOGGED")))
  end
end

local function compare_comment(plan, old, new)
  if old.comment == new.comment then
    return
  elseif new.comment then
    plan:add("comment", { op = "create_table_comment", table = new.name, comment = new.comment,
      schema = new.schema })
  else
    plan:add("comment", { op = "drop_table_comment", table = new.name, schema = new.schema })
  end
end

local function refuse_partition_by(old, new)
  local function said(by)
    return by and "PARTITION BY " .. by or "not divided"
  end
  core.fail(("autogenerate: table %s is %s in the database and %s in the models, and PostgreSQL "
    .. "divides a table only when it is made"):format(shape.key(new.schema, new.name),
    said(old.partition_by), said(new.partition_by)),
    "write a migration that makes such a table under another name, moves the rows and renames it")
end

--- The operations that make the table `new` of the table `old`.
---@param work table
---@param plan table
---@param old table
---@param new table
function tables.compare(work, plan, old, new)
  if old.partition_by ~= new.partition_by then
    refuse_partition_by(old, new)
  end
  if work.words.name == "sqlite" then
    old = forms.compare(work, plan, old, new)
  end
  local moved = compare_columns(work, plan, old, new)
  constraints.compare(work, plan, old, new, moved)
  forms.lend_rowid(plan, old, new)
  indexes.compare(work, plan, old, new, moved)
  compare_settings(work, plan, old, new)
  compare_comment(plan, old, new)
end

--- Adds a table that is not there; constraints that are left out follow.
function tables.create(work, plan, of)
  plan:add("table_new", nodes.create_table(work.words, of), note_of(of))
  for _, c in ipairs(of.constraints) do
    if not nodes.is_inner(c) then
      constraints.create(work, plan, of, c)
    end
  end
end

--- Drops a table; foreign keys that are left out go before it.
function tables.drop(plan, of)
  for _, c in ipairs(of.constraints) do
    if c.left_out then
      constraints.drop(plan, of, c)
    end
  end
  plan:add("table_drop", { op = "drop_table", name = of.name, schema = of.schema },
    "destroys the rows of the table")
end

--- The tables that a table refers to or inherits from, itself left out.
---@return string[]
function tables.needs(of)
  local needs = {}
  for _, c in ipairs(of.constraints) do
    local key = c.kind == "foreign_key" and shape.key(c.target_schema, c.target)
    if key and key ~= shape.key(of.schema, of.name) then
      needs[#needs + 1] = key
    end
  end
  for _, key in ipairs(of.inherits or {}) do
    needs[#needs + 1] = key
  end
  return needs
end

--- Marks the foreign keys of a table to another one to be made apart.
function tables.leave_out(of, key)
  for _, c in ipairs(of.constraints) do
    if c.kind == "foreign_key" and shape.key(c.target_schema, c.target) == key then
      c.left_out, of.parts_left_out = true, true
    end
  end
end

return tables
