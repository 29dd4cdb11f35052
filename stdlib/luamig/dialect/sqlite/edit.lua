--- Edits of the stored text of a table: each takes the parsed text (stored_table.lua) and gives the
-- new one. Every byte that is not edited stays: comments, spelling, layout.
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")

local edit = {}

-- Replaces bytes by texts. Each splice is { from, to, text }; an insertion has to = from - 1.
local function splice(text, splices)
  table.sort(splices, function(a, b)
    return a[1] > b[1] or (a[1] == b[1] and a[2] > b[2])
  end)
  for _, s in ipairs(splices) do
    text = text:sub(1, s[1] - 1) .. s[3] .. text:sub(s[2] + 1)
  end
  return text
end

-- What is to be cut so that neither doubled blanks nor an empty line stay. The newline that ends a
-- comment is never cut.
local function cut(text, from, to)
  local blanks = text:sub(1, from - 1):match("[ \t]*$")
  local start = from - #blanks
  local rest = text:match("^[ \t]*()", to + 1)
  local before, after = text:sub(start - 1, start - 1), text:sub(rest, rest)
  if before == "\n" and after == "\n" then
    return { start - 1, rest - 1, "" }
  elseif before == "\n" or before == "(" then
    return { from, rest - 1, "" }
  end
  return { start, to, "" }
end

local function byte_range(parsed, first, last)
  return parsed.tokens[first].from, parsed.tokens[last].to
end

local function sign_at(parsed, at)
  local token = parsed.tokens[at]
  return token and token.kind == "sign" and token.text or nil
end

-- Where something may be put after this byte: behind the comments of the same line.
local function after_comments(text, at)
  while true do
    local stop = text:match("^[ \t]*/%*.-%*/()", at + 1)
    if stop and not text:sub(at + 1, stop - 1):find("\n", 1, true) then
      at = stop - 1
    else
      local line_end = text:match("^[ \t]*%-%-[^\n]*()", at + 1)
      return line_end and line_end - 1 or at
    end
  end
end

-- How an item begins here: a new line indented as the first item is, or a blank.
local function item_lead(parsed)
  local first = parsed.columns[1].first
  local before = parsed.text:sub(1, parsed.tokens[first].from - 1)
  return before:match("(\n[ \t]*)$") or " "
end

-- A new item after the item that ends with token `last`, and after its comments.
local function insert_after(parsed, last, item)
  local text, stop = parsed.text, parsed.tokens[last].to
  local has_comma = sign_at(parsed, last + 1) == ","
  local from = has_comma and parsed.tokens[last + 1].to or stop
  local at = after_comments(text, from)
  local lead, tail = item_lead(parsed), has_comma and "," or ""
  -- A comment that ends with its line must hide neither the item nor what comes after it.
  if text:sub(from + 1, at):find("--", 1, true) then
    lead = lead == " " and "\n" or lead
    tail = tail .. (text:find("^[ \t]*\n", at + 1) and "" or "\n")
  end
  local splices = { { at + 1, at, lead .. item .. tail } }
  if not has_comma then
    splices[2] = { stop + 1, stop, "," }
  end
  if at == stop and not has_comma then
    splices = { { at + 1, at, "," .. lead .. item } }
  end
  return splice(text, splices)
end

--- With a column more, after the last one or beside one that is there. A column lies before the
-- constraints of the table.
---@param parsed table
---@param definition string
---@param place { before?: string, after?: string }?
---@return string
function edit.add_column(parsed, definition, place)
  if place and place.before then
    local at = parsed.tokens[stored.column(parsed, place.before).first].from
    return splice(parsed.text, { { at, at - 1, definition .. "," .. item_lead(parsed) } })
  end
  local behind = place and place.after and stored.column(parsed, place.after)
    or parsed.columns[#parsed.columns]
  return insert_after(parsed, behind.last, definition)
end

-- Cuts an item and the comma on one of its sides.
local function cut_item(parsed, first, last)
  local text = parsed.text
  local from, to = byte_range(parsed, first, last)
  if sign_at(parsed, last + 1) == "," then
    local comma = parsed.tokens[last + 1]
    -- A comment between the item and its comma stays.
    if text:find("^%s*,", to + 1) then
      return splice(text, { cut(text, from, comma.to) })
    end
    return splice(text, { { comma.from, comma.to, "" }, cut(text, from, to) })
  elseif sign_at(parsed, first - 1) == "," then
    local comma = parsed.tokens[first - 1]
    return splice(text, { cut(text, from, to), { comma.from, comma.to, "" } })
  end
  return splice(text, { cut(text, from, to) })
end

--- Without the column.
---@param parsed table
---@param column table
---@return string
function edit.drop_column(parsed, column)
  return cut_item(parsed, column.first, column.last)
end

--- With a constraint of the table more, as the last one.
---@param parsed table
---@param definition string
---@return string
function edit.add_constraint(parsed, definition)
  return insert_after(parsed, parsed.close - 1, definition)
end

--- Without the constraint, whether it stands in a column or by itself.
---@param parsed table
---@param c table
---@return string
function edit.drop_constraint(parsed, c)
  -- Between constraints of the table the comma may be missing.
  local behind = sign_at(parsed, c.last + 1)
  if not c.column and sign_at(parsed, c.first - 1) == "," and (behind == "," or behind == ")") then
    return cut_item(parsed, c.first, c.last)
  end
  return splice(parsed.text, { cut(parsed.text, byte_range(parsed, c.first, c.last)) })
end

--- The constraint under another name, or with a name where it had none.
---@param parsed table
---@param c table
---@param quoted string the new name as it stands in SQL
---@return string
function edit.name_constraint(parsed, c, quoted)
  if c.name_at then
    local from, to = byte_range(parsed, c.name_at, c.name_at)
    return splice(parsed.text, { { from, to, quoted } })
  end
  local from = parsed.tokens[c.first].from
  return splice(parsed.text, { { from, from - 1, "CONSTRAINT " .. quoted .. " " } })
end

--- The constraint without its name.
---@param parsed table
---@param c table
---@return string
function edit.unname_constraint(parsed, c)
  local from = byte_range(parsed, c.first, c.first)
  local _, to = byte_range(parsed, c.name_at, c.name_at)
  local behind = parsed.text:match("^%s*()", to + 1)
  return splice(parsed.text, { { from, behind - 1, "" } })
end

-- Behind the type of a column, or behind its name.
local function after_type(parsed, column)
  return parsed.tokens[column.type and column.type[2] or column.name_at].to
end

--- Another type. `type_text` may bring a collation along.
---@param parsed table
---@param column table
---@param type_text string
---@return string
function edit.set_type(parsed, column, type_text)
  local splices = {}
  if column.type then
    local from, to = byte_range(parsed, unpack(column.type))
    splices[1] = { from, to, type_text }
  else
    local at = after_type(parsed, column)
    splices[1] = { at + 1, at, " " .. type_text }
  end
  local collate = stored.of_column(column, "collate")
  if collate and type_text:upper():find("%f[%w]COLLATE%f[%W]") then
    splices[2] = cut(parsed.text, byte_range(parsed, collate.first, collate.last))
  end
  return splice(parsed.text, splices)
end

--- NOT NULL or not.
---@param parsed table
---@param column table
---@param nullable boolean
---@return string
function edit.set_nullable(parsed, column, nullable)
  local splices = {}
  for _, c in ipairs(column.constraints) do
    if c.kind == "null" or (c.kind == "not_null" and nullable) then
      splices[#splices + 1] = cut(parsed.text, byte_range(parsed, c.first, c.last))
    end
  end
  if not nullable and not stored.of_column(column, "not_null") then
    local at = after_type(parsed, column)
    splices[#splices + 1] = { at + 1, at, " NOT NULL" }
  end
  return splice(parsed.text, splices)
end

--- Another DEFAULT; nil: none.
---@param parsed table
---@param column table
---@param value_text string?
---@return string
function edit.set_default(parsed, column, value_text)
  local c = stored.of_column(column, "default")
  if c and value_text then
    local from, to = byte_range(parsed, c.value_first, c.last)
    return splice(parsed.text, { { from, to, value_text } })
  elseif c then
    return splice(parsed.text, { cut(parsed.text, byte_range(parsed, c.first, c.last)) })
  elseif not value_text then
    return parsed.text
  end
  local not_null = stored.of_column(column, "not_null")
  local at = not_null and parsed.tokens[not_null.last].to or after_type(parsed, column)
  return splice(parsed.text, { { at + 1, at, " DEFAULT " .. value_text } })
end

--- Adds a constraint at the end of a column.
---@param parsed table
---@param column table
---@param definition string
---@return string
function edit.add_to_column(parsed, column, definition)
  local at = parsed.tokens[column.last].to
  return splice(parsed.text, { { at + 1, at, " " .. definition } })
end

--- Without AUTOINCREMENT.
---@param parsed table
---@return string
function edit.drop_autoincrement(parsed)
  for _, token in ipairs(parsed.tokens) do
    if token.word == "AUTOINCREMENT" then
      return splice(parsed.text, { cut(parsed.text, token.from, token.to) })
    end
  end
  return parsed.text
end

--- With AUTOINCREMENT behind its primary key.
---@param parsed table
---@param key table
---@return string
function edit.add_autoincrement(parsed, key)
  local at
  if key.column then
    at = parsed.tokens[key.last].to
  else
    at = parsed.tokens[key.columns_at[1]].to
  end
  return splice(parsed.text, { { at + 1, at, " AUTOINCREMENT" } })
end

--- What stands behind the columns: STRICT, WITHOUT ROWID.
---@param parsed table
---@param is_strict boolean?
---@param without_rowid boolean?
---@return string
function edit.set_options(parsed, is_strict, without_rowid)
  local words = {}
  words[1] = is_strict and "STRICT" or nil
  words[#words + 1] = without_rowid and "WITHOUT ROWID" or nil
  local text = parsed.text:sub(1, parsed.tokens[parsed.close].to)
  return #words > 0 and text .. " " .. table.concat(words, ", ") or text
end

--- The text without the table's name before its columns: `CHECK (users.age > 0)` holds only for
-- as long as the table is called so.
---@param text string
---@param table_name string
---@return string
function edit.unqualified(text, table_name)
  local splices, read = {}, tokens.read(text)
  for i = 1, #read - 2 do
    if tokens.same(read[i].name, table_name) and read[i + 1].text == "." and read[i + 2].name then
      splices[#splices + 1] = { read[i].from, read[i + 2].from - 1, "" }
    end
  end
  return splice(text, splices)
end

return edit
