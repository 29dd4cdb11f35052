--- Reads on through the tokens of a stored CREATE TABLE: what its parts are made of. What cannot be
-- read is an error that says where.
--
-- A reader is { list = tokens, at = the number of the next one }.
local core = require("luamig.core")

local reader = {}
reader.__index = reader

function reader:word(ahead)
  local token = self.list[self.at + (ahead or 0)]
  return token and token.word or nil
end

function reader:sign(ahead)
  local token = self.list[self.at + (ahead or 0)]
  return token and token.kind == "sign" and token.text or nil
end

function reader:fail()
  local token = self.list[self.at]
  core.fail(("SQLite's text of the table cannot be read at %s"):format(
    token and ("'%s'"):format(token.text) or "its end"),
    "change this table by op.execute")
end

--- Takes one word where it stands here; says whether it did.
function reader:take(word)
  if self:word() ~= word then
    return false
  end
  self.at = self.at + 1
  return true
end

function reader:want(word)
  if not self:take(word) then
    self:fail()
  end
end

function reader:want_sign(sign)
  if self:sign() ~= sign then
    self:fail()
  end
  self.at = self.at + 1
end

function reader:name()
  local token = self.list[self.at]
  if not token or not token.name then
    self:fail()
  end
  self.at = self.at + 1
  return token.name
end

-- "( … )": the tokens inside, as { first, last }.
function reader:parentheses()
  self:want_sign("(")
  local first, depth = self.at, 1
  while depth > 0 do
    local sign = self:sign()
    if sign == "(" then
      depth = depth + 1
    elseif sign == ")" then
      depth = depth - 1
    elseif not self.list[self.at] then
      self:fail()
    end
    self.at = self.at + 1
  end
  return { first, self.at - 2 }
end

-- "( a, b COLLATE x DESC, lower(c) )": the names, nil where an expression stands.
function reader:indexed_columns(c)
  local inner = self:parentheses()
  c.columns, c.columns_at = {}, {}
  local depth, first = 0, inner[1]
  for i = inner[1], inner[2] + 1 do
    local token = self.list[i]
    local sign = token.kind == "sign" and token.text
    depth = depth + (sign == "(" and 1 or sign == ")" and -1 or 0)
    c.autoincrement = c.autoincrement or token.word == "AUTOINCREMENT"
    if i > inner[2] or (sign == "," and depth == 0) then
      c.columns[#c.columns + 1] = self.list[first].name
      c.columns_at[#c.columns_at + 1] = first
      first = i + 1
    end
  end
end

function reader:conflict(c)
  if self:word() == "ON" and self:word(1) == "CONFLICT" then
    c.conflict = self:word(2)
    self.at = self.at + 3
  end
end

-- DEFERRABLE …, INITIALLY …, NOT DEFERRABLE …
function reader:deferral(c)
  if self:word() == "NOT" and self:word(1) == "DEFERRABLE" then
    self.at = self.at + 2
  elseif self:take("DEFERRABLE") then
    c.deferrable = true
  end
  if self:take("INITIALLY") then
    c.initially = self:word()
    self.at = self.at + 1
  end
end

function reader:action()
  local word = self:word()
  if word == "SET" or word == "NO" then
    word = word .. " " .. (self:word(1) or "")
    self.at = self.at + 1
  end
  self.at = self.at + 1
  return word
end

function reader:references(c)
  self:want("REFERENCES")
  c.target_at = self.at
  c.target = self:name()
  if self:sign() == "(" then
    local target = {}
    self:indexed_columns(target)
    c.target_columns = target.columns
  end
  while true do
    if self:take("MATCH") then
      c.match = self:word()
      self.at = self.at + 1
    elseif self:word() == "ON" and self:word(1) ~= "CONFLICT" then
      local event = self:word(1)
      self.at = self.at + 2
      c[event == "DELETE" and "ondelete" or "onupdate"] = self:action()
    else
      break
    end
  end
  self:deferral(c)
end

function reader:default_value()
  if self:sign() == "(" then
    self:parentheses()
    return
  end
  if self:sign() == "+" or self:sign() == "-" then
    self.at = self.at + 1
  end
  self.at = self.at + 1
end

--- A reader at the first token.
---@param list table[]
---@return table
function reader.new(list)
  return setmetatable({ list = list, at = 1 }, reader)
end

return reader
