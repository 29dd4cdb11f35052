--- What leads from one table to the other of its name.
local columns = require("luamig.autogenerate.columns")
local ident = require("luamig.dialect.ident")
local nodes = require("luamig.autogenerate.nodes")
local renames = require("luamig.autogenerate.renames")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local tables = {}

-- Everything of a constraint but its name, as one text.
local function signature(words, c)
  if c.kind == "check" then
    return "check\0" .. words.canon(c.condition)
  end
  local parts = { c.kind, table.concat(c.columns, ","), c.deferrable and "deferrable" or "",
    c.initially or "" }
  if c.kind == "foreign_key" then
    for _, name in ipairs({ "target_schema", "target", "ondelete", "onupdate", "match" }) do
      parts[#parts + 1] = c[name] or ""
    end
    parts[#parts + 1] = table.concat(c.target_columns, ",")
  elseif c.kind == "exclude" then
    for _, element in ipairs(c.elements) do
      parts[#parts + 1] = element.text .. " " .. element.operator
    end
    parts[#parts + 1] = c.using .. " " .. (c.where or "")
  end
  return words.fold(table.concat(parts, "\0"))
end

local function index_signature(words, index)
  local parts = { index.unique and "unique" or "", index.using or "",
    words.canon(index.where) or "", index.nulls_not_distinct and "not distinct" or "",
    words.fold(table.concat(index.include or {}, ",")) }
  for _, part in ipairs(index.columns) do
    parts[#parts + 1] = part.name and words.fold(part.name) or words.canon(part.text)
    parts[#parts + 1] = part.name and index.ops and index.ops[part.name] or ""
  end
  return table.concat(parts, "\0")
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

local function drop(plan, of, c)
  plan:add(phase_of(c, "drop"), nodes.drop_constraint(of, c))
end

-- From then on it has this name, whoever chose it.
local function create(plan, of, c, note)
  plan:add(phase_of(c, "new"), nodes.create_constraint(of, c), note)
  c.is_named = true
end

-- A name that nobody asked for stays what it is; on the way back each gets its own again.
local function settle_name(work, plan, of, old, new)
  local unnamed = work.words.name == "sqlite" and not new.is_named
  local got_name = work.is_back and unnamed and not old.auto
  if new.auto and not got_name and (not work.is_back or unnamed) then
    if not (unnamed and old.auto) then
      new.name, new.is_named = old.name, not old.auto or old.is_named
    end
  else
    plan:add("constraint_new", { op = "rename_constraint", old = old.name, new = new.name,
      table = of.name, schema = of.schema })
  end
end

local function settle(work, plan, of, old, new)
  if old.name ~= new.name then
    settle_name(work, plan, of, old, new)
  end
  if old.not_valid and not new.not_valid then
    plan:add("fk_new", { op = "validate_constraint", name = new.name, table = of.name,
      schema = of.schema }, "looks at every row")
  elseif new.not_valid and not old.not_valid then
    drop(plan, of, new)
    create(plan, of, new)
  end
end

--- Drops a constraint and makes it again.
function tables.renew(plan, of, c)
  drop(plan, of, c)
  create(plan, of, c)
end

--- Every constraint, the primary key first.
---@return table[]
function tables.constraints(of)
  local all = { of.primary_key }
  for _, c in ipairs(of.constraints) do
    all[#all + 1] = c
  end
  return all
end

-- The names that are no longer free: of constraints that stay, and those that the models give. On
-- SQLite constraints without a name are counted anew when one goes, and then have any of theirs.
local function taken_names(work, kept, left, new)
  local taken, is_counted = {}, false
  local function add(list)
    for _, c in ipairs(list) do
      taken[work.words.fold(c.name)] = true
    end
  end
  add(kept)
  for _, c in ipairs(kept) do
    is_counted = is_counted or work.words.name == "sqlite" and c.auto
  end
  add(is_counted and left or {})
  for _, c in ipairs(new.constraints) do
    add({ not c.auto and c or nil })
  end
  return taken
end

-- A name that nobody chose gives way to those that are taken.
local function free_name(work, taken, c)
  local base = c.name:match("^(.*_%l+)%d*$") or c.name
  local name, number = c.name, 0
  while c.auto and (not work.is_back or work.words.name == "sqlite")
    and taken[work.words.fold(name)] do
    number = number + 1
    name = base .. number
  end
  c.name = name
  taken[work.words.fold(name)] = true
end

-- Whether something goes with a column that is made anew, or speaks of one whose type is.
local function hangs_on(names, texts, moved)
  for _, name in ipairs(names) do
    if moved and moved.dropped[name] then
      return true
    end
  end
  for _, text in ipairs(texts) do
    for _, name in ipairs(moved and strict.sorted_keys(moved.spoken) or {}) do
      if renames.mentions(text, name) then
        return true
      end
    end
  end
  return false
end

local function hangs_on_constraint(c, moved)
  local texts = { c.condition or c.where }
  for _, element in ipairs(c.elements or {}) do
    texts[#texts + 1] = element.text
  end
  return hangs_on(c.kind ~= "check" and c.columns or {}, texts, moved)
end

-- The last first: those behind one without a name are counted anew when it goes.
local function drop_all(plan, old, new, left)
  local all, goes = tables.constraints(old), {}
  for _, c in ipairs(left) do
    goes[c] = true
  end
  for i = #all, 1, -1 do
    if goes[all[i]] then
      drop(plan, new, all[i])
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

local function compare_constraints(work, plan, old, new, moved)
  local left, missing, kept, is_renewed = tables.constraints(old), {}, {}, {}
  -- Names come first, so that of two alike constraints each finds its own.
  for _, c in ipairs(tables.constraints(new)) do
    local found = take(left, work.words, c)
    if found and hangs_on_constraint(c, moved) then
      left[#left + 1] = found
      missing[#missing + 1], is_renewed[c] = c, true
    elseif found then
      kept[#kept + 1] = found
      settle(work, plan, new, found, c)
    else
      missing[#missing + 1] = c
    end
  end
  local taken = taken_names(work, kept, left, new)
  drop_all(plan, old, new, left)
  for _, c in ipairs(missing) do
    free_name(work, taken, c)
    create(plan, new, c, not is_renewed[c] and risk_of(c, old) or nil)
  end
end

local function hangs_on_index(index, moved)
  local names, texts = {}, {}
  texts[1] = index.where
  for _, part in ipairs(index.columns) do
    names[#names + 1] = part.name
    texts[#texts + 1] = part.text
  end
  for _, name in ipairs(index.include or {}) do
    names[#names + 1] = name
  end
  return hangs_on(names, texts, moved)
end

--- The indexes of a table or a materialized view.
---@param moved table? what columns.change gave
function tables.compare_indexes(work, plan, old, new, moved)
  local left = {}
  for _, index in ipairs(old.indexes) do
    left[work.words.fold(index.name)] = index
  end
  for _, index in ipairs(new.indexes) do
    local name = work.words.fold(index.name)
    local was = left[name]
    if was and index_signature(work.words, was) == index_signature(work.words, index)
      and not hangs_on_index(index, moved) then
      left[name] = nil
    else
      local is_wider = index.unique and not (was and was.unique and hangs_on_index(index, moved))
      plan:add("index_new", nodes.create_index(new, index),
        is_wider and "fails where rows share a value" or nil)
    end
  end
  for _, name in ipairs(strict.sorted_keys(left)) do
    plan:add("index_drop", nodes.drop_index(new, left[name]))
  end
end

local NO_DEFAULT = "fails where the table has rows"

-- Also that it may be one that was there under another name.
local function note_of(thing, note)
  return note and thing.maybe and note .. "\n" .. thing.maybe or note or thing.maybe
end

local function add_column(work, plan, of, column)
  local needs = not column.nullable and not column.default and not column.computed
    and not (column.identity and work.words.name == "postgresql") and not column.serial
  plan:add(column.computed and "computed_add" or "column_add", { op = "add_column",
    table = of.name, schema = of.schema, column = nodes.added_column(work.words, of, column) },
    note_of(column, needs and NO_DEFAULT or nil))
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
        not column.computed and "destroys the values of the column" or nil)
    end
  end
  return moved
end

local function execute(work, text)
  return { op = "execute", statement = { [work.words.name] = text } }
end

local function compare_settings(work, plan, old, new)
  local target = "ALTER TABLE " .. ident.qualified(new.schema, new.name)
  local was, is = old.with or {}, new.with or {}
  for _, name in ipairs(strict.sorted_keys(was)) do
    if is[name] == nil then
      plan:add("option", execute(work, ("%s RESET (%s)"):format(target, name)))
    end
  end
  for _, name in ipairs(strict.sorted_keys(is)) do
    if is[name] ~= was[name] then
      plan:add("option", execute(work, ("%s SET (%s = %s)"):format(target, name,
        tostring(is[name]))))
    end
  end
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

-- What no ALTER TABLE changes.
local FIXED = {
  partition_by = "is divided in another way",
  strict = "is STRICT in one and not in the other",
  without_rowid = "is WITHOUT ROWID in one and not in the other",
}

--- The operations that make the table `new` of the table `old`.
---@param work table
---@param plan table
---@param old table
---@param new table
function tables.compare(work, plan, old, new)
  for _, name in ipairs(strict.sorted_keys(FIXED)) do
    if old[name] ~= new[name] then
      work:fail(("table %s %s"):format(new.name, FIXED[name]))
    end
  end
  local moved = compare_columns(work, plan, old, new)
  compare_constraints(work, plan, old, new, moved)
  tables.compare_indexes(work, plan, old, new, moved)
  compare_settings(work, plan, old, new)
  compare_comment(plan, old, new)
end

--- Adds a table that is not there; constraints that are left out follow.
function tables.create(work, plan, of)
  plan:add("table_new", nodes.create_table(work.words, of), note_of(of))
  for _, c in ipairs(of.constraints) do
    if not nodes.is_inner(c) then
      create(plan, of, c)
    end
  end
end

--- Drops a table; foreign keys that are left out go before it.
function tables.drop(plan, of)
  for _, c in ipairs(of.constraints) do
    if c.left_out then
      drop(plan, of, c)
    end
  end
  plan:add("table_drop", { op = "drop_table", name = of.name, schema = of.schema },
    "destroys the rows of the table")
end

--- The tables that a table refers to, itself left out.
---@return string[]
function tables.needs(of)
  local needs = {}
  for _, c in ipairs(of.constraints) do
    local key = c.kind == "foreign_key" and shape.key(c.target_schema, c.target)
    if key and key ~= shape.key(of.schema, of.name) then
      needs[#needs + 1] = key
    end
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
