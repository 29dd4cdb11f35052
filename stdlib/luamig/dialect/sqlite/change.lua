--- Changes of one table, by the cheapest way that SQLite allows: its own ALTER TABLE; an edit of
-- the stored text, where rows are not touched; else the table is made anew.
--
-- A change is an operation as the registry makes it:
--   add_column            column, insert_before?, insert_after?
--   drop_column           name
--   rename_column         old, new
--   alter_column          name, new_column_name?, type?, nullable?, server_default?
--   create_foreign_key    name?, referent, local_cols, remote_cols, ondelete?, onupdate?,
--                         deferrable?, initially?, match?
--   create_unique_constraint   name?, columns
--   create_primary_key    name?, columns
--   create_check_constraint    name?, condition
--   drop_constraint       name, type?
--   rename_constraint     old, new
--   drop_references       referent: the foreign keys to this table (no operation of its own)
--   add_enum_value        name, value, before?, after?, if_not_exists?
--   alter_table           strict?, without_rowid?, autoincrement?
-- Several changes that need the table made anew cost one rebuild.
local core = require("luamig.core")
local rebuild = require("luamig.dialect.sqlite.rebuild")
local snapshot = require("luamig.dialect.sqlite.snapshot")
local steps = require("luamig.dialect.sqlite.steps")
local stored = require("luamig.dialect.sqlite.stored_table")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")
local verify = require("luamig.dialect.sqlite.verify")

local change = {}

-- A table on its way from what it is to what it shall be.
local state_methods = {}
state_methods.__index = state_methods

--- The planned column of this name, or nil: { name, source?, asked }.
function state_methods:column(name)
  for _, column in ipairs(self.columns) do
    if tokens.same(column.name, name) then
      return column
    end
  end
  return nil
end

--- The planned column and its text; where there is none, an error that names a near one.
function state_methods:want_column(name)
  local planned = self:column(name)
  if planned then
    return planned, stored.column(self.parsed, name)
  end
  local names = {}
  for i, column in ipairs(self.columns) do
    names[i] = column.name
  end
  core.fail(("%s: '%s' has no column '%s'%s"):format(
    self.op, self.before.name, name, strict.did_you_mean(name, names)))
end

--- Takes the edited text.
function state_methods:edited(text)
  self.parsed = stored.parse(text)
end

--- Looks at the rows before anything is done: see(state, …).
function state_methods:probe(see, ...)
  local given = { ... }
  self.probes[#self.probes + 1] = function()
    see(self, unpack(given))
  end
end

function state_methods:run_probes()
  for _, see in ipairs(self.probes) do
    see()
  end
end

--- Says something that the author did not ask for.
function state_methods:note(template, ...)
  self.notices[#self.notices + 1] = template:format(...)
end

local function start(before, facts)
  local state = setmetatable({
    before = before,
    facts = facts,
    parsed = before.parsed,
    columns = {},
    dropped_indexes = {},
    indexes = {},
    notices = {},
    probes = {},
    referents = {},
  }, state_methods)
  for i, column in ipairs(before.parsed.columns) do
    state.columns[i] = { name = column.name, source = column.name, asked = {} }
  end
  return state
end

local function with_notices(state, statements)
  for i, text in ipairs(state.notices) do
    table.insert(statements, i, { notice = text })
  end
  return statements
end

-- SQLite's reason against the text. It is tried as a temporary table: there the name is free.
local function refuse_unreadable(state)
  local s = state.before
  local temporary = state.parsed.text:gsub("^CREATE TABLE", "CREATE TEMP TABLE")
  local problem = not s.shadowed and core.problem(temporary)
  if problem then
    core.fail(("%s: %s"):format(state.op, problem))
  end
end

local function edit_statements(state)
  if state.parsed.text == state.before.text then
    return with_notices(state, {})
  end
  refuse_unreadable(state)
  state:run_probes()
  return with_notices(state, { {
    rewrite = state.parsed.text,
    schema = state.before.place,
    table = state.before.name,
    check = function()
      verify.schema(state)
    end,
  } })
end

local function rebuild_statements(state)
  if state.parsed.text == state.before.text and not state.anew_anyway then
    return with_notices(state, {})
  end
  local statements = with_notices(state, { rebuild.statement(state) })
  for _, statement in ipairs(state.indexes) do
    statements[#statements + 1] = statement
  end
  return statements
end

local plan

-- The first changes that go the same way, and later the rest.
local function plan_in_turn(table_name, schema, list, tiers, facts, options)
  local last = 1
  while list[last + 1] and tiers[last + 1] == tiers[1] do
    last = last + 1
  end
  local state = start(snapshot.read(table_name, schema), facts)
  local statements = {}
  for i = 1, last do
    state.op = list[i].op
    if tiers[1] == "native" then
      for _, statement in ipairs(steps.native(state, list[i])) do
        statements[#statements + 1] = statement
      end
    end
    steps.apply(state, list[i])
  end
  if tiers[1] == "edit" then
    statements = edit_statements(state)
  end
  if list[last + 1] then
    statements[#statements + 1] = {
      later = function()
        return plan(table_name, schema, { unpack(list, last + 1) }, facts, options)
      end,
    }
  end
  return statements
end

local function refuse_rebuild(state, table_name)
  core.fail(("%s: this needs '%s' made anew, and recreate is \"never\""):format(
    state.op, table_name), "leave 'recreate' out")
end

local function simple_statements(list, facts)
  local statements = {}
  for _, step in ipairs(list) do
    local simple = steps.simple(step, facts)
    for _, statement in ipairs(simple or {}) do
      statements[#statements + 1] = statement
    end
    if not simple then
      return nil
    end
  end
  return statements
end

function plan(table_name, schema, list, facts, options)
  local simple = options.recreate ~= "always" and simple_statements(list, facts)
  if simple then
    return simple
  end
  local state = start(snapshot.read(table_name, schema), facts)
  local tiers, anew = {}, options.recreate == "always"
  for i, step in ipairs(list) do
    state.op = step.op
    tiers[i] = steps.tier(state, step)
    -- Text that runs elsewhere meets rows that nobody has looked at: only making the table anew
    -- binds them too.
    if tiers[i] == "edit" and (state.before.place == "temp" or core.is_offline()) then
      tiers[i] = "rebuild"
    end
    anew = anew or tiers[i] == "rebuild"
    steps.apply(state, step)
  end
  if not anew then
    return plan_in_turn(table_name, schema, list, tiers, facts, options)
  elseif options.recreate == "never" then
    refuse_rebuild(state, table_name)
  end
  -- Once more, knowing that the table is made anew.
  state = start(snapshot.read(table_name, schema), facts)
  state.anew_anyway = options.recreate == "always"
  for _, step in ipairs(list) do
    state.op = step.op
    steps.apply(state, step)
  end
  state:run_probes()
  return rebuild_statements(state)
end

-- Without a database only what ALTER TABLE does by itself can be known.
local function offline_statements(list)
  local statements = {}
  for _, step in ipairs(list) do
    for _, statement in ipairs(steps.offline(step)) do
      statements[#statements + 1] = statement
    end
  end
  return statements
end

-- A rename is SQLite's own affair: it follows through indexes, views, triggers and other tables.
-- Renames go first where nothing before them speaks of their names.
local function renames_first(list)
  local sorted, renames = {}, 0
  for _, step in ipairs(list) do
    local free = step.kind == "rename_column"
    for i = renames + 1, #sorted do
      free = free and not steps.mentions(sorted[i], step.old)
        and not steps.mentions(sorted[i], step.new)
    end
    renames = renames + (free and 1 or 0)
    table.insert(sorted, free and renames or #sorted + 1, step)
  end
  return sorted
end

-- Up to and from the next rename.
local function plan_between_renames(table_name, schema, list, facts, options)
  local renames, at = {}, 1
  while list[at] and list[at].kind == "rename_column" do
    renames[at] = steps.rename(list[at])
    at = at + 1
  end
  local stop = at
  while list[stop] and list[stop].kind ~= "rename_column" do
    stop = stop + 1
  end
  local group, rest = { unpack(list, at, stop - 1) }, { unpack(list, stop) }
  local statements = renames
  local has_work = #group > 0 or (options.recreate == "always" and #rest == 0)
  if has_work and at == 1 then
    statements = plan(table_name, schema, group, facts, options)
  elseif has_work then
    statements[#statements + 1] = {
      later = function()
        return plan(table_name, schema, group, facts, options)
      end,
    }
  end
  if #rest > 0 then
    statements[#statements + 1] = {
      later = function()
        return plan_between_renames(table_name, schema, rest, facts, options)
      end,
    }
  end
  return statements
end

--- Whether an operation is a change of a table.
---@param o table
---@return boolean
function change.takes(o)
  return steps.takes(o)
end

--- The statements (compile.lua) that make these changes of one table.
---@param table_name string
---@param schema string?
---@param changes table[] operations
---@param facts table? the reflection of the database; nil: none is there to ask
---@param options { recreate?: "auto"|"always"|"never" }?
---@return table[]
function change.statements(table_name, schema, changes, facts, options)
  local list = steps.split(table_name, schema, changes, facts)
  if not facts then
    return offline_statements(list)
  end
  return plan_between_renames(table_name, schema, renames_first(list), facts, options or {})
end

return change
