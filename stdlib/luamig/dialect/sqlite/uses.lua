--- What stands on a column: constraints, indexes, triggers, columns computed from it, foreign keys
-- of other tables.
local column_names = require("luamig.dialect.sqlite.column_names")
local core = require("luamig.core")
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")

local uses = {}

--- A constraint that speaks of the column and does not stand in it, or nil. The primary key counts
-- wherever it stands.
---@param parsed table
---@param name string
---@return table?
function uses.constraint_over(parsed, name)
  for _, c in ipairs(stored.all_constraints(parsed)) do
    local apart = not c.column or (c.kind == "check" and not tokens.same(c.column.name, name))
    local drops = c.kind == "unique" or c.kind == "check" or c.kind == "foreign_key"
    if (c.kind == "primary_key" or (apart and drops)) and stored.concerns(parsed, c, name) then
      return c
    end
  end
  return nil
end

--- The indexes that hold the column, in an expression or a WHERE too.
---@param state table
---@param name string
---@return table[]
function uses.indexes_over(state, name)
  local list = {}
  for _, object in ipairs(state.before.indexes) do
    local read = tokens.read(object.sql)
    local open = 1
    while read[open].text ~= "(" do
      open = open + 1
    end
    if not state.dropped_indexes[object.name] and column_names.in_index(read, name, open) then
      list[#list + 1] = object
    end
  end
  return list
end

--- Notes that a constraint goes, so that its absence is no surprise afterwards.
---@param state table
---@param c table
function uses.note_dropped(state, c)
  if c.kind == "foreign_key" then
    state.asked_foreign_keys = true
  elseif c.kind == "unique" then
    state.asked_keys = true
  elseif c.kind == "primary_key" then
    state.asked_keys = true
    for _, column in ipairs(c.columns) do
      local planned = state:column(column)
      planned.asked.key = true
      planned.asked.not_null = true
    end
  end
end

-- The columns that UPDATE OF names in a trigger, as tokens { first, last }.
local function update_of(read)
  for i, token in ipairs(read) do
    if token.word == "BEGIN" or token.word == "ON" then
      return nil
    elseif token.word == "OF" then
      local last = i + 1
      while read[last] and read[last].word ~= "ON" do
        last = last + 1
      end
      return i + 1, last - 1
    end
  end
  return nil
end

local function refuse_triggers(state, name)
  for _, object in ipairs(state.before.triggers) do
    local read = tokens.read(object.sql)
    local first, last = update_of(read)
    if first and tokens.mention(read, name, first, last) then
      core.fail(("drop_column: trigger '%s' waits for updates of %s.%s"):format(
        object.name, state.before.name, name),
        "drop it first, and make it again without the column")
    end
  end
end

local function refuse_computed(state, described)
  for _, other in ipairs(state.parsed.columns) do
    local made = stored.of_column(other, "generated")
    if made and other ~= described
      and column_names.mention(state.parsed.tokens, described.name, unpack(made.inner)) then
      core.fail(("drop_column: column '%s' is computed from %s.%s"):format(
        other.name, state.before.name, described.name), ("drop '%s' first"):format(other.name))
    end
  end
end

--- The foreign keys that refer to these columns: "orders.user_id", …
---@param state table
---@param names string[]
---@return string[]
function uses.referents(state, names)
  local list = {}
  local s = state.before
  for _, referent in ipairs(state.facts.references_to(s.name, s.schema)) do
    for _, name in ipairs(names) do
      if tokens.same(referent.references, name)
        and not (referent.same_table and tokens.same(referent.column, name)) then
        list[#list + 1] = ("%s.%s"):format(referent.table, referent.column)
      end
    end
  end
  return list
end

--- Refuses to drop a column on which something else stands that does not go with it.
---@param state table
---@param planned table
---@param described table
function uses.refuse_drop(state, planned, described)
  local s = state.before
  if #state.columns == 1 then
    core.fail(("drop_column: '%s' is the only column of '%s'"):format(planned.name, s.name),
      "drop the table")
  end
  refuse_computed(state, described)
  refuse_triggers(state, planned.name)
  local referents = planned.source and uses.referents(state, { planned.source }) or {}
  if #referents > 0 then
    core.fail(("drop_column: %s.%s is referenced by %s"):format(
      s.name, planned.name, table.concat(referents, ", ")), "drop those foreign keys first")
  end
end

return uses
