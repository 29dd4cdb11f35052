--- The UPDATE by which SQLite itself calls the function of a backfill for each row, as it comes to
-- it (dialect/sqlite/program.lua): whether it may be, where it begins, and its text.
local core = require("luamig.core")
local row_columns = require("luamig.data.row_columns")

-- A function of SQLite takes 127.
local MOST_ARGUMENTS = 100
-- Below it no page can begin.
local LOWEST_KEY = "-9223372036854775808"

local row_update = {}

--- Why the rows are not changed by it; nil where they are, and how it visits them.
---@param pages table of table_pages, with its key
---@param arguments string[] what the function sees, in SQL
---@return string? why
---@return table? visit
function row_update.obstacle(pages, arguments)
  local o = pages.o
  if not pages.words.program then
    return "PostgreSQL cannot call it"
  elseif not core.runs_programs() then
    return "it runs in another process"
  elseif not o.write then
    return "nothing is changed"
  elseif o.undo then
    return "what the rows were is kept"
  elseif #arguments > MOST_ARGUMENTS then
    return ("more than %d columns are read"):format(MOST_ARGUMENTS)
  elseif not row_columns.is_independent(o) then
    return "what is read looks at other rows"
  end
  local visit, why = pages.words.program.find(pages)
  return why, visit
end

--- Behind which the first page begins, as the table is now; nil where that is its beginning. Where
-- nothing can be below the lowest rowid, it also gives why a query has to read the rows.
---@param pages table
---@param visit table
---@return any[]? after
---@return string? why
function row_update.edge(pages, visit)
  if visit.by_index then
    return nil
  end
  local lowest = pages:first_and_last()
  if lowest and tostring(lowest) == LOWEST_KEY then
    return nil, "nothing is below the lowest key"
  end
  return { lowest and core.arithmetic("sub", lowest, 1) or 0 }
end

--- Its pieces, for the rows behind `after` and up to `upto`.
---@param pages table
---@param visit table
---@param arguments string[]
---@param after any[]?
---@param upto any[]?
---@return (string|table)[]
function row_update.pieces(pages, visit, arguments, after, upto)
  local head, call = pages.words.program.update(visit, pages.name, pages.o.write, arguments)
  local pieces = { head }
  local word = pages:where(pieces, after, upto)
  pieces[#pieces + 1] = word .. call
  return pieces
end

return row_update
