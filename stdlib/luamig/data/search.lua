--- Work on many rows in one transaction: where the database refuses it, the row that it is about.
local core = require("luamig.core")
local rejects = require("luamig.data.rejects")

local FIRST_SIZE = 10000

local search = {}

-- How many passes are under way, one in the function of another. The outermost looks for its row
-- alone: else each would go through its rows again for each row of the one around it.
local depth = 0

local function within(call, fn, ...)
  depth = depth + 1
  local ok, one, two = call(fn, ...)
  depth = depth - 1
  return ok, one, two
end

-- Where a pass is done page by page, those before stay when one is undone. Whoever catches the
-- error outside every savepoint must not keep them: the row fails once more, where the session
-- sees it.
local function fail_again(pages, work, after)
  if pages.words.pages then
    within(core.called, work.batch, after, 1)
    work.undone()
  end
end

-- The rows behind `after` again, so many at once that the failing ones become few.
local function find(pages, problem, after, work)
  local size = FIRST_SIZE
  while true do
    local ok, last, more = within(core.try, work.batch, after, size)
    if ok and not more then
      return problem -- which does not come again in parts
    elseif ok then
      after = last
    elseif size > 1 then
      work.undone()
      size = math.floor(size / 2)
    else
      local given = work.given()
      work.undone()
      local key = pages.key and pages:next_range(after, 1)
      fail_again(pages, work, after)
      return key and rejects.named(pages, last, key, given) or problem
    end
  end
end

--- Runs `fn` in a savepoint, and gives back what it gives. Where the database refuses something in
-- it, the rows behind `after` are gone through again by `work.batch(after, size)`, in the same
-- transaction, and the error that is raised names the row. Nothing of it is kept.
---@param pages table
---@param fn function
---@param after any[]?
---@param work { batch: function, given: function, undone: function }
---@return any ...
function search.attempt(pages, fn, after, work)
  local ok, one, two = within(core.try, fn)
  if ok then
    return one, two
  end
  work.undone()
  if depth > 0 then
    error(one, 0)
  end
  if one.code ~= "sql" or not rejects.is_about_rows(one) then
    if pages.words.pages then
      within(core.called, fn) -- as fail_again
    end
    error(one, 0)
  end
  error(find(pages, one, after, work), 0)
end

return search
