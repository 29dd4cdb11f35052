--- PostgreSQL's SQL, cut into tokens where PostgreSQL cuts it. Blanks and comments are what lies
-- between two tokens.
--
-- A token is { kind, from, to, text, name? }; `from` and `to` are bytes of the text. Kinds:
--   word       an unquoted name or keyword; `name` in small letters, as PostgreSQL takes it
--   quoted     "name"; `name` without the quotes
--   string     a text in whatever quotes
--   number  parameter  sign
local tokens = {}

-- Comments hold comments.
local function comment_end(text, at)
  if text:find("^%-%-", at) then
    return (text:find("\n", at, true) or #text + 1) - 1
  elseif not text:find("^/%*", at) then
    return nil
  end
  local depth, stop = 1, at + 2
  while depth > 0 and stop <= #text do
    local sign = text:sub(stop, stop + 1)
    depth = depth + (sign == "/*" and 1 or sign == "*/" and -1 or 0)
    stop = stop + ((sign == "/*" or sign == "*/") and 2 or 1)
  end
  return stop - 1
end

local function skip(text, at)
  while true do
    at = text:find("%S", at) or #text + 1
    local stop = comment_end(text, at)
    if not stop then
      return at
    end
    at = stop + 1
  end
end

-- The closing quote of what begins at `at`; where none is, the end of the text.
local function quoted_end(text, at, has_escapes)
  local quote, stop = text:sub(at, at), at + 1
  while stop <= #text do
    local c = text:sub(stop, stop)
    if c == "\\" and has_escapes then
      stop = stop + 2
    elseif c ~= quote then
      stop = stop + 1
    elseif text:sub(stop + 1, stop + 1) == quote then
      stop = stop + 2
    else
      return stop
    end
  end
  return #text
end

-- $$ … $$ and $tag$ … $tag$.
local function dollar_end(text, at)
  local tag = text:match("^%$[%a_\128-\255]?[%w_\128-\255]*%$", at)
  if not tag then
    return nil
  end
  local _, stop = text:find(tag, at + #tag, true)
  return stop or #text
end

local function read_token(text, at)
  local prefix = text:match("^[eEbBxXnN]'", at)
  if prefix then
    return { kind = "string", to = quoted_end(text, at + 1, prefix:lower() == "e'") }
  elseif text:find("^'", at) then
    return { kind = "string", to = quoted_end(text, at) }
  elseif text:find('^"', at) then
    local stop = quoted_end(text, at)
    return { kind = "quoted", to = stop, name = text:sub(at + 1, stop - 1):gsub('""', '"') }
  elseif dollar_end(text, at) then
    return { kind = "string", to = dollar_end(text, at) }
  elseif text:find("^[%a_\128-\255]", at) then
    local _, stop = text:find("^[%w_$\128-\255]+", at)
    return { kind = "word", to = stop, name = text:sub(at, stop):lower() }
  elseif text:find("^%.?%d", at) then
    local _, stop = text:find("^[%w_%.]+", at)
    return { kind = "number", to = stop }
  end
  local _, stop = text:find("^%$%d+", at)
  return stop and { kind = "parameter", to = stop } or { kind = "sign", to = at }
end

--- The tokens of a text.
---@param text string
---@return table[]
function tokens.read(text)
  local list = {}
  local at = skip(text, 1)
  while at <= #text do
    local token = read_token(text, at)
    token.from, token.text = at, text:sub(at, token.to)
    list[#list + 1] = token
    at = skip(text, token.to + 1)
  end
  return list
end

--- Whether two names are one.
---@param a string?
---@param b string?
---@return boolean
function tokens.same(a, b)
  return a ~= nil and a == b
end

return tokens
