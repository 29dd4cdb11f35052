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

--- Which of two things is the database's own: on the way back the new one. Of a target that is a
-- database too nothing is taken.
---@param work table
---@param old table?
---@param new table?
---@return table?
function marks.own(work, old, new)
  if work.is_back then
    return new
  end
  return old
end

--- What a reader should know of what uses a thing; nil: nothing.
---@return string?
function marks.in_the_way(work, old, new)
  local thing = marks.own(work, old, new)
  local names = thing and thing.used_by
  return names and ("fails because of %s: drop it before, and make it again after"):format(
    table.concat(names, ", ")) or nil
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
function marks.of_made(work, plan, phase, of, thing, was, is_same)
  local from = marks.own(work, was, thing)
  if from then
    marks.give_back(plan, phase, of, thing, (from == thing or is_same) and from.marks or nil,
      from.comments)
  end
end

return marks
