--- Numbers with their nouns.
local plural = {}

--- "1 row", "2 rows".
---@param count integer
---@param noun string
---@return string
function plural.of(count, noun)
  return ("%d %s%s"):format(count, noun, count == 1 and "" or "s")
end

return plural
