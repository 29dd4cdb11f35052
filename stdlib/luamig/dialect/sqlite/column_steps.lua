--- Steps that change the columns of a table (see steps.lua).
local column = require("luamig.dialect.column")
local core = require("luamig.core")
local d = require("luamig.dialect.sqlite.words")
local edit = require("luamig.dialect.sqlite.edit")
local enum_checks = require("luamig.dialect.sqlite.enum_checks")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")
local probe = require("luamig.dialect.sqlite.probe")
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")
local types = require("luamig.sql.types")
local uses = require("luamig.dialect.sqlite.uses")
local whole = require("luamig.dialect.table")

local kinds = {}

local function has_default(c)
  return c.server_default ~= nil and not core.is_null(c.server_default)
end

-- UNIQUE cannot be added with a column, but an index says the same.
local function index_of(step, unique)
  local made = index.of_column(step.table, step.schema, step.column.name)
  if unique then
    made.name, made.unique = ("uq_%s_%s"):format(step.table, step.column.name), true
  end
  return index.create(d, made)
end

local function add_natively(step, is_strict)
  local c = step.column
  local at = whole.place_of_added(c)
  at.no_unique, at.strict = true, is_strict
  local statements = { d.alter(step, step.table, "ADD COLUMN %s", column.text(d, c, at)) }
  for _, unique in ipairs({ c.unique or false, c.index and 0 or false }) do
    if unique then
      statements[#statements + 1] = index_of(step, unique == true)
    end
  end
  return statements
end

local function refuse_empty_value(state, step)
  local c = step.column
  if c.nullable == false and not has_default(c) and not c.computed and not c.primary_key then
    core.fail(("add_column: NOT NULL constraint failed: %s.%s would be NULL in the rows that are "
      .. "there"):format(state.before.name, c.name),
      "give it a server_default, or add it nullable, fill it by op.execute and then alter_column "
      .. "{ nullable = false }")
  end
end

-- Whether ADD COLUMN takes it whatever rows there are.
local function is_simple(step)
  local c = step.column
  if c.primary_key or step.insert_before or step.insert_after then
    return false
  elseif not has_default(c) then
    return c.nullable ~= false or c.computed ~= nil
  end
  return d.is_constant(c.server_default) and not c.references
end

kinds.add_column = {
  simple = function(step, facts)
    return is_simple(step) and add_natively(step, facts.is_strict(step.table, step.schema)) or nil
  end,
  tier = function(state, step)
    local c = step.column
    if c.primary_key or step.insert_before or step.insert_after then
      return "rebuild"
    elseif core.is_offline() then
      return is_simple(step) and "native" or "rebuild"
    elseif state.facts.is_empty(state.before.name, state.before.schema) then
      return "native"
    end
    refuse_empty_value(state, step)
    return is_simple(step) and "native" or "rebuild"
  end,
  native = function(state, step)
    return add_natively(step, state.before.parsed.strict)
  end,
  offline = function(step)
    if step.column.primary_key or step.insert_before or step.insert_after then
      return nil
    end
    return add_natively(step)
  end,
  apply = function(state, step)
    local c = step.column
    if state:column(c.name) then
      core.fail(("add_column: '%s' has a column '%s' already"):format(state.before.name, c.name))
    elseif c.primary_key and stored.primary_key(state.parsed) then
      core.fail(("add_column: '%s' has a primary key already"):format(state.before.name),
        "drop that first, by drop_constraint")
    end
    local at = whole.place_of_added(c)
    at.added, at.strict = nil, state.parsed.strict
    local position = #state.columns + 1
    for i, one in ipairs(state.columns) do
      if tokens.same(one.name, step.insert_before or step.insert_after) then
        position = step.insert_before and i or i + 1
      end
    end
    local place = { before = step.insert_before, after = step.insert_after }
    if place.before or place.after then
      state:want_column(place.before or place.after)
    end
    state:edited(edit.add_column(state.parsed, column.text(d, c, at), place))
    table.insert(state.columns, position, { name = c.name, asked = {} })
    state.asked_foreign_keys = state.asked_foreign_keys or c.references ~= nil
    state.asked_keys = state.asked_keys or c.unique or c.primary_key
    if c.index then
      state.indexes[#state.indexes + 1] = index_of(step)
    end
  end,
}

local function describe_constraint(c)
  local what = { primary_key = "primary key", unique = "unique constraint",
    foreign_key = "foreign key", check = "check" }
  return what[c.kind] .. (c.name and " " .. c.name or "")
end

-- As in PostgreSQL, what is made of the column goes with it.
local function drop_constraints_over(state, name)
  repeat
    local c = uses.constraint_over(state.parsed, name)
    if c then
      if c.kind == "primary_key" and state.parsed.without_rowid then
        core.fail(("drop_column: '%s' is part of the primary key of '%s', which is WITHOUT ROWID "
          .. "and cannot be without one"):format(name, state.before.name))
      end
      state:note("drop %s over %s.%s", describe_constraint(c), state.before.name, name)
      uses.note_dropped(state, c)
      state:edited(edit.drop_constraint(state.parsed, c))
    end
  until not c
end

kinds.drop_column = {
  tier = function(state, step)
    local _, described = state:want_column(step.name)
    if uses.constraint_over(state.parsed, step.name) or stored.of_column(described, "unique")
      or stored.of_column(described, "primary_key") then
      return "rebuild"
    end
    return "native"
  end,
  native = function(state, step)
    local statements = {}
    for _, object in ipairs(uses.indexes_over(state, step.name)) do
      local text = ("drop index %s over %s.%s"):format(object.name, step.table, step.name)
      statements[#statements + 1] = {
        sql = "DROP INDEX " .. ident.qualified(step.schema, object.name),
        comment = text,
        notice = text,
      }
    end
    statements[#statements + 1] = d.alter(step, step.table, "DROP COLUMN %s",
      ident.quote(step.name))
    return statements
  end,
  offline = function(step)
    return { d.alter(step, step.table, "DROP COLUMN %s", ident.quote(step.name)) }
  end,
  apply = function(state, step)
    local planned, described = state:want_column(step.name)
    uses.refuse_drop(state, planned, described)
    for _, object in ipairs(uses.indexes_over(state, step.name)) do
      state.dropped_indexes[object.name] = true
      state:note("drop index %s over %s.%s", object.name, step.table, step.name)
    end
    drop_constraints_over(state, step.name)
    described = stored.column(state.parsed, step.name)
    for _, c in ipairs(described.constraints) do
      uses.note_dropped(state, c)
    end
    state:edited(edit.drop_column(state.parsed, described))
    for i, one in ipairs(state.columns) do
      if one == planned then
        table.remove(state.columns, i)
        return
      end
    end
  end,
}

-- Where the column stands, as column.lua wants to know it.
local function place_of(state, described, wanted)
  local key = stored.primary_key(state.parsed)
  local at = { strict = state.parsed.strict }
  at.in_key = key ~= nil and stored.concerns(state.parsed, key, described.name)
  at.key = at.in_key and #key.columns == 1
  at.numbered = at.key and types.is_integer(wanted) and not state.parsed.without_rowid
    and not stored.of_column(described, "default")
    and not stored.of_column(described, "foreign_key")
  return at
end

local function new_type(state, step, described)
  local at = place_of(state, described, step.type)
  return d.column_type({ name = step.name, type = step.type }, at), at
end

-- The CHECK that an enum brought along has its name, or none.
local function enum_check(state, step)
  return enum_checks.of_column(state.parsed, step.name, function(name)
    for _, of in ipairs({ step.type, step.existing_type }) do
      if of.type_name and tokens.same(of.type_name, name) then
        return true
      end
    end
    return false
  end)
end

local function same_type(state, described, text)
  local is = described.type and stored.words(state.parsed, unpack(described.type)) or ""
  return is:upper() == text:upper()
end

local function replace_enum_check(state, step)
  local _, described = state:want_column(step.name)
  local old = enum_check(state, step)
  local was_enum = step.existing_type and step.existing_type.name == "enum"
  local brought = d.column_check({ name = step.name, type = step.type })
  if old and (brought or was_enum) then
    state:edited(edit.drop_constraint(state.parsed, old))
    described = stored.column(state.parsed, step.name)
  end
  if brought then
    state:edited(edit.add_to_column(state.parsed, described, column.constraint(d, brought)))
  end
end

kinds.set_type = {
  tier = function(state, step)
    local _, described = state:want_column(step.name)
    local same = same_type(state, described, (new_type(state, step, described)))
    return same and "edit" or "rebuild"
  end,
  apply = function(state, step)
    local planned, described = state:want_column(step.name)
    local text, at = new_type(state, step, described)
    local brought = d.column_check({ name = step.name, type = step.type })
    if same_type(state, described, text) and brought and planned.source then
      state:probe(probe.check, brought.condition.text, brought.name)
    elseif not same_type(state, described, text) then
      if at.in_key and not at.numbered and stored.primary_key(state.parsed).autoincrement then
        state:note("%s.%s does not number itself any more", state.before.name, step.name)
        state:edited(edit.drop_autoincrement(state.parsed))
        state.asked_keys = true
        described = stored.column(state.parsed, step.name)
      end
      state:edited(edit.set_type(state.parsed, described, text))
      planned.asked.type = true
      state.asked_collation = state.asked_collation or text:upper():find("COLLATE", 1, true)
    end
    -- The rowid is never NULL, another key says so.
    if at.in_key and not at.numbered then
      described = stored.column(state.parsed, step.name)
      state:edited(edit.set_nullable(state.parsed, described, false))
      planned.asked.not_null = true
    end
    if at.key then
      state.asked_keys = true
    end
    replace_enum_check(state, step)
  end,
}

kinds.set_nullable = {
  tier = function(state, step)
    local _, described = state:want_column(step.name)
    return stored.of_column(described, "generated") and "rebuild" or "edit"
  end,
  apply = function(state, step)
    local planned, described = state:want_column(step.name)
    local at = place_of(state, described, { name = "integer" })
    if at.in_key and step.nullable then
      core.fail(("alter_column: '%s' is part of the primary key of '%s', which is never NULL")
        :format(step.name, state.before.name))
    elseif stored.rowid_column(state.parsed) == described then
      return
    end
    local text = edit.set_nullable(state.parsed, described, step.nullable)
    if text == state.parsed.text then
      return
    end
    if not step.nullable and planned.source then
      state:probe(probe.not_null, planned.source)
    end
    planned.asked.not_null = true
    state:edited(text)
  end,
}

local function new_default(step)
  local value = step.server_default
  return not core.is_null(value) and d.default(value) or nil
end

local function with_default(state, step, described)
  return edit.set_default(state.parsed, described, new_default(step))
end

kinds.set_server_default = {
  tier = function(state, step)
    local _, described = state:want_column(step.name)
    return with_default(state, step, described) == state.parsed.text and "edit" or "rebuild"
  end,
  apply = function(state, step)
    local planned, described = state:want_column(step.name)
    if stored.of_column(described, "generated") then
      core.fail(("alter_column: '%s' is computed and has no default"):format(step.name))
    end
    state:edited(with_default(state, step, described))
    planned.asked.default = true
  end,
}

return kinds
