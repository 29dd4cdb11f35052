--- Which names in an expression are those of columns: not its functions, types, collations and
-- qualifiers, not its texts, and not its own words.
--
-- Two operands never stand side by side, which tells an operator from a column of the same name.
local tokens = require("luamig.dialect.sqlite.tokens")

local column_names = {}

local function set_of(text)
  local set = {}
  for word in text:gmatch("%S+") do
    set[word] = true
  end
  return set
end

-- A column of such a name stands in quotes.
local RESERVED = set_of([[AND AS BETWEEN CASE COLLATE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP
  DEFAULT DISTINCT ELSE ESCAPE EXISTS FROM IN IS ISNULL NOT NOTNULL NULL ON OR SELECT THEN WHEN
  WHERE]])

-- The words after which what came before is still a whole operand.
local CLOSING = set_of("ISNULL NOTNULL NULL END ASC DESC FIRST LAST")

-- The ")" that closes what is open at a token.
local function closing(list, at)
  local depth = 0
  while list[at] do
    local sign = list[at].kind == "sign" and list[at].text
    depth = depth + (sign == "(" and 1 or sign == ")" and -1 or 0)
    if depth < 0 then
      return at
    end
    at = at + 1
  end
  return at
end

-- In the list of an index a text alone is a name: ('a', 'b' DESC).
local function is_listed(list, at, depth)
  local before, behind = list[at - 1], list[at + 1]
  local ends = behind and (behind.text == "," or behind.text == ")" or behind.word == "COLLATE"
    or behind.word == "ASC" or behind.word == "DESC")
  return depth == 1 and before and (before.text == "(" or before.text == ",") and ends
end

--- The numbers of the tokens that are names of columns, in their order.
---@param list table[] tokens
---@param first integer
---@param last integer
---@param in_index boolean?
---@return integer[]
function column_names.positions(list, first, last, in_index)
  local found, at, depth, after_operand = {}, first, 0, false
  while at <= last do
    local token, behind = list[at], list[at + 1]
    local sign = token.kind == "sign" and token.text
    local is_name = token.kind == "quoted" or token.kind == "word"
    local is_qualifier = is_name and (behind and at < last and behind.kind == "sign"
      and (behind.text == "(" or behind.text == "."))
    depth = depth + (sign == "(" and 1 or sign == ")" and -1 or 0)
    if sign then
      after_operand = sign == ")"
    elseif token.word == "COLLATE" then
      at, after_operand = at + 1, true
    elseif token.word == "AS" then
      at, after_operand = closing(list, at + 1) - 1, true  -- the type of CAST (x AS type)
    elseif token.word and (after_operand or RESERVED[token.word]) then
      after_operand = CLOSING[token.word] or false
    elseif is_name then
      found[#found + 1] = not is_qualifier and at or nil
      after_operand = not is_qualifier
    else
      found[#found + 1] = in_index and token.kind == "string" and is_listed(list, at, depth) and at
        or nil
      after_operand = true
    end
    at = at + 1
  end
  return found
end

local function holds(list, name, found)
  for _, at in ipairs(found) do
    if tokens.same(list[at].name, name) then
      return true
    end
  end
  return false
end

--- Whether an expression reads this column, in whatever way its name is written.
---@param list table[] tokens
---@param name string
---@param first integer?
---@param last integer?
---@return boolean
function column_names.mention(list, name, first, last)
  return holds(list, name, column_names.positions(list, first or 1, last or #list))
end

--- Whether an index reads it, in its list or its WHERE. `open`: the token of its "(".
---@param list table[]
---@param name string
---@param open integer
---@return boolean
function column_names.in_index(list, name, open)
  return holds(list, name, column_names.positions(list, open, #list, true))
end

--- Whether the list of a key reads it that begins with this token.
---@param list table[]
---@param name string
---@param first integer
---@return boolean
function column_names.in_list(list, name, first)
  return holds(list, name, column_names.positions(list, first, closing(list, first) - 1))
end

return column_names
