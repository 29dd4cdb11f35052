--- What a backfill counts, of rows: read, changed, deleted, inserted into other tables, rejected.
local counts = {}

--- Of each nothing yet.
---@return table<string, integer>
function counts.none()
  return { read = 0, changed = 0, deleted = 0, inserted = 0, rejected = 0 }
end

return counts
