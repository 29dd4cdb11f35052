--- What leads from the constraints of one table to those of the other.
local core = require("luamig.core")
local hanging = require("luamig.autogenerate.hanging")
local marks = require("luamig.autogenerate.marks")
local nodes = require("luamig.autogenerate.nodes")
local parameters = require("luamig.autogenerate.parameters")
local shape = require("luamig.autogenerate.shape")

local constraints = {}

-- Everything of a constraint but its name, as one text.
local function signature(words, c)
  if c.kind == "check" then
    return "check\0" .. words.canon(c.condition) .. (c.no_inherit and "\0no inherit" or "")
  end
  local parts = { c.kind, table.concat(c.columns, ","), c.deferrable and "deferrable" or "",
    c.initially or "", table.concat(c.include or {}, ","),
    c.nulls_not_distinct and "one NULL" or "", c.on_conflict or "" }
  if c.kind == "foreign_key" then
    for _, name in ipairs({ "target_schema", "target", "ondelete", "onupdate", "match" }) do
      parts[#parts + 1] = c[name] or ""
    end
    parts[#parts + 1] = table.concat(c.target_columns, ",")
    parts[#parts + 1] = table.concat(c.ondelete_columns or {}, ",")
  elseif c.kind == "exclude" then
    for _, element in ipairs(c.elements) do
      parts[#parts + 1] = element.text .. " " .. element.operator
    end
    parts[#parts + 1] = c.using .. " " .. (c.where or "")
  end
  return words.fold(table.concat(parts, "\0"))
end

-- Takes the one of `left` that is the same, the one of the same name first.
local function take(left, words, c)
  local wanted, found = signature(words, c), nil
  for i, one in ipairs(left) do
    if signature(words, one) == wanted then
      if words.fold(one.name) == words.fold(c.name) then
        return table.remove(left, i)
      end
      found = found or i
    end
  end
  return found and table.remove(left, found)
end

local function phase_of(c, verb)
  if c.kind == "foreign_key" then
    return "fk_" .. verb
  elseif verb == "drop" then
    return "constraint_drop"
  end
  return c.kind == "primary_key" and "key_new" or "constraint_new"
end

--- Every constraint, the primary key first.
---@return table[]
function constraints.all(of)
  local all = { of.primary_key }
  for _, c in ipairs(of.constraints) do
    all[#all + 1] = c
  end
  return all
end

--- Drops a constraint.
function constraints.drop(plan, of, c)
  plan:add(phase_of(c, "drop"), nodes.drop_constraint(of, c))
end

-- On SQLite a constraint without a name is found by one that follows its table, its column and its
-- place; a name that it was given would not.
local function comes_back_nameless(work, of, c)
  return work.is_back and work.words.name == "sqlite" and c.auto
    and (c.is_found_by_text or work.renamed[shape.key(of.schema, of.name)])
end

--- Makes a constraint. From then on it has this name, whoever chose it. `was`: one that it takes
-- the place of, if there is one; `is_same`: which says the same.
function constraints.create(work, plan, of, c, note, was, is_same)
  local made = nodes.create_constraint(of, c)
  if comes_back_nameless(work, of, c) then
    made.name = core.null
  else
    c.is_named = true
  end
  plan:add(phase_of(c, "new"), made, note)
  marks.of_made(work, plan, phase_of(c, "new"), of, c, was, is_same)
end

local function rename(plan, of, one, new_name)
  plan:add("constraint_new", { op = "rename_constraint", old = one.old, new = new_name,
    table = of.name, schema = of.schema, condition = one.condition })
  one.old = new_name
end

-- Where names are exchanged, one steps aside meanwhile.
local ASIDE = "constraint_aside"

-- Adds the renames of one table, each when its new name has become free.
local function rename_all(work, plan, of, list)
  local held = {}
  for _, one in ipairs(list) do
    held[work.words.fold(one.old)] = true
  end
  while #list > 0 do
    local at
    for i, one in ipairs(list) do
      local is_free = core.is_null(one.new) or not held[work.words.fold(one.new)]
      at = at or is_free and i or nil
    end
    local one = at and table.remove(list, at) or list[1]
    held[work.words.fold(one.old)] = nil
    rename(plan, of, one, at and one.new or ASIDE)
  end
end

-- A name that nobody asked for stays what it is; on the way back each gets its own again.
local function settle_name(work, of, old, new, renames)
  local unnamed = work.words.name == "sqlite" and not new.is_named
  local got_name = work.is_back and unnamed and not old.auto
  if new.auto and not got_name and (not work.is_back or unnamed) then
    if not (unnamed and old.auto) then
      new.name, new.is_named = old.name, not old.auto or old.is_named
    end
  else
    renames[#renames + 1] = { old = old.name,
      new = comes_back_nameless(work, of, new) and core.null or new.name,
      condition = old.is_found_by_text and nodes.raw(old.condition) or nil }
  end
end

local function settle(work, plan, of, old, new, renames)
  if old.name ~= new.name then
    settle_name(work, of, old, new, renames)
  end
  parameters.compare_index(work, plan, of, new.name, old.with, new.with)
  if old.not_valid and not new.not_valid then
    plan:add("fk_new", { op = "validate_constraint", name = new.name, table = of.name,
      schema = of.schema }, "looks at every row")
  elseif new.not_valid and not old.not_valid then
    constraints.drop(plan, of, new)
    constraints.create(work, plan, of, new)
  end
end

--- Drops a constraint of the shape before, and makes that of the shape after which is the same.
function constraints.renew(work, plan, of, was, c)
  constraints.drop(plan, of, was)
  constraints.create(work, plan, of, c, nil, was, true)
end

--- The constraint of a table that says the same as another one.
---@return table?
function constraints.twin(words, of, c)
  local left = constraints.all(of)
  return take(left, words, c)
end

-- A name that nobody asked for stays what it is.
local function keep_name(work, old, new)
  if new.auto and not work.is_back and work.words.name == "postgresql" then
    new.name = old.name
  end
end

local function named(list, name)
  for _, c in ipairs(list) do
    if c.name == name then
      return c
    end
  end
  return nil
end

-- A name that nobody chose, without its number.
local function base_of(c)
  return c.name:match("^(.*_%l+)%d*$") or c.name
end

-- The names that are no longer free: of constraints that stay, and those that the models give. On
-- SQLite constraints without a name are counted anew when one goes, and then have any of theirs.
local function taken_names(work, kept, left, new)
  local taken, counted = {}, {}
  local function add(c)
    taken[work.words.fold(c.name)] = true
  end
  for _, c in ipairs(kept) do
    add(c)
    counted[base_of(c)] = counted[base_of(c)] or work.words.name == "sqlite" and c.auto
  end
  for _, c in ipairs(left) do
    if counted[base_of(c)] then
      add(c)
    end
  end
  for _, c in ipairs(new.constraints) do
    if not c.auto then
      add(c)
    end
  end
  return taken
end

-- A name that nobody chose gives way to those that are taken.
local function free_name(work, of, taken, c)
  local base = base_of(c)
  local name, number = c.name, 0
  while c.auto and (not work.is_back or work.words.name == "sqlite")
    and not comes_back_nameless(work, of, c) and taken[work.words.fold(name)] do
    number = number + 1
    name = base .. number
  end
  c.name = name
  taken[work.words.fold(name)] = true
end

local function hangs_on_constraint(c, moved)
  local texts = { c.condition or c.where }
  for _, element in ipairs(c.elements or {}) do
    texts[#texts + 1] = element.text
  end
  return hanging.on(c.kind ~= "check" and c.columns or {}, texts, moved)
    or hanging.on(c.include or {}, {}, moved)
end

-- Checks without a name that have their names by their places only: which one is meant is told by
-- what it says.
local function mark_counted(work, all)
  local first = {}
  for _, c in ipairs(work.words.name == "sqlite" and all or {}) do
    local base = c.kind == "check" and c.auto and c.name:match("^(.*_check)%d*$")
    if base and first[base] then
      first[base].is_found_by_text, c.is_found_by_text = true, true
    elseif base then
      first[base] = c
    end
  end
end

-- The last first: those behind one without a name are counted anew when it goes.
local function drop_all(plan, old, new, left)
  local all, goes = constraints.all(old), {}
  for _, c in ipairs(left) do
    goes[c] = true
  end
  for i = #all, 1, -1 do
    if goes[all[i]] then
      constraints.drop(plan, new, all[i])
    end
  end
end

local FAILS = {
  primary_key = "fails where rows share a value or hold NULL",
  unique = "fails where rows share a value",
  check = "fails where a row breaks it",
  foreign_key = "fails where a row refers to what is not there",
  exclude = "fails where two rows exclude each other",
}

-- What rows can do to a constraint that is new: nothing where its columns are new too.
local function risk_of(c, old)
  if c.not_valid then
    return nil
  end
  for _, name in ipairs(c.columns) do
    if shape.column(old, name) or name == "" then
      return FAILS[c.kind]
    end
  end
  return (c.kind == "check" or c.kind == "exclude") and FAILS[c.kind] or nil
end

--- The constraints of a table.
---@param moved table what columns.change gave
function constraints.compare(work, plan, old, new, moved)
  mark_counted(work, constraints.all(old))
  mark_counted(work, constraints.all(new))
  local left, missing, kept, was = constraints.all(old), {}, {}, {}
  local renames = {}
  -- Names come first, so that of two alike constraints each finds its own.
  for _, c in ipairs(constraints.all(new)) do
    local found = take(left, work.words, c)
    if found and hangs_on_constraint(c, moved) then
      left[#left + 1] = found
      missing[#missing + 1], was[c] = c, found
      keep_name(work, found, c)
    elseif found then
      kept[#kept + 1] = found
      settle(work, plan, new, found, c, renames)
    else
      missing[#missing + 1] = c
    end
  end
  local taken = taken_names(work, kept, left, new)
  drop_all(plan, old, new, left)
  rename_all(work, plan, new, renames)
  for _, c in ipairs(missing) do
    free_name(work, new, taken, c)
    constraints.create(work, plan, new, c, not was[c] and risk_of(c, old) or nil,
      was[c] or named(left, c.name), was[c] ~= nil)
  end
end

return constraints
