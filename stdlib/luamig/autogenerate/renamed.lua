--- What a shape is once the renames are done.
local name_in_text = require("luamig.autogenerate.name_in_text")
local shape = require("luamig.autogenerate.shape")

local renamed = {}

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

local function in_list(list, old, new)
  for i, name in ipairs(list or {}) do
    if name == old then
      list[i] = new
    end
  end
end

-- SQLite has no names of its own making: what such a constraint goes by follows its table and its
-- columns. `prefixes(c)`: how its name begins, and how it will.
local function follow(of, prefixes)
  local all = { of.primary_key, unpack(of.constraints) }
  for _, c in ipairs(of.primary_key and all or of.constraints) do
    local old, new = prefixes(c)
    if c.auto and not c.is_named and c.name:sub(1, #old) == old then
      c.name = new .. c.name:sub(#old + 1)
    end
  end
end

local function follow_column(of, one)
  follow(of, function(c)
    local old, new = { of.name }, { of.name }
    for _, name in ipairs(c.kind == "check" and { one.old } or c.columns) do
      old[#old + 1], new[#new + 1] = name, name == one.old and one.new or name
    end
    return table.concat(old, "_") .. "_", table.concat(new, "_") .. "_"
  end)
end

local function rename_table(made, one)
  local old_key = shape.key(one.schema, one.old)
  local of = made.tables[old_key]
  made.tables[old_key] = nil
  made.tables[shape.key(one.schema, one.new)] = of
  of.name = one.new
  if made.dialect == "sqlite" then
    follow(of, function()
      return one.old .. "_", one.new .. "_"
    end)
  end
  for _, other in pairs(made.tables) do
    for _, c in ipairs(other.constraints) do
      if c.kind == "foreign_key" and c.target == one.old and c.target_schema == one.schema then
        c.target = one.new
      end
    end
  end
  for _, other in pairs(made.tables) do
    in_list(other.inherits, old_key, shape.key(one.schema, one.new))
  end
  for _, p in pairs(made.partitions) do
    if p.table == one.old and p.table_schema == one.schema then
      p.table = one.new
    end
  end
end

local function rename_in_indexes(of, one)
  for _, index in ipairs(of.indexes) do
    for _, part in ipairs(index.columns) do
      part.name = part.name == one.old and one.new or part.name
      part.text = name_in_text.replaced(part.text, one.old, one.new)
    end
    in_list(index.include, one.old, one.new)
    index.where = name_in_text.replaced(index.where, one.old, one.new)
    if index.ops and index.ops[one.old] then
      index.ops[one.new], index.ops[one.old] = index.ops[one.old], nil
    end
  end
end

local function rename_in_constraints(of, one)
  for _, c in ipairs(of.constraints) do
    in_list(c.columns, one.old, one.new)
    in_list(c.include, one.old, one.new)
    in_list(c.ondelete_columns, one.old, one.new)
    c.condition = name_in_text.replaced(c.condition, one.old, one.new)
    c.where = name_in_text.replaced(c.where, one.old, one.new)
    for _, element in ipairs(c.elements or {}) do
      element.text = element.is_name and (element.text == one.old and one.new or element.text)
        or name_in_text.replaced(element.text, one.old, one.new)
    end
  end
  in_list(of.primary_key and of.primary_key.columns, one.old, one.new)
  in_list(of.primary_key and of.primary_key.include, one.old, one.new)
end

local function rename_column(made, one)
  local of = made.tables[one.table]
  for _, column in ipairs(of.columns) do
    column.computed = name_in_text.replaced(column.computed, one.old, one.new)
    column.name = column.name == one.old and one.new or column.name
  end
  if made.dialect == "sqlite" then
    follow_column(of, one)
  end
  rename_in_constraints(of, one)
  rename_in_indexes(of, one)
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
function renamed.apply(old, list)
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

return renamed
