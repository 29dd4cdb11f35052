--- Objects of the query builder: nodes with methods. A method is declared as an operation is
-- (arguments.lua), with `act(self, read)`, and is called with a colon.
local arguments = require("luamig.arguments")
local core = require("luamig.core")
local node = require("luamig.node")
local strict = require("luamig.strict")

local object = {}

local function method(kind, owner, definition)
  return function(self, ...)
    if node.of(self) ~= kind then
      core.fail(("%s.%s(…) is called with a colon: %s:%s(…)"):format(
        owner, definition.name, owner, definition.name))
    end
    local read = arguments.read(definition, select("#", ...), { ... })
    local made = definition.act(self, read)
    return made
  end
end

local function refuse_arithmetic()
  core.fail("a column of a query is no number", 'write sql.raw("price + 1")')
end

--- The metatable of the nodes of one kind. `habits`: what is written here in the place of a word
-- that other builders have.
---@param kind string
---@param owner string what messages call such an object
---@param list table[] its methods; each becomes a declaration with this owner's label
---@param habits table<string, string>?
---@return table
function object.class(kind, owner, list, habits)
  local methods, known = {}, {}
  for i, shared in ipairs(list) do
    local definition = setmetatable({ label = owner .. ":" .. shared.name }, { __index = shared })
    list[i] = arguments.define(definition)
    methods[definition.name] = method(kind, owner, definition)
    known[i] = definition.name
  end
  return {
    __index = function(_, word)
      if methods[word] then
        return methods[word]
      end
      local habit = habits and habits[word]
      core.fail(("unknown name '%s:%s'%s"):format(owner, tostring(word),
        habit and "" or strict.did_you_mean(word, known)), habit)
    end,
    __newindex = function(_, word)
      core.fail(("a %s is read-only: .%s = …"):format(owner, tostring(word)))
    end,
    __add = refuse_arithmetic,
    __sub = refuse_arithmetic,
    __mul = refuse_arithmetic,
    __div = refuse_arithmetic,
    __concat = refuse_arithmetic,
    __metatable = false,
  }
end

--- A node of this kind with these fields and methods. A field that may be missing belongs into a
-- table of the node's own: asking the node for it is the author's error.
---@param class table
---@param kind string
---@param fields table
---@return table
function object.new(class, kind, fields)
  local made = setmetatable(node.new(kind, fields), class)
  return made
end

return object
