--- Whether something hangs on a column that changes, so that it has to be made anew.
local name_in_text = require("luamig.autogenerate.name_in_text")
local strict = require("luamig.strict")

local hanging = {}

--- Whether something goes with a column that is made anew, or speaks of one whose type is.
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
  for _, text in ipairs(texts) do
    for _, name in ipairs(moved and strict.sorted_keys(moved.spoken) or {}) do
      if name_in_text.mentions(text, name) then
        return true
      end
    end
  end
  return false
end

return hanging
