--- SQLite's SQL, cut into tokens where SQLite itself cuts it. Blanks and comments are what lies
-- between two tokens.
--
-- A token is { kind, from, to, word?, name? }; `from` and `to` are bytes of the text. Kinds:
--   word       an unquoted name or keyword; `word` is its upper case, `name` as it is written
--   quoted     "name", `name` or [name]; `name` without the quotes
--   string     'text', which is a name where only a name can stand; `name` without the quotes
--   blob  number  parameter  sign
local core = require("luamig.core")

local tokens = {}

local CLOSING = { ['"'] = '"', ["`"] = "`", ["'"] = "'", ["["] = "]" }

-- Two or three characters that are one token, the longest first.
local SIGNS = { "->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "==", "!=" }

local function fail(text, at, what)
  local _, line = text:sub(1, at):gsub("\n", "")
  core.fail(("SQLite's text of the table ends inside %s that begins in its line %d"):format(
    what, line + 1))
end

-- The end of a comment that begins here, or nil. One that is never closed ends with the text.
local function comment_end(text, at)
  if text:find("^%-%-", at) then
    return (text:find("\n", at, true) or #text + 1) - 1
  elseif text:find("^/%*.", at) then
    local _, stop = text:find("*/", at + 2, true)
    return stop or #text
  end
  return nil
end

--- The first byte from `at` on that is neither blank nor comment; #text + 1 at the end.
---@param text string
---@param at integer
---@return integer
function tokens.skip(text, at)
  while true do
    at = text:find("[^ \t\n\f\r]", at) or #text + 1
    local stop = comment_end(text, at)
    if not stop then
      return at
    end
    at = stop + 1
  end
end

-- Between quotes the closing one is written twice; a bracket cannot be.
local function read_quoted(text, at)
  local open = text:sub(at, at)
  local close = CLOSING[open]
  local stop = at
  repeat
    stop = text:find(close, stop + 1, true)
    if not stop then
      fail(text, at, "a name or a text")
    end
    local twice = open ~= "[" and text:sub(stop + 1, stop + 1) == close
    stop = twice and stop + 1 or stop
  until not twice
  local inner = text:sub(at + 1, stop - 1)
  if open ~= "[" then
    inner = inner:gsub(close .. close, close)
  end
  return { kind = open == "'" and "string" or "quoted", from = at, to = stop, name = inner }
end

local function read_number(text, at)
  local _, stop = text:find("^0[xX]%x+", at)
  if not stop then
    _, stop = text:find("^%d*%.?%d*", at)
    local _, exponent = text:find("^[eE][%+%-]?%d+", stop + 1)
    stop = exponent or stop
  end
  -- What follows without a blank belongs to it, as SQLite sees it.
  local _, rest = text:find("^[%w_$\128-\255]+", stop + 1)
  return { kind = "number", from = at, to = rest or stop }
end

local function read_sign(text, at)
  for _, sign in ipairs(SIGNS) do
    if text:sub(at, at + #sign - 1) == sign then
      return { kind = "sign", from = at, to = at + #sign - 1 }
    end
  end
  return { kind = "sign", from = at, to = at }
end

local function read_token(text, at)
  if text:find("^[xX]'", at) then
    local quoted = read_quoted(text, at + 1)
    return { kind = "blob", from = at, to = quoted.to }
  elseif CLOSING[text:sub(at, at)] then
    return read_quoted(text, at)
  elseif text:find("^[%a_\128-\255]", at) then
    local _, stop = text:find("^[%w_$\128-\255]+", at)
    local name = text:sub(at, stop)
    return { kind = "word", from = at, to = stop, word = name:upper(), name = name }
  elseif text:find("^%.?%d", at) then
    return read_number(text, at)
  end
  local _, stop = text:find("^[?:@$#][%w_$:\128-\255]*", at)
  if stop then
    return { kind = "parameter", from = at, to = stop }
  end
  return read_sign(text, at)
end

--- The tokens of a text.
---@param text string
---@return table[]
function tokens.read(text)
  local list = {}
  local at = tokens.skip(text, 1)
  while at <= #text do
    local token = read_token(text, at)
    token.text = text:sub(token.from, token.to)
    list[#list + 1] = token
    at = tokens.skip(text, token.to + 1)
  end
  return list
end

--- Whether two names are one to SQLite: the case of ASCII letters does not count.
---@param a string?
---@param b string?
---@return boolean
function tokens.same(a, b)
  return a ~= nil and b ~= nil and a:lower() == b:lower()
end

--- Whether one of the tokens is this name, written in whatever way.
---@param list table[]
---@param name string
---@param first integer?
---@param last integer?
---@return boolean
function tokens.mention(list, name, first, last)
  for i = first or 1, last or #list do
    if tokens.same(list[i].name, name) then
      return true
    end
  end
  return false
end

return tokens
