--- Names as they are spelled where they are declared.
local shape = require("luamig.autogenerate.shape")

local spelling = {}

-- A name may be written in other letters than where its column is declared.
local function spelled_columns(of)
  local by_letters = {}
  for _, column in ipairs(of.columns) do
    by_letters[column.name:lower()] = column.name
  end
  return function(list)
    for i, name in ipairs(list or {}) do
      list[i] = by_letters[name:lower()] or name
    end
  end, by_letters
end

--- The columns that a table's own keys, constraints and indexes name.
---@param of table
function spelling.columns(of)
  local spell, by_letters = spelled_columns(of)
  spell(of.primary_key and of.primary_key.columns)
  for _, c in ipairs(of.constraints) do
    spell(c.columns)
  end
  for _, index in ipairs(of.indexes) do
    for _, part in ipairs(index.columns) do
      part.name = part.name and (by_letters[part.name:lower()] or part.name)
    end
  end
end

--- A foreign key that names no columns means the primary key.
---@param into table the shape
function spelling.name_targets(into)
  for _, of in shape.each(into.tables) do
    for _, c in ipairs(of.constraints) do
      if c.kind == "foreign_key" and not c.target_columns then
        local target = into.tables[c.target]
        local key = target and target.primary_key
        c.target_columns = { unpack(key and key.columns or {}) }
      end
    end
  end
end

--- A foreign key may spell its table in other letters than the table itself.
---@param into table the shape
function spelling.targets(into)
  local spelled = {}
  for key in shape.each(into.tables) do
    spelled[key:lower()] = key
  end
  for _, of in shape.each(into.tables) do
    for _, c in ipairs(of.constraints) do
      if c.kind == "foreign_key" then
        c.target = spelled[c.target:lower()] or c.target
        local target = into.tables[c.target]
        if target then
          spelled_columns(target)(c.target_columns)
        end
      end
    end
  end
end

return spelling
