--- Renames that the models speak of (`renamed_from`): which are still to be done, and what a shape
-- is after them.
local core = require("luamig.core")
local renamed = require("luamig.autogenerate.renamed")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local renames = {}

local function fail(what, text, ...)
  core.fail(("%s: %s"):format(what, text:format(...)),
    "write the renames as a migration, and take renamed_from out of the models")
end

local function is_circle(moves, new)
  local at = moves[new]
  for _ = 1, #strict.sorted_keys(moves) do
    if at == new then
      return true
    end
    at = moves[at]
  end
  return false
end

-- What is still to be renamed: it was there, and has not got its new name yet. One whose new name
-- is in use waits until that one has got out of the way. `moves`: from new names to old ones;
-- `was`, `is`: the names before and after, as sets. Returns pairs { new, old } in their order.
local function due(what, moves, was, is)
  local by_old, pending, order = {}, {}, {}
  for _, new in ipairs(strict.sorted_keys(moves)) do
    local old = moves[new]
    if was[old] and old ~= new then
      if by_old[old] and not (was[new] and was[by_old[old]]) then
        fail(what, "both '%s' and '%s' are renamed_from '%s'", by_old[old], new, old)
      end
      by_old[old], pending[new] = new, old
    end
  end
  for _, new in ipairs(strict.sorted_keys(pending)) do
    local first, at = new, new
    while not was[first] and at and pending[at] do
      local old = pending[at]
      order[#order + 1], pending[at] = { at, old }, nil
      if is[old] and not pending[old] then
        fail(what, "'%s' is renamed_from '%s', which the models still have", at, old)
      end
      at = is[old] and old or nil
    end
  end
  for _, new in ipairs(strict.sorted_keys(pending)) do
    if is_circle(pending, new) then
      fail(what, "'%s' and '%s' change names in a circle, and nobody sees whether they have",
        pending[new], new)
    elseif not is[pending[new]] then
      fail(what, "'%s' is renamed_from '%s', and both are there: which of them is it to be?", new,
        pending[new])
    end
  end
  return order
end

local function column_renames(was, of, key, list)
  local moves, names_were, names_are = {}, {}, {}
  for _, column in ipairs(was.columns) do
    names_were[column.name] = true
  end
  for _, column in ipairs(of.columns) do
    moves[column.name], names_are[column.name] = column.renamed_from, true
  end
  for _, pair in ipairs(due(("the columns of '%s'"):format(key), moves, names_were, names_are)) do
    list[#list + 1] = { table = key, old = pair[2], new = pair[1] }
  end
end

local function table_renames(old, new)
  local moves, list, names = {}, {}, {}
  for key, of in shape.each(new.tables) do
    moves[key] = of.renamed_from and shape.key(of.schema, of.renamed_from)
  end
  for _, pair in ipairs(due("the tables", moves, old.tables, new.tables)) do
    local of = new.tables[pair[1]]
    names[pair[1]] = pair[2]
    list[#list + 1] = { schema = of.schema, old = of.renamed_from, new = of.name }
  end
  return list, names
end

--- The renames that lead from one shape to the other: tables, then columns (by the tables' new
-- names).
---@param old table
---@param new table
---@return table
function renames.find(old, new)
  local found = { columns = {} }
  local names
  found.tables, names = table_renames(old, new)
  for key, of in shape.each(new.tables) do
    local was = old.tables[names[key] or key]
    if was then
      column_renames(was, of, key, found.columns)
    end
  end
  return found
end

-- What a rename leaves as it is.
local function column_form(words, column)
  return words.fold(table.concat({ column.type or "", tostring(column.nullable),
    column.computed or "", tostring(column.identity ~= nil), tostring(column.serial),
    column.collation or "" }, "\0"))
end

local function table_form(words, of)
  local parts = {}
  for i, column in ipairs(of.columns) do
    parts[i] = words.fold(column.name) .. "\0" .. column_form(words, column)
  end
  table.sort(parts)
  return (of.schema or "") .. "\0" .. table.concat(parts, "\1")
end

-- The things of one list whose name the other one has not, by their form; those that are alike
-- are counted.
local function lone(words, things, others, form)
  local known, found = {}, {}
  for _, other in ipairs(others) do
    known[words.fold(shape.key(other.schema, other.name))] = true
  end
  for _, thing in ipairs(things) do
    if not known[words.fold(shape.key(thing.schema, thing.name))] then
      local key = form(words, thing)
      found[key] = { thing = thing, count = (found[key] and found[key].count or 0) + 1 }
    end
  end
  return found
end

-- Where exactly one goes and exactly one of its form comes.
local function add_pairs(found, words, old, new, form, of)
  local gone = lone(words, old, new, form)
  local come = lone(words, new, old, form)
  for _, thing in ipairs(new) do
    local key = form(words, thing)
    local from, to = gone[key], come[key]
    if from and to and to.thing == thing and from.count == 1 and to.count == 1 then
      found[#found + 1] = { old = from.thing, new = thing, table = of }
    end
  end
end

local function listed(things)
  local list = {}
  for _, thing in shape.each(things) do
    list[#list + 1] = thing
  end
  return list
end

--- What may be a rename of which the models do not speak: tables, then columns. Each has old, new
-- (of the shapes) and, of a column, its table.
---@param words table the dialect's shape_words
---@param old table
---@param new table
---@return table[]
function renames.possible(words, old, new)
  local found = {}
  local after = renamed.apply(old, renames.find(old, new))
  add_pairs(found, words, listed(after.tables), listed(new.tables), table_form)
  local known = {}
  for key, of in shape.each(after.tables) do
    known[words.fold(key)] = of
  end
  for key, of in shape.each(new.tables) do
    local was = known[words.fold(key)]
    if was then
      add_pairs(found, words, was.columns, of.columns, column_form, of)
    end
  end
  return found
end

--- How such a one is called: "users.mail", "users.email".
---@param one table
---@return string old
---@return string new
function renames.shown(one)
  if one.table then
    local before = shape.key(one.table.schema, one.table.name) .. "."
    return before .. one.old.name, before .. one.new.name
  end
  return shape.key(one.old.schema, one.old.name), shape.key(one.new.schema, one.new.name)
end

--- The way back.
---@param list table
---@return table
function renames.inverted(list)
  local back, keys = { tables = {}, columns = {} }, {}
  for i = #list.tables, 1, -1 do
    local one = list.tables[i]
    back.tables[#back.tables + 1] = { schema = one.schema, old = one.new, new = one.old }
    keys[shape.key(one.schema, one.new)] = shape.key(one.schema, one.old)
  end
  for i = #list.columns, 1, -1 do
    local one = list.columns[i]
    back.columns[#back.columns + 1] = { table = keys[one.table] or one.table, old = one.new,
      new = one.old }
  end
  return back
end

--- The renames as operations.
---@param list table
---@param new table the shape that they lead to
---@return table[]
function renames.operations(list, new)
  local made = {}
  for _, one in ipairs(list.tables) do
    made[#made + 1] = { op = "rename_table", old = one.old, new = one.new, schema = one.schema }
  end
  for _, one in ipairs(list.columns) do
    local of = new.tables[one.table]
    made[#made + 1] = { op = "rename_column", table = of.name, schema = of.schema, old = one.old,
      new = one.new }
  end
  return made
end

return renames
