--- What leads from the enums, sequences and views of one shape to those of the other.
local ident = require("luamig.dialect.ident")
local nodes = require("luamig.autogenerate.nodes")
local phases = require("luamig.autogenerate.phases")
local shape = require("luamig.autogenerate.shape")
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

-- The columns of a type, in tables that both shapes have.
local function columns_of(type_name, old, new)
  local found = {}
  for key, of in shape.each(new.tables) do
    for _, column in ipairs(of.columns) do
      local plain = column.type:gsub("%[%]$", "")
      local was = old.tables[key] and shape.column(old.tables[key], column.name)
      if was and was.type == column.type and plain == type_name then
        found[#found + 1] = { of = of, column = column }
      end
    end
  end
  return found
end

-- PostgreSQL takes no value away: the type is made anew, and its columns change over.
local function remake_enum(plan, e, old, new)
  local name = ident.qualified(e.schema, e.name)
  local aside = e.name .. "_old"
  local function add(text)
    plan:add("remake", execute(text))
  end
  add(("ALTER TYPE %s RENAME TO %s"):format(name, ident.quote(aside)))
  plan:add("remake", nodes.create_enum(e))
  for _, one in ipairs(columns_of(ident.qualified(e.schema, e.name):gsub('"', ""), old, new)) do
    local alter = ("ALTER TABLE %s ALTER COLUMN %s "):format(
      ident.qualified(one.of.schema, one.of.name), ident.quote(one.column.name))
    local is_list = one.column.type:find("%[%]$") and "[]" or ""
    add(alter .. "DROP DEFAULT")
    add(("%sTYPE %s USING %s::text%s::%s"):format(alter, name .. is_list,
      ident.quote(one.column.name), is_list, name .. is_list))
    if one.column.default then
      add(alter .. "SET DEFAULT " .. one.column.default)
    end
  end
  plan:add("remake", { op = "drop_enum", name = aside, schema = e.schema },
    "fails where a row holds a value that is no longer one")
end

local function compare_enums(plan, old, new)
  for key, e in shape.each(new.enums) do
    local was = old.enums[key]
    local added = was and added_values(was.values, e.values)
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

local function compare_sequences(plan, old, new)
  for key, s in shape.each(new.sequences) do
    local was = old.sequences[key]
    local change = was and alter_sequence(was, s)
    if not was then
      plan:add(s.owned_by and "option" or "sequence", nodes.create_sequence(s))
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

-- Tables whose change PostgreSQL refuses while a view stands on it.
local function moved_tables(work, plan)
  local moved = {}
  if work.words.name == "postgresql" then
    for _, phase in ipairs({ "column_alter", "column_drop", "computed_drop" }) do
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
  return words.canon(a.query) == words.canon(b.query) and a.materialized == b.materialized
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
