--- Foreign keys that are in the way of a change of something else: they go before it, and come back
-- after it.
local constraints = require("luamig.autogenerate.constraints")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local references = {}

local function sorted(names)
  local list = {}
  for i, name in ipairs(names) do
    list[i] = name
  end
  table.sort(list)
  return table.concat(list, "\0")
end

-- The keys that go, by their tables, as sets of their columns: constraints, and indexes that do for
-- a foreign key what a constraint does.
local function keys_that_go(work, plan, old)
  local gone = {}
  local function add(o, columns)
    local key = shape.key(o.schema, o.table)
    gone[key] = gone[key] or {}
    gone[key][sorted(columns)] = true
  end
  for _, o in ipairs(plan.lists.constraint_drop) do
    local of = old.tables[shape.key(o.schema, o.table)]
    for _, c in ipairs((o.type == "primary" or o.type == "unique") and of
      and constraints.all(of) or {}) do
      if c.name == o.name then
        add(o, c.columns)
      end
    end
  end
  for _, o in ipairs(work.words.name == "postgresql" and plan.lists.index_drop or {}) do
    local of = old.tables[shape.key(o.schema, o.table)]
    for _, index in ipairs(of and of.indexes or {}) do
      if index.name == o.name and index.unique and not index.where then
        local names = {}
        for i, part in ipairs(index.columns) do
          names[i] = part.name or ""
        end
        add(o, names)
      end
    end
  end
  return gone
end

local function is_dropped(plan, of, c)
  for _, o in ipairs(plan.lists.fk_drop) do
    if o.name == c.name and o.table == of.name and o.schema == of.schema then
      return true
    end
  end
  return false
end

-- Whether a column gets another type together with the one that it refers to, so that for a while
-- nothing compares them. `retyped`: sets of names by the keys of tables.
local function changes_both(retyped, of, c)
  local here = retyped[shape.key(of.schema, of.name)]
  local there = retyped[shape.key(c.target_schema, c.target)]
  for i, name in ipairs(here and there and c.columns or {}) do
    if here[name] and there[c.target_columns[i]] then
      return true
    end
  end
  return false
end

--- Adds the operations of the foreign keys whose key goes, or whose columns change their type on
-- both sides.
function references.renew(work, plan, old, new)
  local gone = keys_that_go(work, plan, old)
  if #strict.sorted_keys(gone) == 0 and #strict.sorted_keys(work.retyped) == 0 then
    return
  end
  for key, of in shape.each(old.tables) do
    local is = new.tables[key]
    for _, c in ipairs(is and of.constraints or {}) do
      local keys = c.kind == "foreign_key" and gone[shape.key(c.target_schema, c.target)] or {}
      local stands = c.kind == "foreign_key" and (keys[sorted(c.target_columns)]
        or changes_both(work.retyped, is, c)) and not is_dropped(plan, is, c)
      local twin = stands and constraints.twin(work.words, is, c)
      if twin then
        constraints.renew(work, plan, is, c, twin)
      end
    end
  end
end

return references
