--- Tables that inherit from another one of PostgreSQL: what changes a column or a CHECK of the
-- parent changes theirs, and refuses to be done to them.
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local inheritance = {}

-- By what two operations are the same but for their tables.
local NAMES = { add_column = true, drop_column = "name", rename_column = "old",
  alter_column = "name", create_check_constraint = "name", drop_constraint = "name" }

local function key_of(o)
  local field = NAMES[o.op]
  local name = field == true and o.column.name or field and o[field]
  return type(name) == "string" and o.op .. "\0" .. name or nil
end

-- The tables that a table inherits from, and those from which these do.
local function ancestors(old, new, key, found, known)
  for _, tables in ipairs({ old.tables, new.tables }) do
    for _, parent in ipairs(tables[key] and tables[key].inherits or {}) do
      if not known[parent] then
        known[parent], found[#found + 1] = true, parent
        ancestors(old, new, parent, found, known)
      end
    end
  end
  return found
end

-- The operations of a list by what they do, as sets of tables.
local function by_what(list)
  local done = {}
  for _, o in ipairs(list) do
    local what = key_of(o)
    if what then
      done[what] = done[what] or {}
      done[what][shape.key(o.schema, o.table)] = o
    end
  end
  return done
end

local function is_done_by(o, above, done)
  for _, parent in ipairs(above) do
    local its = done[key_of(o)][parent]
    if its and (o.op ~= "alter_column" or its.type) then
      return true
    end
  end
  return false
end

-- Of a change of a column what is its own: all but the type.
local function remainder(o)
  if o.op ~= "alter_column" then
    return nil
  end
  o.type, o.using = nil, nil
  return (o.nullable ~= nil or o.server_default ~= nil or o.comment ~= nil) and o or nil
end

-- Whether what is added is the table's own beside what it inherits.
local function is_own(o, old, new)
  local name = o.op == "add_column" and o.column.name or o.name
  for _, tables in ipairs({ old.tables, new.tables }) do
    local of = tables[shape.key(o.schema, o.table)]
    for _, thing in ipairs(of and of[o.op == "add_column" and "columns" or "constraints"] or {}) do
      if thing.name == name and thing.is_own then
        return true
      end
    end
  end
  return false
end

local ADDS = { add_column = true, create_check_constraint = true }
local DROPS = { drop_column = true, drop_constraint = true }

--- Takes out of a plan what their parents' operations do. What a table has of its own too is added
-- before its parent gets it, and dropped after; its own defaults come after its parent's.
function inheritance.settle(plan, old, new)
  for _, phase in ipairs(strict.sorted_keys(plan.lists)) do
    local list = plan.lists[phase]
    local done, first, between, last = by_what(list), {}, {}, {}
    for _, o in ipairs(list) do
      local above = key_of(o) and ancestors(old, new, shape.key(o.schema, o.table), {}, {})
        or {}
      local is_done = above[1] and is_done_by(o, above, done)
      if not above[1] or not is_done and o.op ~= "alter_column" then
        between[#between + 1] = o
      elseif DROPS[o.op] then
        o.if_exists = true
        last[#last + 1] = o
      elseif ADDS[o.op] and is_own(o, old, new) then
        first[#first + 1] = o
      elseif not ADDS[o.op] then
        last[#last + 1] = is_done and remainder(o) or not is_done and o or nil
      end
    end
    for _, part in ipairs({ between, last }) do
      for _, o in ipairs(part) do
        first[#first + 1] = o
      end
    end
    plan.lists[phase] = first
  end
end

return inheritance
