--- Steps that change the constraints of a table (see steps.lua).
local column = require("luamig.dialect.column")
local column_names = require("luamig.dialect.sqlite.column_names")
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.sqlite.words")
local edit = require("luamig.dialect.sqlite.edit")
local ident = require("luamig.dialect.ident")
local named = require("luamig.dialect.sqlite.named")
local node = require("luamig.node")
local probe = require("luamig.dialect.sqlite.probe")
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")
local uses = require("luamig.dialect.sqlite.uses")

local kinds = {}

local function add(state, described)
  named.want_free(state, described.name)
  for _, name in ipairs(described.columns or {}) do
    state:want_column(name)
  end
  state:edited(edit.add_constraint(state.parsed, column.constraint(d, described)))
end

local function same_columns(a, b)
  local wanted = {}
  for _, name in ipairs(a) do
    wanted[name:lower()] = true
  end
  for _, name in ipairs(b) do
    if not wanted[name:lower()] then
      return false
    end
  end
  return #a == #b
end

-- Whether rows of the table can be told apart by these columns, which a foreign key needs.
local function has_key(facts, table_name, columns, schema)
  local key = {}
  for _, one in ipairs(facts.columns(table_name, schema)) do
    if one.primary_key then
      key[#key + 1] = one.name
    end
  end
  if same_columns(key, columns) then
    return true
  end
  for _, one in ipairs(facts.indexes(table_name, schema)) do
    if one.unique and same_columns(one.columns, columns) then
      return true
    end
  end
  return false
end

local function check_target(state, step)
  local s, facts = state.before, state.facts
  local lies = step.referent_schema
  if lies and not tokens.same(lies, s.place) then
    core.fail(("create_foreign_key: SQLite's foreign keys stay within one database, and '%s' lies "
      .. "in '%s'"):format(step.referent, lies))
  elseif tokens.same(step.referent, s.name) then
    return
  elseif not facts.has_table(step.referent, s.schema) then
    core.fail(("create_foreign_key: there is no table '%s'"):format(step.referent))
  end
  for _, name in ipairs(step.remote_cols) do
    if not facts.has_column(step.referent, name, s.schema) then
      core.fail(("create_foreign_key: '%s' has no column '%s'"):format(step.referent, name))
    end
  end
  if not has_key(facts, step.referent, step.remote_cols, s.schema) then
    core.fail(("create_foreign_key: no key of '%s' is (%s)"):format(
      step.referent, table.concat(step.remote_cols, ", ")),
      "a foreign key refers to a primary key or to unique columns")
  end
end

-- Whether the rows that are there can be asked. Where the type of a column changes, they say it
-- otherwise, and are asked by being copied.
local function all_sourced(state, columns)
  for _, name in ipairs(columns) do
    local planned = state:column(name)
    if planned and (not planned.source or planned.asked.type) then
      return false
    end
  end
  return true
end

kinds.create_foreign_key = {
  tier = "edit",
  apply = function(state, step)
    check_target(state, step)
    local references = {}
    for i, name in ipairs(step.remote_cols) do
      references[i] = { table = step.referent, column = name }
    end
    add(state, node.new("foreign_key", {
      name = step.name,
      columns = step.local_cols,
      references = references,
      ondelete = step.ondelete,
      onupdate = step.onupdate,
      match = step.match,
      deferrable = step.deferrable,
      initially = step.initially,
    }))
    state.asked_foreign_keys = true
    state.referents[#state.referents + 1] = step.referent
    if all_sourced(state, step.local_cols) then
      state:probe(probe.foreign_key, step.local_cols,
        ident.qualified(state.before.schema, step.referent), step.remote_cols)
    end
  end,
}

kinds.create_check_constraint = {
  tier = "edit",
  apply = function(state, step)
    local condition = common.expression(d, step.condition)
    add(state, node.new("check", { name = step.name, condition = step.condition }))
    local spoken, read = {}, tokens.read(condition)
    for _, planned in ipairs(state.columns) do
      if column_names.mention(read, planned.name) then
        spoken[#spoken + 1] = planned.name
      end
    end
    if all_sourced(state, spoken) then
      state:probe(probe.check, condition, step.name)
    end
  end,
}

kinds.create_unique_constraint = {
  tier = "rebuild",
  apply = function(state, step)
    add(state, node.new("unique", { name = step.name, columns = step.columns,
      on_conflict = step.on_conflict }))
    state.asked_keys = true
  end,
}

kinds.create_primary_key = {
  tier = "rebuild",
  apply = function(state, step)
    if stored.primary_key(state.parsed) then
      core.fail(("create_primary_key: '%s' has a primary key already"):format(state.before.name),
        "drop that first, by drop_constraint")
    end
    add(state, node.new("primary_key", { name = step.name, columns = step.columns,
      on_conflict = step.on_conflict }))
    state.asked_keys = true
    for _, name in ipairs(step.columns) do
      local planned, described = state:want_column(name)
      planned.asked.key = true
      if stored.rowid_column(state.parsed) ~= described then
        planned.asked.not_null = true
        state:edited(edit.set_nullable(state.parsed, described, false))
      end
    end
  end,
}

local function drop_index(state, object)
  return ("DROP INDEX %s"):format(ident.qualified(state.before.schema, object.name))
end

-- A key to which foreign keys refer stays, unless another one serves them.
local function refuse_used_key(state, c)
  local spare = 0
  for _, other in ipairs(stored.all_constraints(state.parsed)) do
    local is_key = other.kind == "unique" or other.kind == "primary_key"
    if is_key and other ~= c and same_columns(other.columns, c.columns) then
      spare = spare + 1
    end
  end
  local referents = spare == 0 and uses.referents(state, c.columns) or {}
  if #referents > 0 then
    core.fail(("%s: %s refer%s to this key of '%s'"):format(state.op,
      table.concat(referents, ", "), #referents == 1 and "s" or "", state.before.name),
      "drop those foreign keys first")
  end
end

local function condition_of(step)
  return step.condition and common.expression(d, step.condition)
end

-- nil: there is none, and none need be there.
local function wanted(state, step)
  local look = step.if_exists and named.find or named.want
  return look(state, step.name, step.type, condition_of(step))
end

kinds.drop_constraint = {
  tier = function(state, step)
    local c = wanted(state, step)
    if not c or c.index then
      return "native"
    end
    return (c.kind == "unique" or c.kind == "primary_key") and "rebuild" or "edit"
  end,
  native = function(state, step)
    local c = wanted(state, step)
    return c and { { sql = drop_index(state, c.index) } } or {}
  end,
  apply = function(state, step)
    local c = wanted(state, step)
    if not c then
      return
    elseif c.index then
      state.dropped_indexes[c.index.name] = true
      return
    elseif c.kind == "primary_key" and state.parsed.without_rowid then
      core.fail(("drop_constraint: '%s' is WITHOUT ROWID and cannot be without its primary key")
        :format(state.before.name))
    elseif c.kind == "unique" or c.kind == "primary_key" then
      refuse_used_key(state, c)
    end
    uses.note_dropped(state, c)
    state:edited(edit.drop_constraint(state.parsed, c))
  end,
}

local function reference_to(parsed, name)
  for _, c in ipairs(stored.all_constraints(parsed)) do
    if c.kind == "foreign_key" and tokens.same(c.target, name) then
      return c
    end
  end
  return nil
end

kinds.drop_references = {
  tier = "edit",
  apply = function(state, step)
    local c = reference_to(state.parsed, step.referent)
    while c do
      uses.note_dropped(state, c)
      state:edited(edit.drop_constraint(state.parsed, c))
      c = reference_to(state.parsed, step.referent)
    end
  end,
}

-- The same index under another name.
local function index_as(object, name)
  for i, token in ipairs(tokens.read(object.sql)) do
    if i > 2 and token.word ~= "INDEX" then
      return object.sql:sub(1, token.from - 1) .. ident.quote(name) .. object.sql:sub(token.to + 1)
    end
  end
end

-- A constraint can be without a name, an index cannot.
local function to_rename(state, step)
  local c = named.want(state, step.old, nil, condition_of(step))
  if c.index and not step.new then
    core.fail(("rename_constraint: '%s' is an index, and has to have a name"):format(step.old))
  end
  return c
end

kinds.rename_constraint = {
  tier = function(state, step)
    return to_rename(state, step).index and "native" or "edit"
  end,
  native = function(state, step)
    local object = to_rename(state, step).index
    return { { sql = drop_index(state, object) }, { sql = index_as(object, step.new) } }
  end,
  apply = function(state, step)
    local c = to_rename(state, step)
    named.want_free(state, step.new)
    if c.index then
      state.dropped_indexes[c.index.name] = true
      state.indexes[#state.indexes + 1] = { sql = index_as(c.index, step.new) }
    elseif not step.new then
      state:edited(c.name and edit.unname_constraint(state.parsed, c) or state.parsed.text)
    else
      state:edited(edit.name_constraint(state.parsed, c, common.new_name(d, step.new)))
    end
  end,
}

return kinds
