--- Names in SQL text, in whatever quotes and letters they stand.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local name_in_text = {}

local function tokens_here()
  return require("luamig.dialect." .. core.dialect() .. ".tokens")
end

--- A text in which a name has become another one, in whatever quotes it stood.
---@param text string?
---@param old string
---@param new string
---@return string?
function name_in_text.replaced(text, old, new)
  if not text or not text:lower():find(old:lower(), 1, true) then
    return text
  end
  local tokens = tokens_here()
  local list, parts, at = tokens.read(text), {}, 1
  for _, token in ipairs(list) do
    local is_name = token.kind == "word" or token.kind == "quoted"
    if is_name and tokens.same(token.name, old) then
      parts[#parts + 1] = text:sub(at, token.from - 1)
      parts[#parts + 1] = ident.quote(new)
      at = token.to + 1
    end
  end
  parts[#parts + 1] = text:sub(at)
  return table.concat(parts)
end

--- Whether a text speaks of a name.
---@param text string?
---@param name string
---@return boolean
function name_in_text.mentions(text, name)
  if not text or not text:lower():find(name:lower(), 1, true) then
    return false
  end
  local tokens = tokens_here()
  for _, token in ipairs(tokens.read(text)) do
    if (token.kind == "word" or token.kind == "quoted") and tokens.same(token.name, name) then
      return true
    end
  end
  return false
end

return name_in_text
