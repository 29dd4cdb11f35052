--- Nodes: the plain tables that the words of `sql` make. The field `node` says what one is
-- ("column", "type", "raw", "unique", …).
local node = {}

-- `sql.text` is a value and can be called. What a migration holds is an empty table that stands for
-- the node here, so that no script changes the word for the next one.
local words = setmetatable({}, { __mode = "k" })

local function read_only()
  error("a word of sql is read-only", 2)
end

--- A node of this kind with these fields.
---@param kind string
---@param fields table
---@return table
function node.new(kind, fields)
  fields.node = kind
  return fields
end

--- What kind of node a value is, or nil when it is none.
---@param value any
---@return string?
function node.of(value)
  if type(value) ~= "table" then
    return nil
  end
  local meant = words[value]
  return meant and meant.node or rawget(value, "node")
end

--- A word that stands for `meant` as it is, and for `call(...)` when it is called.
---@param meant table
---@param call fun(...): table
---@return table
function node.word(meant, call)
  local word = setmetatable({}, {
    __call = function(_, ...)
      return call(...)
    end,
    __newindex = read_only,
    __metatable = false,
  })
  words[word] = meant
  return word
end

--- The node itself: a word becomes a node of its own, anything else is given back.
---@param value any
---@return any
function node.resolve(value)
  local meant = words[value]
  if not meant then
    return value
  end
  local copy = {}
  for key, field in pairs(meant) do
    copy[key] = field
  end
  return copy
end

return node
