--- Indexes and views, of the texts that SQLite keeps of them.
local shape = require("luamig.autogenerate.shape")
local tokens = require("luamig.dialect.sqlite.tokens")

local objects = {}

-- Each part of "( a, lower(b) DESC )" that begins at token `at`: its tokens. Returns the parts and
-- the token behind them.
local function parenthesised(list, at)
  local parts, depth, first = {}, 0, at + 1
  repeat
    local sign = list[at].kind == "sign" and list[at].text
    depth = depth + (sign == "(" and 1 or sign == ")" and -1 or 0)
    if depth == 0 or depth == 1 and sign == "," then
      parts[#parts + 1] = { first, at - 1 }
      first = at + 1
    end
    at = at + 1
  until depth == 0
  return parts, at
end

local function find_word(list, word, from)
  for i = from, #list do
    if list[i].word == word then
      return i
    end
  end
  return nil
end

local function text_between(sql, list, first, last)
  return sql:sub(list[first].from, list[last].to)
end

--- The index of an object of the schema.
---@param object table { name, sql }
---@return table
function objects.index(object)
  local list = tokens.read(object.sql)
  local index = { name = object.name, unique = list[2].word == "UNIQUE" or nil, columns = {} }
  local at = find_word(list, "ON", 3)
  local parts, behind = parenthesised(list, at + 2)
  for i, part in ipairs(parts) do
    local token = list[part[1]]
    local alone = part[1] == part[2] and token.name
    index.columns[i] = alone and { name = token.name }
      or { text = text_between(object.sql, list, part[1], part[2]) }
  end
  if list[behind] then
    index.where = text_between(object.sql, list, behind + 1, #list)
  end
  return index
end

--- The view of such an object.
---@param object table
---@return table
function objects.view(object)
  local list = tokens.read(object.sql)
  local view = { name = object.name, indexes = {}, uses = {} }
  local at = find_word(list, "VIEW", 1) + 2
  if list[at].text == "(" then
    local parts, behind = parenthesised(list, at)
    view.columns, at = {}, behind
    for i, part in ipairs(parts) do
      view.columns[i] = list[part[1]].name
    end
  end
  view.query = text_between(object.sql, list, at + 1, #list)
  view.tokens = list
  return view
end

--- A view uses the tables and views that its text names.
---@param into table the shape
function objects.read_uses(into)
  for _, view in shape.each(into.views) do
    local names = {}
    for _, token in ipairs(view.tokens) do
      if token.name then
        names[token.name:lower()] = true
      end
    end
    for _, things in ipairs({ into.tables, into.views }) do
      for key, thing in shape.each(things) do
        if thing ~= view and names[key:lower()] then
          view.uses[key] = true
        end
      end
    end
    view.tokens = nil
  end
end

return objects
