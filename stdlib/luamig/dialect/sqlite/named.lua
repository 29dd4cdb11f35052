--- Constraints by name. One that was given no name is found by the name that PostgreSQL would have
-- given it, so that one migration serves both.
local core = require("luamig.core")
local stored = require("luamig.dialect.sqlite.stored_table")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")
local words = require("luamig.dialect.sqlite.shape_words")

local named = {}

-- The words for the types that drop_constraint takes.
local KINDS = {
  foreignkey = "foreign_key",
  foreign_key = "foreign_key",
  unique = "unique",
  check = "check",
  primary = "primary_key",
  primary_key = "primary_key",
}

local SUFFIX = { primary_key = "pkey", unique = "key", foreign_key = "fkey", check = "check" }

-- The columns that the name is made of: a CHECK's only where it speaks of one.
local function columns_of(parsed, c)
  if c.kind == "primary_key" then
    return {}
  elseif c.kind ~= "check" then
    return c.columns
  end
  local spoken = {}
  for _, column in ipairs(parsed.columns) do
    if stored.concerns(parsed, c, column.name) then
      spoken[#spoken + 1] = column.name
    end
  end
  return #spoken == 1 and spoken or {}
end

local function given_name(parsed, c)
  local parts = { parsed.name }
  for _, column in ipairs(columns_of(parsed, c)) do
    parts[#parts + 1] = column
  end
  parts[#parts + 1] = SUFFIX[c.kind]
  return table.concat(parts, "_")
end

-- Every constraint with the name it goes by.
local function list(parsed, indexes)
  local all, used = {}, {}
  local function add(name, c)
    used[name:lower()] = true
    all[#all + 1] = { name = name, constraint = c }
  end
  for _, c in ipairs(stored.all_constraints(parsed)) do
    if SUFFIX[c.kind] and c.name then
      add(c.name, c)
    end
  end
  for _, index in ipairs(indexes) do
    if index.sql:upper():find("^CREATE UNIQUE") then
      add(index.name, { kind = "unique", index = index })
    end
  end
  for _, c in ipairs(stored.all_constraints(parsed)) do
    if SUFFIX[c.kind] and not c.name then
      local base = given_name(parsed, c)
      local name, number = base, 0
      while used[name:lower()] do
        number = number + 1
        name = base .. number
      end
      add(name, c)
    end
  end
  return all
end

--- Every constraint as { name, constraint }, unique indexes among them.
named.all = list

-- Of the checks that say this, the one of this name first.
local function find_check(state, name, condition)
  local wanted, found = words.canon(condition), nil
  for _, one in ipairs(list(state.parsed, state.before.indexes)) do
    local c = one.constraint
    if c.kind == "check" and words.canon(stored.words(state.parsed, unpack(c.inner))) == wanted then
      if tokens.same(one.name, name) then
        return c
      end
      found = found or c
    end
  end
  return found
end

--- The constraint of this name, or nil. `kind`: of this type only; `condition`: the CHECK that says
-- this, whatever its name. A unique index counts as a constraint; it is
-- { kind = "unique", index = … }.
---@param state table
---@param name string
---@param kind string?
---@param condition string?
---@return table?
function named.find(state, name, kind, condition)
  if condition then
    local found = find_check(state, name, condition)
    return found
  end
  for _, one in ipairs(list(state.parsed, state.before.indexes)) do
    if tokens.same(one.name, name) and (not kind or one.constraint.kind == KINDS[kind] or
      one.constraint.kind == kind) then
      return one.constraint
    end
  end
  return nil
end

-- SQLite lets several have one name, as the columns of an enum do.
local function refuse_several(state, name, kind)
  local count = 0
  for _, one in ipairs(list(state.parsed, state.before.indexes)) do
    local is_wanted = not kind or one.constraint.kind == (KINDS[kind] or kind)
    count = count + (is_wanted and tokens.same(one.name, name) and 1 or 0)
  end
  if count > 1 then
    core.fail(("%s: '%s' has %d constraints '%s'"):format(state.op, state.before.name, count, name),
      "condition = \"…\" says which; a column leaves its enum by alter_column { type = … }")
  end
end

--- The constraint of this name; where there is none, an error that names those that are there.
---@param state table
---@param name string
---@param kind string?
---@param condition string?
---@return table
function named.want(state, name, kind, condition)
  local found = named.find(state, name, kind, condition)
  if found then
    if not condition then
      refuse_several(state, name, kind)
    end
    return found
  end
  local names = {}
  for _, one in ipairs(list(state.parsed, state.before.indexes)) do
    names[#names + 1] = one.name
  end
  core.fail(("%s: '%s' has no constraint '%s'%s"):format(
    state.op, state.before.name, name, strict.did_you_mean(name, names)),
    #names > 0 and "it has " .. table.concat(names, ", ") or nil)
end

--- Refuses a name that is taken.
---@param state table
---@param name string?
function named.want_free(state, name)
  if name and named.find(state, name) then
    core.fail(("%s: '%s' has a constraint '%s' already"):format(
      state.op, state.before.name, name))
  end
end

return named
