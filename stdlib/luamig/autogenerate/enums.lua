--- What leads from the enums of one shape to those of the other.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local marks = require("luamig.autogenerate.marks")
local object_nodes = require("luamig.autogenerate.object_nodes")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local enums = {}

local function execute(text)
  return { op = "execute", statement = { postgresql = text } }
end

-- The values that are new, each with its place; nil: one has gone, or the order is another.
local function added_values(old, new)
  local added, at = {}, 1
  for i, value in ipairs(new) do
    if value == old[at] then
      at = at + 1
    else
      added[#added + 1] = { value = value, after = new[i - 1], before = old[at] }
    end
  end
  return at > #old and added or nil
end

-- All texts of a shape that may speak of a value.
local function texts_of(new)
  local texts = {}
  local function add(text)
    texts[#texts + 1] = text
  end
  local function add_indexes(of)
    for _, index in ipairs(of.indexes) do
      add(index.where)
      for _, part in ipairs(index.columns) do
        add(part.text)
      end
    end
  end
  for _, of in shape.each(new.tables) do
    for _, column in ipairs(of.columns) do
      add(column.default or column.computed)
    end
    for _, c in ipairs(of.constraints) do
      add(c.condition or c.where)
    end
    add_indexes(of)
  end
  for _, view in shape.each(new.views) do
    add(view.query)
    add_indexes(view)
  end
  return texts
end

-- The values that ALTER TYPE … ADD VALUE adds; nil where the type is made anew. What is added can
-- be used from the next transaction on, so that a value that is used at once needs a new type.
local function values_to_add(e, was, new)
  local added = added_values(was.values, e.values)
  local texts = added and #added > 0 and texts_of(new) or {}
  for _, one in ipairs(added or {}) do
    local used = ("%s::%s"):format(core.quote(one.value), ident.qualified(e.schema, e.name))
    for _, text in ipairs(texts) do
      if text:find(used, 1, true) then
        return nil
      end
    end
  end
  return added
end

-- Whether a column's type is this enum, or a list of it.
local function is_of(e, type_text)
  local plain = type_text:gsub("%[%]$", ""):gsub('"', "")
  return plain == ident.qualified(e.schema, e.name):gsub('"', "")
    or e.schema ~= nil and plain == e.name
end

-- The columns of a type, in tables that both shapes have.
local function columns_of(e, old, new)
  local found = {}
  for key, of in shape.each(new.tables) do
    for _, column in ipairs(of.columns) do
      local was = old.tables[key] and shape.column(old.tables[key], column.name)
      if was and was.type == column.type and is_of(e, column.type) and not column.computed then
        found[#found + 1] = { of = of, column = column }
      end
    end
  end
  return found
end

-- SQLite has no types: there the columns of an enum get its values, or each its own.
local function is_type(work)
  return work.words.name == "postgresql"
end

--- The columns whose enum is made anew, as sets by the keys of their tables.
---@return table<string, table<string, boolean>>
function enums.remade_columns(work, old, new)
  local remade = {}
  for key, e in shape.each(is_type(work) and new.enums or {}) do
    local was = old.enums[key]
    if was and not values_to_add(e, was, new) then
      for _, one in ipairs(columns_of(e, old, new)) do
        local of = shape.key(one.of.schema, one.of.name)
        remade[of] = remade[of] or {}
        remade[of][one.column.name] = true
      end
    end
  end
  return remade
end

--- The enums of SQLite to which values are added, as a set by their keys.
---@return table<string, boolean>
function enums.widened(work, old, new)
  local widened = {}
  for key, e in shape.each(is_type(work) and {} or new.enums) do
    local was = old.enums[key]
    widened[key] = was and not was.is_mixed and not e.is_mixed
      and added_values(was.values, e.values) ~= nil or nil
  end
  return widened
end

local function missing_values(old, new)
  local known, missing = strict.set(new), {}
  for _, value in ipairs(old) do
    missing[#missing + 1] = not known[value] and value or nil
  end
  return missing
end

-- The old type stays as long as a column is of it: what is in its way, or nil.
local function in_the_way(e, of_shape)
  for _, one in ipairs(of_shape.left_out or {}) do
    if is_of(e, one.type) then
      return ("the enum %s is made anew, and %s.%s, which include_object leaves out, is of this "
        .. "type"):format(shape.key(e.schema, e.name), one.table, one.column)
    end
  end
  return nil
end

-- PostgreSQL takes no value away: the type is made anew, and its columns change over.
local function remake_enum(work, plan, e, old, new)
  local problem = in_the_way(e, work.is_back and new or old)
  if problem and work.is_back then
    plan:add("irreversible", { op = "irreversible", reason = problem })
    return
  elseif problem then
    core.fail("autogenerate: " .. problem,
      "let include_object take the column in, or leave the values of the enum as they are")
  end
  local was = old.enums[shape.key(e.schema, e.name)]
  local loses_values = #missing_values(was.values, e.values) > 0
  local name = ident.qualified(e.schema, e.name)
  local aside = e.name .. "_old"
  local function add(text, note)
    plan:add("remake", execute(text), note)
  end
  add(("ALTER TYPE %s RENAME TO %s"):format(name, ident.quote(aside)),
    marks.in_the_way(work, was, e))
  plan:add("remake", object_nodes.create_enum(e))
  marks.give_back(plan, "remake", nil, e, marks.own(work, was, e).marks)
  for _, one in ipairs(columns_of(e, old, new)) do
    local alter = ("ALTER TABLE %s ALTER COLUMN %s "):format(
      ident.qualified(one.of.schema, one.of.name), ident.quote(one.column.name))
    local is_list = one.column.type:find("%[%]$") and "[]" or ""
    add(alter .. "DROP DEFAULT")
    add(("%sTYPE %s USING %s::text%s::%s"):format(alter, name .. is_list,
      ident.quote(one.column.name), is_list, name .. is_list),
      marks.noted(loses_values and "fails where a row holds a value that is no longer one" or nil,
        marks.in_the_way(work, shape.column(old.tables[shape.key(one.of.schema, one.of.name)],
          one.column.name), one.column)))
    if one.column.default then
      add(alter .. "SET DEFAULT " .. one.column.default)
    end
  end
  plan:add("enum_drop", { op = "drop_enum", name = aside, schema = e.schema })
end

--- Adds the operations of the enums.
function enums.compare(work, plan, old, new)
  for key, e in shape.each(new.enums) do
    local was = old.enums[key]
    local added = was and (is_type(work) or work.widened[key]) and values_to_add(e, was, new)
    if not was then
      plan:add("enum", object_nodes.create_enum(e))
    elseif not added and is_type(work) then
      remake_enum(work, plan, e, old, new)
    end
    for _, one in ipairs(added or {}) do
      plan:add("enum", { op = "add_enum_value", name = e.name, schema = e.schema,
        value = one.value, before = one.before, after = not one.before and one.after or nil,
        if_not_exists = not is_type(work) or nil })  -- on PostgreSQL the way back leaves it
    end
  end
  for key, e in shape.each(old.enums) do
    if not new.enums[key] then
      plan:add("enum_drop", { op = "drop_enum", name = e.name, schema = e.schema,
        if_exists = e.is_guess or nil })
    end
  end
end

return enums
