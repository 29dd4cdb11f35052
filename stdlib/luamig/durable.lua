--- The steps of a durable revision, as the stdlib sees them: what a call did before is not done
-- again, and what it gave back is given back again.
local core = require("luamig.core")
local record = require("luamig.record")

local durable = {}

local function packed(...)
  return { n = select("#", ...), ... }
end

local LOOKED_AT = 400 -- bytes: the host cuts what is left of it to its beginning

--- What people are told that a statement is: its text in one line.
---@param text any
---@return string
function durable.label(text)
  if type(text) ~= "string" then
    return "query"
  end
  local line = text:sub(1, LOOKED_AT):gsub("%s+", " "):gsub("^ ", "")
  return line
end

--- Runs `fn` as a step where the next call is one, else as it is. Gives back its first result.
---@param label string what people are told that it is
---@param asked any what it asks for: with the label, by what it is known again
---@param fn fun(): any
---@param more { reads?: boolean, block?: boolean, reverse?: table, nothing?: any }? whether it
-- changes nothing, or is the author's own block; the operation that undoes it; what it gives where
-- it is passed over (`luamig rejects retry`)
---@return any
function durable.step(label, asked, fn, more)
  if not core.takes_steps() then
    local result = fn()
    return result
  end
  more = more or {}
  local kept = core.begin_step(label, record.spelling(asked), more.reads or false,
    more.block or false)
  if kept then
    local result = record.read(kept)
    if result == nil then
      return more.nothing
    end
    return result
  end
  return core.run_step(function()
    local result = fn()
    return record.write(result), more.reverse and record.write(more.reverse) or "", result
  end)
end

--- pcall, xpcall and db:try around steps: what is called is one step, and what came of it is kept.
-- What does not reach the database is none.
---@param how "pcall"|"xpcall"|"try"
---@return boolean ok
---@return any ...
function durable.caught(how, ...)
  local kept = core.begin_step(how, record.spelling({ ... }), false, true)
  if kept then
    local list = record.read(kept) or { true, n = 1 } -- nothing: it is passed over
    return unpack(list, 1, list.n)
  end
  local arguments, count = { ... }, select("#", ...)
  local results = core.run_step(function()
    local list = packed(core[how](unpack(arguments, 1, count)))
    return core.touched() and record.write(list) or nil, "", list
  end)
  return unpack(results, 1, results.n)
end

--- A word that gives something else each time: in a durable revision it is a read, so that a script
-- which goes on after a fault sees what it saw.
---@generic F: function
---@param label string
---@param word F
---@return F
function durable.chance(label, word)
  return function(...)
    if not core.takes_steps() then
      local fresh = word(...)
      return fresh
    end
    -- What it was given is not written down: it may be a password.
    local arguments, count = { ... }, select("#", ...)
    local kept = durable.step(label, nil, function()
      return word(unpack(arguments, 1, count))
    end, { reads = true })
    return kept
  end
end

--- Performs an operation that undoes a step.
---@param text string
function durable.perform(text)
  local o = record.read(text)
  if o.op == "undo" then
    require("luamig.data.undo").undo(o)
    return
  end
  local facts = require("luamig.reflect")
  local compile, perform = require("luamig.compile"), require("luamig.perform")
  perform.statements(compile.statements(o, facts))
end

return durable
