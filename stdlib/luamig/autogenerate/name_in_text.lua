--- The names of columns in SQL text, in whatever quotes and letters they stand.
local column_names = require("luamig.dialect.sqlite.column_names")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local name_in_text = {}

local function tokens_here()
  return require("luamig.dialect." .. core.dialect() .. ".tokens")
end

-- PostgreSQL writes its texts itself: a name before a parenthesis is a function's, and behind ::
-- stands a type.
local function in_postgresql(list)
  local found = {}
  for i, token in ipairs(list) do
    local is_name = token.kind == "word" or token.kind == "quoted"
    local before, behind = list[i - 1], list[i + 1]
    if is_name and not (behind and behind.text == "(") and not (before and before.text == ":") then
      found[#found + 1] = i
    end
  end
  return found
end

-- The tokens that are this name.
local function places(text, name)
  if not text:lower():find(name:lower(), 1, true) then
    return {}
  end
  local tokens, found = tokens_here(), {}
  local list = tokens.read(text)
  local names = core.dialect() == "sqlite" and column_names.positions(list, 1, #list)
    or in_postgresql(list)
  for _, at in ipairs(names) do
    found[#found + 1] = tokens.same(list[at].name, name) and list[at] or nil
  end
  return found
end

--- A text in which a name has become another one, in whatever quotes it stood.
---@param text string?
---@param old string
---@param new string
---@return string?
function name_in_text.replaced(text, old, new)
  local parts, at = {}, 1
  for _, token in ipairs(text and places(text, old) or {}) do
    parts[#parts + 1] = text:sub(at, token.from - 1)
    parts[#parts + 1] = ident.quote(new)
    at = token.to + 1
  end
  return text and table.concat(parts) .. text:sub(at)
end

--- Whether a text speaks of a name.
---@param text string?
---@param name string
---@return boolean
function name_in_text.mentions(text, name)
  return text ~= nil and #places(text, name) > 0
end

return name_in_text
