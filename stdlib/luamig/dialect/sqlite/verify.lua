--- Whether a change did what was asked and nothing else. Every other difference is an error, and
-- with it the whole revision is undone.
local core = require("luamig.core")
local plural = require("luamig.plural")
local snapshot = require("luamig.dialect.sqlite.snapshot")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")

local verify = {}

local function fail(state, what)
  core.fail(("%s: changing '%s' would have done what was not asked: %s"):format(
    state.op, state.before.name, what), "nothing of it is kept; this is a defect of luamig")
end

local function column_of(list, name)
  for _, column in ipairs(list) do
    if tokens.same(column.name, name) then
      return column
    end
  end
  return nil
end

local function show(value)
  return value == nil and "none" or tostring(value)
end

local function check_columns(state, before, after)
  if #after.columns ~= #state.columns then
    fail(state, ("it has %s instead of %d"):format(plural.of(#after.columns, "column"),
      #state.columns))
  end
  for _, planned in ipairs(state.columns) do
    local new = column_of(after.columns, planned.name)
    local old = planned.source and column_of(before.columns, planned.source)
    if not new then
      fail(state, ("column '%s' is missing"):format(planned.name))
    end
    for _, field in ipairs(old and { "type", "not_null", "default", "key", "hidden" } or {}) do
      if old[field] ~= new[field] and not planned.asked[field] then
        fail(state, ("%s of column '%s' is %s, and was %s"):format(
          field, planned.name, show(new[field]), show(old[field])))
      end
    end
  end
end

local function check_lists(state, what, before, after)
  local was, is = table.concat(before, "; "), table.concat(after, "; ")
  if was ~= is then
    fail(state, ("%s are (%s), and were (%s)"):format(what, is, was))
  end
end

local function label(object)
  return ("%s '%s'"):format(object.type, object.name)
end

local function by_label(s)
  local map = {}
  for _, object in ipairs(s.others) do
    map[object.place .. " " .. label(object)] = object
  end
  return map
end

local function check_objects(state, before, after)
  local old, new = by_label(before), by_label(after)
  for _, key in ipairs(strict.sorted_keys(old)) do
    local object = old[key]
    local dropped = object.type == "index" and state.dropped_indexes[object.name]
    if not dropped and (not new[key] or new[key].sql ~= object.sql) then
      fail(state, label(object) .. (new[key] and " is another one" or " is gone"))
    end
  end
  for _, key in ipairs(strict.sorted_keys(new)) do
    -- SQLite makes this one with the first AUTOINCREMENT.
    if not old[key] and not (state.asked_keys and new[key].name == "sqlite_sequence") then
      fail(state, label(new[key]) .. " was not there")
    end
  end
end

local function check_index_shapes(state, before, after)
  for _, name in ipairs(strict.sorted_keys(before.index_shapes)) do
    local new = after.index_shapes[name]
    if not state.dropped_indexes[name] and not state.asked_collation
      and new ~= before.index_shapes[name] then
      fail(state, ("index '%s' is (%s), and was (%s)"):format(
        name, show(new), before.index_shapes[name]))
    end
  end
end

--- Compares the schema with what was planned. `state` is change.lua's.
---@param state table
function verify.schema(state)
  local before = state.before
  local after = snapshot.read(before.name, before.schema)
  if after.text ~= state.parsed.text then
    fail(state, "its text is\n" .. after.text)
  end
  check_columns(state, before, after)
  if not state.asked_foreign_keys then
    check_lists(state, "foreign keys", before.foreign_keys, after.foreign_keys)
  end
  if not state.asked_keys and not state.asked_collation then
    check_lists(state, "keys", before.keys, after.keys)
  end
  check_objects(state, before, after)
  check_index_shapes(state, before, after)
  return after
end

local function check_counts(state, before, after)
  for _, name in ipairs(strict.sorted_keys(before.counts)) do
    if after.counts[name] ~= nil and after.counts[name] ~= before.counts[name] then
      fail(state, ("'%s' has %s rows, and had %s"):format(
        name, show(after.counts[name]), show(before.counts[name])))
    end
  end
end

local function check_violations(state, before, after)
  for _, key in ipairs(strict.sorted_keys(after.violations)) do
    local is, was = after.violations[key], before.violations[key] or 0
    local child, parent = key:match("^(.*)>(.*)$")
    if type(is) == "string" and is ~= was then
      core.fail(("%s: %s"):format(state.op, is),
        ("a foreign key of '%s' needs the key that would be gone"):format(child))
    elseif type(is) == "number" and (type(was) == "string" or is > was) then
      core.fail(("%s: FOREIGN KEY constraint failed: %s rows of '%s' would refer to no row of '%s'")
        :format(state.op, is - (tonumber(was) or 0), child, parent),
        "mend those rows first, or leave the change out")
    end
  end
end

--- Compares the rows with what they were (see snapshot.rows).
---@param state table
---@param after table the schema now
---@param rows_before table
function verify.rows(state, after, rows_before)
  local rows = snapshot.rows(after)
  check_counts(state, rows_before, rows)
  check_violations(state, rows_before, rows)
  if rows.sequence ~= rows_before.sequence and not state.asked_keys then
    fail(state, ("the next number of AUTOINCREMENT comes after %s, and came after %s"):format(
      show(rows.sequence), show(rows_before.sequence)))
  end
end

--- Whether every view and trigger that could be read before can be read still.
---@param state table
---@param after table the schema now
---@param problems_before table
function verify.readable(state, after, problems_before)
  local problems = snapshot.problems(after)
  for _, name in ipairs(strict.sorted_keys(problems)) do
    if not problems_before[name] then
      core.fail(("%s: %s could not be read any more: %s"):format(state.op, name, problems[name]),
        "drop it before the change and make it again after it")
    end
  end
end

return verify
