--- What an answer of `db` does not say of itself, and the shell shows: the order of its columns,
-- and the rows behind a loop. Kept only where there is a shell.

local results = { wanted = false }

local cursors = setmetatable({}, { __mode = "k" })
local columns = setmetatable({}, { __mode = "k" })

---@param loop function|userdata
---@param cursor userdata
function results.note_loop(loop, cursor)
  if results.wanted then cursors[loop] = cursor end
end

---@param list table
---@param cursor userdata
function results.note_list(list, cursor)
  if results.wanted then columns[list] = cursor:columns() end
end

---The rows of a loop, or nil.
function results.cursor_of(loop)
  return cursors[loop]
end

---The names of a list's columns, in the order of the query, or nil.
function results.columns_of(list)
  return columns[list]
end

return results
