--- What SQLite's tables are as a whole: STRICT, WITHOUT ROWID, AUTOINCREMENT.
local forms = {}

-- The column that numbers itself on SQLite, and whether it never gives a number twice.
local function numbered(of)
  for _, column in ipairs(of.columns) do
    if column.identity then
      return column.name, column.identity.once or false
    end
  end
  return nil, false
end

local function alter_table(plan, of, phase, name, value, note)
  plan:add(phase, { op = "alter_table", table = of.name, [name] = value }, note)
end

-- AUTOINCREMENT is a part of the key: it goes with it, and comes when the new one is there.
local function compare_numbering(plan, old, new)
  local was, was_once = numbered(old)
  local is, is_once = numbered(new)
  if is_once and not (was == is and was_once) then
    alter_table(plan, new, "table_special", "autoincrement", true)
  elseif was_once and not is_once and (was == is or new.without_rowid) then
    alter_table(plan, new, "table_plain", "autoincrement", false)
  end
end

--- STRICT first, because of the types; what needs the key comes when that is there, and goes before
-- it does. Returns the old table as it is then.
---@return table
function forms.compare(work, plan, old, new)
  new.loses_rowid = new.without_rowid and not old.without_rowid
  compare_numbering(plan, old, new)
  if old.without_rowid ~= new.without_rowid then
    alter_table(plan, new, new.without_rowid and "table_special" or "table_plain", "without_rowid",
      new.without_rowid or false)
  end
  if old.strict == new.strict then
    return old
  end
  alter_table(plan, new, "table_plain", "strict", new.strict or false,
    new.strict and "fails where a value is not of the type of its column" or nil)
  return new.strict and work.words.made_strict(old) or old
end

--- A table WITHOUT ROWID is never without its key: while that changes it has a rowid.
function forms.lend_rowid(plan, old, new)
  for _, o in ipairs(plan.lists.constraint_drop) do
    if o.type == "primary" and o.table == new.name and old.without_rowid and new.without_rowid then
      alter_table(plan, new, "table_plain", "without_rowid", false)
      alter_table(plan, new, "table_special", "without_rowid", true)
    end
  end
end

return forms
