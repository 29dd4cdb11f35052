--- Whether something hangs on a column that changes, so that it has to be made anew.
local name_in_text = require("luamig.autogenerate.name_in_text")
local strict = require("luamig.strict")

local hanging = {}

local function is_spoken_of(texts, name)
  for _, text in ipairs(texts) do
    if name_in_text.mentions(text, name) then
      return true
    end
  end
  return false
end

--- Whether something goes with a column that is made anew, or speaks of one whose type is, or of
-- two whose types change: one comes after the other, and in between nothing compares them.
---@param names string[] columns that it is made of
---@param texts string[] SQL that may speak of them
---@param moved table? what columns.change gave
---@return boolean
function hanging.on(names, texts, moved)
  for _, name in ipairs(names) do
    if moved and moved.dropped[name] then
      return true
    end
  end
  local retyped = 0
  for _, name in ipairs(moved and strict.sorted_keys(moved.retyped) or {}) do
    retyped = retyped + (is_spoken_of(texts, name) and 1 or 0)
  end
  for _, name in ipairs(moved and strict.sorted_keys(moved.spoken) or {}) do
    if is_spoken_of(texts, name) then
      return true
    end
  end
  return retyped > 1
end

return hanging
