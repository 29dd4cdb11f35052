--- What leads from the enums, sequences and views of one shape to those of the other.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local nodes = require("luamig.autogenerate.nodes")
local phases = require("luamig.autogenerate.phases")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")
local tables = require("luamig.autogenerate.tables")

local objects = {}

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

-- The columns of a type, in tables that both shapes have.
local function columns_of(e, old, new)
  local found, type_name = {}, ident.qualified(e.schema, e.name):gsub('"', "")
  for key, of in shape.each(new.tables) do
    for _, column in ipairs(of.columns) do
      local plain = column.type:gsub("%[%]$", ""):gsub('"', "")
      local was = old.tables[key] and shape.column(old.tables[key], column.name)
      if was and was.type == column.type and plain == type_name and not column.computed then
        found[#found + 1] = { of = of, column = column }
      end
    end
  end
  return found
end

--- The columns whose enum is made anew, as sets by the keys of their tables.
---@return table<string, table<string, boolean>>
function objects.remade_columns(old, new)
  local remade = {}
  for key, e in shape.each(new.enums) do
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

local function missing_values(old, new)
  local known, missing = {}, {}
  for _, value in ipairs(new) do
    known[value] = true
  end
  for _, value in ipairs(old) do
    missing[#missing + 1] = not known[value] and value or nil
  end
  return missing
end

-- PostgreSQL takes no value away: the type is made anew, and its columns change over.
local function remake_enum(plan, e, old, new)
  local loses_values = #missing_values(old.enums[shape.key(e.schema, e.name)].values, e.values) > 0
  local name = ident.qualified(e.schema, e.name)
  local aside = e.name .. "_old"
  local function add(text, note)
    plan:add("remake", execute(text), note)
  end
  add(("ALTER TYPE %s RENAME TO %s"):format(name, ident.quote(aside)))
  plan:add("remake", nodes.create_enum(e))
  for _, one in ipairs(columns_of(e, old, new)) do
    local alter = ("ALTER TABLE %s ALTER COLUMN %s "):format(
      ident.qualified(one.of.schema, one.of.name), ident.quote(one.column.name))
    local is_list = one.column.type:find("%[%]$") and "[]" or ""
    add(alter .. "DROP DEFAULT")
    add(("%sTYPE %s USING %s::text%s::%s"):format(alter, name .. is_list,
      ident.quote(one.column.name), is_list, name .. is_list),
      loses_values and "fails where a row holds a value that is no longer one" or nil)
    if one.column.default then
      add(alter .. "SET DEFAULT " .. one.column.default)
    end
  end
  plan:add("enum_drop", { op = "drop_enum", name = aside, schema = e.schema })
end

local function compare_enums(plan, old, new)
  for key, e in shape.each(new.enums) do
    local was = old.enums[key]
    local added = was and values_to_add(e, was, new)
    if not was then
      plan:add("enum", nodes.create_enum(e))
    elseif not added then
      remake_enum(plan, e, old, new)
    end
    for _, one in ipairs(added or {}) do
      plan:add("enum", { op = "add_enum_value", name = e.name, schema = e.schema,
        value = one.value, before = one.before, after = not one.before and one.after or nil })
    end
  end
  for key, e in shape.each(old.enums) do
    if not new.enums[key] then
      plan:add("enum_drop", { op = "drop_enum", name = e.name, schema = e.schema })
    end
  end
end

local CLAUSES = {
  { "type", "AS %s" }, { "increment", "INCREMENT BY %s" }, { "minvalue", "MINVALUE %s" },
  { "maxvalue", "MAXVALUE %s" }, { "cache", "CACHE %s" },
}

-- Where a sequence begins that does not say so.
local function start_of(s)
  if s.start then
    return s.start
  elseif s.increment > 0 then
    return s.minvalue or 1
  end
  return s.maxvalue or -1
end

local function owner(s)
  local by = s.owned_by
  return by and ident.qualified(by.schema, by.table) .. "." .. ident.quote(by.column) or "NONE"
end

local function alter_sequence(was, s)
  local parts = {}
  for _, clause in ipairs(CLAUSES) do
    local name, text = clause[1], clause[2]
    if was[name] ~= s[name] then
      parts[#parts + 1] = s[name] and text:format(s[name]) or "NO " .. text:gsub(" %%s", "")
    end
  end
  if start_of(was) ~= start_of(s) then
    parts[#parts + 1] = ("START WITH %s"):format(start_of(s))
  end
  if was.cycle ~= s.cycle then
    parts[#parts + 1] = s.cycle and "CYCLE" or "NO CYCLE"
  end
  if owner(was) ~= owner(s) then
    parts[#parts + 1] = "OWNED BY " .. owner(s)
  end
  return parts[1] and ("ALTER SEQUENCE %s %s"):format(ident.qualified(s.schema, s.name),
    table.concat(parts, " "))
end

-- One that its owner takes numbers from is there before the owner's table is.
local function create_sequence(plan, new, s)
  local by, made = s.owned_by, nodes.create_sequence(s)
  local of = by and new.tables[shape.key(by.schema, by.table)]
  local column = of and shape.column(of, by.column)
  if column and column.default and column.default:find("^nextval%(") then
    made.owned_by = nil
    plan:add("sequence", made)
    plan:add("option", execute(("ALTER SEQUENCE %s OWNED BY %s"):format(
      ident.qualified(s.schema, s.name), owner(s))))
  else
    plan:add(by and "option" or "sequence", made)
  end
end

local function compare_sequences(plan, old, new)
  for key, s in shape.each(new.sequences) do
    local was = old.sequences[key]
    local change = was and alter_sequence(was, s)
    if not was then
      create_sequence(plan, new, s)
    elseif change then
      plan:add("option", execute(change))
    end
  end
  for key, s in shape.each(old.sequences) do
    local by = s.owned_by
    local of = by and new.tables[shape.key(by.schema, by.table)]
    if not new.sequences[key] and (not by or of and shape.column(of, by.column)) then
      plan:add("sequence_drop", { op = "drop_sequence", name = s.name, schema = s.schema })
    end
  end
end

-- Tables whose change is refused while a view stands on it.
local function moved_tables(work, plan)
  local moved = {}
  for _, o in ipairs(plan.lists.computed_drop) do
    moved[shape.key(o.schema, o.table)] = true
  end
  for _, key in ipairs(strict.sorted_keys(work.remade)) do
    moved[key] = true
  end
  if work.words.name == "postgresql" then
    for _, phase in ipairs({ "column_alter", "column_drop" }) do
      for _, o in ipairs(plan.lists[phase]) do
        if o.op == "drop_column" or o.op == "alter_column" and o.type then
          moved[shape.key(o.schema, o.table)] = true
        end
      end
    end
    for _, o in ipairs(plan.lists.table_drop) do
      moved[shape.key(o.schema, o.name)] = true
    end
  end
  return moved
end

local function same_list(a, b)
  return table.concat(a or {}, "\0") == table.concat(b or {}, "\0")
end

local function is_same_view(words, a, b)
  local options = {}
  for i, view in ipairs({ a, b }) do
    local parts = {}
    for _, name in ipairs(strict.sorted_keys(view.with or {})) do
      parts[#parts + 1] = name .. "=" .. tostring(view.with[name])
    end
    options[i] = table.concat(parts, ",")
  end
  return options[1] == options[2] and words.canon(a.query) == words.canon(b.query)
    and a.materialized == b.materialized
    and same_list(a.columns, b.columns)
end

-- Adds the views that stand on one that is made anew.
local function spread(views, renewed)
  local more = true
  while more do
    more = false
    for key, view in shape.each(views) do
      for name in shape.each(view.uses) do
        if not renewed[key] and renewed[name] then
          renewed[key], more = true, true
        end
      end
    end
  end
end

local function views_to_renew(work, plan, old, new, renamed)
  local renewed, moved = {}, moved_tables(work, plan)
  for key, view in shape.each(old.views) do
    local is = new.views[key]
    renewed[key] = renamed[key] or not is or not is_same_view(work.words, view, is) or nil
    for name in shape.each(view.uses) do
      renewed[key] = renewed[key] or moved[name]
    end
  end
  spread(old.views, renewed)
  return renewed
end

local function sorted_views(views, wanted)
  local keys, needs = {}, {}
  for key, view in shape.each(views) do
    if wanted(key) then
      keys[#keys + 1], needs[key] = key, {}
      for name in shape.each(view.uses) do
        table.insert(needs[key], name)
      end
    end
  end
  local order = phases.sorted(keys, needs, function() end)
  return order
end

-- What hangs on a view and goes with it, read from the database on whichever side it stands.
local function give_back(work, plan, old, new)
  for _, text in ipairs(old and (old.bears or new.bears) or {}) do
    plan:add("view_new", { op = "execute", statement = { [work.words.name] = text } })
  end
end

local function compare_views(work, plan, old, new, renamed)
  local renewed = views_to_renew(work, plan, old, new, renamed)
  local gone = sorted_views(old.views, function(key)
    return renewed[key]
  end)
  for i = #gone, 1, -1 do
    plan:add("view_drop", nodes.drop_view(old.views[gone[i]]))
  end
  local made = sorted_views(new.views, function(key)
    return renewed[key] or not old.views[key]
  end)
  for _, key in ipairs(made) do
    for _, o in ipairs(nodes.create_view(new.views[key])) do
      plan:add("view_new", o)
    end
    give_back(work, plan, old.views[key], new.views[key])
  end
  for key, view in shape.each(new.views) do
    if old.views[key] and not renewed[key] then
      tables.compare_indexes(work, plan, old.views[key], view)
    end
  end
end

local function compare_schemas(plan, old, new)
  for name in shape.each(new.schemas or {}) do
    if not (old.schemas or {})[name] then
      plan:add("schema", { op = "create_schema", name = name, if_not_exists = true })
    end
  end
end

--- Adds the operations of everything that is no table. `renamed`: views that a rename concerns.
---@param work table
---@param plan table
---@param old table
---@param new table
---@param renamed table<string, boolean>
function objects.compare(work, plan, old, new, renamed)
  compare_schemas(plan, old, new)
  compare_enums(plan, old, new)
  compare_sequences(plan, old, new)
  compare_views(work, plan, old, new, renamed)
end

return objects
