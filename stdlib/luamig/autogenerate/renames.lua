--- Renames that the models speak of (`renamed_from`): which are still to be done, and what a shape
-- is after them.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")

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
  local after = renames.apply(old, renames.find(old, new))
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

-- Models are shared, not copied.
local function copy(value)
  if type(value) ~= "table" then
    return value
  end
  local made = {}
  for key, field in pairs(value) do
    made[key] = key == "model" and field or copy(field)
  end
  return made
end

--- A text in which a name has become another one, in whatever quotes it stood.
---@param text string?
---@param old string
---@param new string
---@return string?
function renames.in_text(text, old, new)
  if not text or not text:lower():find(old:lower(), 1, true) then
    return text
  end
  local list, parts, at = tokens.read(text), {}, 1
  for _, token in ipairs(list) do
    local is_name = token.kind == "word" or token.kind == "quoted"
    if is_name and tokens.same(token.name, old) then
      parts[#parts + 1] = text:sub(at, token.from - 1)
      parts[#parts + 1] = ident.quote(new)
      at = token.to + 1
    end
  end
  parts[#parts + 1] = text:sub(at)
  return table.concat(parts)
end

--- Whether a text speaks of a name.
---@param text string?
---@param name string
---@return boolean
function renames.mentions(text, name)
  if not text or not text:lower():find(name:lower(), 1, true) then
    return false
  end
  for _, token in ipairs(tokens.read(text)) do
    if (token.kind == "word" or token.kind == "quoted") and tokens.same(token.name, name) then
      return true
    end
  end
  return false
end

local function in_list(list, old, new)
  for i, name in ipairs(list or {}) do
    if name == old then
      list[i] = new
    end
  end
end

-- SQLite has no names of its own making: what such a constraint goes by follows its table.
local function follow(of, old_prefix, new_prefix)
  local all = { of.primary_key, unpack(of.constraints) }
  for _, c in ipairs(of.primary_key and all or of.constraints) do
    if c.auto and not c.is_named and c.name:sub(1, #old_prefix) == old_prefix then
      c.name = new_prefix .. c.name:sub(#old_prefix + 1)
    end
  end
end

local function rename_table(made, one)
  local old_key = shape.key(one.schema, one.old)
  local of = made.tables[old_key]
  made.tables[old_key] = nil
  made.tables[shape.key(one.schema, one.new)] = of
  of.name = one.new
  if made.dialect == "sqlite" then
    follow(of, one.old .. "_", one.new .. "_")
  end
  for _, other in pairs(made.tables) do
    for _, c in ipairs(other.constraints) do
      if c.kind == "foreign_key" and c.target == one.old and c.target_schema == one.schema then
        c.target = one.new
      end
    end
  end
end

local function rename_in_indexes(of, one)
  for _, index in ipairs(of.indexes) do
    for _, part in ipairs(index.columns) do
      part.name = part.name == one.old and one.new or part.name
      part.text = renames.in_text(part.text, one.old, one.new)
    end
    in_list(index.include, one.old, one.new)
    index.where = renames.in_text(index.where, one.old, one.new)
    if index.ops and index.ops[one.old] then
      index.ops[one.new], index.ops[one.old] = index.ops[one.old], nil
    end
  end
end

local function rename_in_constraints(of, one)
  for _, c in ipairs(of.constraints) do
    in_list(c.columns, one.old, one.new)
    c.condition = renames.in_text(c.condition, one.old, one.new)
    c.where = renames.in_text(c.where, one.old, one.new)
    for _, element in ipairs(c.elements or {}) do
      element.text = element.is_name and (element.text == one.old and one.new or element.text)
        or renames.in_text(element.text, one.old, one.new)
    end
  end
  in_list(of.primary_key and of.primary_key.columns, one.old, one.new)
end

local function rename_column(made, one)
  local of = made.tables[one.table]
  for _, column in ipairs(of.columns) do
    column.computed = renames.in_text(column.computed, one.old, one.new)
    column.name = column.name == one.old and one.new or column.name
  end
  rename_in_constraints(of, one)
  rename_in_indexes(of, one)
  if made.dialect == "sqlite" then
    follow(of, of.name .. "_" .. one.old .. "_", of.name .. "_" .. one.new .. "_")
  end
  for _, other in pairs(made.tables) do
    for _, c in ipairs(other.constraints) do
      if c.kind == "foreign_key" and c.target == of.name and c.target_schema == of.schema then
        in_list(c.target_columns, one.old, one.new)
      end
    end
  end
end

-- The views that the database adapts by itself, in words of its own.
local function views_to_renew(old, list)
  local names = {}
  for _, one in ipairs(list.tables) do
    names[shape.key(one.schema, one.old)] = true
    names[shape.key(one.schema, one.new)] = true
  end
  for _, one in ipairs(list.columns) do
    names[one.table] = true
  end
  local renewed = {}
  for key, view in pairs(old.views) do
    for name in pairs(names) do
      renewed[key] = renewed[key] or view.uses[name]
    end
  end
  return renewed
end

--- What a shape is once the renames are done. Returns it, and the views that must be made anew.
---@param old table
---@param list table
---@return table shape
---@return table<string, boolean> views
function renames.apply(old, list)
  if #list.tables == 0 and #list.columns == 0 then
    return old, {}
  end
  local made = copy(old)
  for _, one in ipairs(list.tables) do
    rename_table(made, one)
  end
  for _, one in ipairs(list.columns) do
    rename_column(made, one)
  end
  return made, views_to_renew(old, list)
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
