--- Renames that the models speak of (`renamed_from`): which are still to be done, and what a shape
-- is after them.
local ident = require("luamig.dialect.ident")
local shape = require("luamig.autogenerate.shape")
local tokens = require("luamig.dialect.sqlite.tokens")

local renames = {}

-- Of a column: it was there, and is not there any more, under its old name.
local function column_renames(was, of, key, list)
  for _, column in ipairs(of.columns) do
    local from = column.renamed_from
    if from and not shape.column(was, column.name) and shape.column(was, from)
      and not shape.column(of, from) then
      list[#list + 1] = { table = key, old = from, new = column.name }
    end
  end
end

--- The renames that lead from one shape to the other: tables, then columns (by the tables' new
-- names).
---@param old table
---@param new table
---@return table
function renames.find(old, new)
  local found = { tables = {}, columns = {} }
  for key, of in shape.each(new.tables) do
    local was = old.tables[key]
    local from = of.renamed_from and shape.key(of.schema, of.renamed_from)
    if not was and from and old.tables[from] and not new.tables[from] then
      was = old.tables[from]
      table.insert(found.tables, { schema = of.schema, old = of.renamed_from, new = of.name })
    end
    if was then
      column_renames(was, of, key, found.columns)
    end
  end
  return found
end

--- The way back.
---@param list table
---@return table
function renames.inverted(list)
  local back, keys = { tables = {}, columns = {} }, {}
  for i, one in ipairs(list.tables) do
    back.tables[i] = { schema = one.schema, old = one.new, new = one.old }
    keys[shape.key(one.schema, one.new)] = shape.key(one.schema, one.old)
  end
  for i, one in ipairs(list.columns) do
    back.columns[i] = { table = keys[one.table] or one.table, old = one.new, new = one.old }
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
