--- `luamig rejects retry`: the rows that a backfill has left out are given to it once more, each in
-- a transaction of its own, in which it also leaves luamig_rejects. The host says which row is next
-- (core.part_of_step), and is told what became of it (core.keep_part).
local core = require("luamig.core")
local rejects = require("luamig.data.rejects")

local retry = {}

--- Whether the backfill under way is to try rows again. A part that an earlier attempt has left is
-- no JSON.
---@return boolean
function retry.is_asked_for()
  local part = core.part_of_step()
  return part ~= nil and part:sub(1, 1) == "{"
end

-- The values of a key as luamig_rejects keeps it.
local function key_of(pages, text)
  local object, key = require("luamig.json").decode(text), {}
  for i, name in ipairs(pages.key) do
    local value = object[name]
    if value == nil or core.is_null(value) then
      pages:fail(("the rejected row %s has no '%s', which is of the key"):format(text, name),
        "key = { … } as it was; or luamig rejects drop")
    elseif pages.words.column_rule(pages.columns[name], false) == "bytes" then
      pages:fail(("the rejected row %s has bytes in its key, not kept as such"):format(text),
        "mend it by a revision of its own; then luamig rejects drop")
    end
    key[i] = value
  end
  return key
end

local function is_there(pages, anywhere)
  pages.anywhere = anywhere
  local found = pages:any_left()
  pages.anywhere = nil
  return found
end

-- One row, and what became of it.
local function try(pages, pass)
  if not is_there(pages) then
    if is_there(pages, true) then
      return "passed"
    end
    rejects.put(pages, pages.only, "there is no such row any more")
    return "gone"
  end
  local why = pass.again()
  if why then
    rejects.put(pages, pages.only, why)
    return "failed"
  end
  return "mended"
end

local function keep(fn)
  local ok, problem = core.try_part(function()
    core.keep_part(fn())
  end)
  return not ok and problem or nil
end

--- Tries the rows again that the host names.
---@param o table the operation
---@param way { begin_again: function } row_pass or set_pass
function retry.run(o, way)
  o.max_rejects = o.max_rejects or 1
  local pass = way.begin_again(o)
  local pages = pass.pages
  if o.journal then
    core.keep_part("begun") -- what the journal has begun with stays, whatever becomes of the rows
  end
  local text = core.part_of_step()
  while text do
    pages.only = key_of(pages, text)
    local problem = keep(function()
      local outcome = try(pages, pass)
      return outcome
    end)
    if problem then
      local given = pass.given()
      pass.undone()
      if rejects.passes(problem) or not rejects.is_about_rows(problem) then
        error(problem, 0)
      end
      problem = keep(function()
        rejects.put(pages, pages.only, problem.message, given)
        return "failed"
      end)
    end
    if problem then
      error(problem, 0)
    end
    text = core.part_of_step()
  end
end

return retry
