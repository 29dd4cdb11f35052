--- What leads from the views of one shape to those of the other: those that change, and those that
-- stand on what does.
local indexes = require("luamig.autogenerate.indexes")
local object_nodes = require("luamig.autogenerate.object_nodes")
local phases = require("luamig.autogenerate.phases")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local views = {}

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
local function spread(all, renewed)
  local more = true
  while more do
    more = false
    for key, view in shape.each(all) do
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

--- The views of a set in an order in which each comes after those that it uses.
---@param all table<string, table>
---@param wanted fun(key: string): boolean?
---@return string[]
function views.sorted(all, wanted)
  local keys, needs = {}, {}
  for key, view in shape.each(all) do
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

-- What hangs on a view and goes with it, read from the database on whichever side it stands: what
-- comes back, and what does not because its column has gone.
local function borne(old, new)
  local back, lost = {}, {}
  for _, one in ipairs(old and new and (old.bears or new.bears) or {}) do
    local list = (not one.column or new.names[one.column]) and back or lost
    list[#list + 1] = one.sql
  end
  return back, lost
end

local function drop_view(plan, old, new)
  local _, lost = borne(old, new)
  plan:add("view_drop", object_nodes.drop_view(old),
    lost[1] and "does not come back: " .. table.concat(lost, "; ") or nil)
end

local function create_view(work, plan, old, new)
  local list = object_nodes.create_view(new)
  if old and (old.is_empty or new.is_empty) and new.materialized then
    list[1].with_data = false
  end
  for _, o in ipairs(list) do
    plan:add("view_new", o)
  end
  indexes.give_back(work, plan, "view_new", old or { indexes = {} }, new)
  for _, text in ipairs((borne(old, new))) do
    plan:add("view_new", { op = "execute", statement = { [work.words.name] = text } })
  end
end

--- Adds the operations of the views. `renamed`: those that a rename concerns.
---@param work table
---@param plan table
---@param old table
---@param new table
---@param renamed table<string, boolean>
function views.compare(work, plan, old, new, renamed)
  local renewed = views_to_renew(work, plan, old, new, renamed)
  local gone = views.sorted(old.views, function(key)
    return renewed[key]
  end)
  for i = #gone, 1, -1 do
    drop_view(plan, old.views[gone[i]], new.views[gone[i]])
  end
  local made = views.sorted(new.views, function(key)
    return renewed[key] or not old.views[key]
  end)
  for _, key in ipairs(made) do
    create_view(work, plan, old.views[key], new.views[key])
  end
  for key, view in shape.each(new.views) do
    if old.views[key] and not renewed[key] then
      indexes.compare(work, plan, old.views[key], view)
    end
  end
end

return views
