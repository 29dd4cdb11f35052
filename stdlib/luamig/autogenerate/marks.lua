--- What a thing has that no operation says, as the statements that give it back: read from the
-- database, where it stands (dialect/postgresql/shape/marks.lua), on whichever side that is.
local ident = require("luamig.dialect.ident")

local marks = {}

--- Adds them. `lists`: of templates.
---@param plan table
---@param phase string
---@param of table? the table, by the names that it has then
---@param thing table with `name`
---@param ... string[]? lists of templates
function marks.give_back(plan, phase, of, thing, ...)
  local schema = of and of.schema or thing.schema
  local names = { ["\1"] = of and ident.qualified(of.schema, of.name),
    ["\2"] = ident.quote(thing.name), ["\3"] = ident.qualified(schema, thing.name) }
  for i = 1, select("#", ...) do
    for _, template in ipairs(select(i, ...) or {}) do
      local text = template:gsub("[\1-\3]", names)
      plan:add(phase, { op = "execute", statement = { postgresql = text } })
    end
  end
end

--- What a reader should know of what uses a thing, on whichever side the database is; nil: nothing.
---@param ... table
---@return string?
function marks.in_the_way(...)
  for i = 1, select("#", ...) do
    local thing = select(i, ...)
    if thing.used_by then
      return ("fails because of %s: drop it before, and make it again after"):format(
        table.concat(thing.used_by, ", "))
    end
  end
  return nil
end

--- Two notes as one.
---@param note string?
---@param more string?
---@return string?
function marks.noted(note, more)
  return note and more and note .. "; " .. more or note or more
end

--- The same of a thing that is made: all of its own; of the one that was there, all that still fits
-- where it says the same, else its comments.
---@param is_same boolean
function marks.of_made(plan, phase, of, thing, was, is_same)
  local from = (thing.marks or thing.comments) and thing or was
  if from then
    marks.give_back(plan, phase, of, thing, (from == thing or is_same) and from.marks or nil,
      from.comments)
  end
end

return marks
