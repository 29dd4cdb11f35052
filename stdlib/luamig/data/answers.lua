--- What is wrong with an answer of a backfill's function, said.
local core = require("luamig.core")
local strict = require("luamig.strict")

local answers = {}

local function refuse_answer(pages, answer)
  if core.is_row(answer) then
    pages:fail("the function gives back the row itself", "return the change: { name = … }")
  elseif type(answer) == "table" then
    pages:fail("the function gives back changes, and 'write' is missing", 'write = { "name", … }')
  end
  pages:fail(("the function gives back %s"):format(type(answer) == "string"
    and ('"%s"'):format(answer) or "a " .. core.type(answer)),
    'a table of changes, nil to leave the row, "delete", or "reject" and why')
end

local function refuse_other(pages, changes)
  local known = strict.set(pages.o.write)
  for _, column in ipairs(pages.key) do
    if changes[column] ~= nil and not known[column] then
      pages:fail(("the function gives '%s', which is of the key"):format(column),
        "rows are found by their key; change it by op.execute")
    end
  end
  for key in pairs(changes) do
    if not known[key] then
      pages:fail(("the function gives '%s', which is no column of 'write'%s"):format(
        tostring(key), strict.did_you_mean(key, pages.o.write)))
    end
  end
end

local function refuse_missing(pages, changes, column)
  for key in pairs(changes) do
    if core.nearest(tostring(key), { column }) then
      refuse_other(pages, changes)
    end
  end
  pages:fail(("%s is nil"):format(column), "write null, or the old value")
end

local function refuse_change(pages, changes)
  for _, column in ipairs(pages.o.write) do
    if changes[column] == nil then
      refuse_missing(pages, changes, column)
    end
  end
  refuse_other(pages, changes)
end

local function refuse_reject(pages)
  local cure = "max_rejects = 100 keeps so many in luamig_rejects; nil leaves the row as it is"
  if core.context().transactional then
    cure = "say transactional = false in the header, and " .. cure
  end
  pages:fail("the function rejects the row, and 'max_rejects' is missing", cure)
end

--- The function that the host calls when an answer is none: it raises.
---@param pages table
---@return fun(what: "answer"|"change"|"value"|"two"|"reject", answer: any, column: string?)
function answers.refuser(pages)
  return function(what, answer, column)
    if what == "two" then
      pages:fail("the function gives back two values",
        "one table of changes for a row; out:insert adds rows elsewhere")
    elseif what == "reject" then
      refuse_reject(pages)
    elseif what == "change" then
      refuse_change(pages, answer)
    elseif what == "value" then
      local kind = core.type(answer)
      pages:fail(("the function gives a %s for '%s'"):format(kind, column), kind == "table"
        and "json.encode(value) makes a text of it, array{…} an array"
        or "give a text, a number, a boolean, null, exact, blob or array")
    end
    refuse_answer(pages, answer)
  end
end

return answers
