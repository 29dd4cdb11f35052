--- Values as the shell shows them: rows as a table, tables as Lua spells them. No metamethod of a
-- script's is called, and nothing gets long.

local core = require("luamig.core")
local plural = require("luamig.plural")
local results = require("luamig.shell.results")
local words = require("luamig.environment.words")

local shown = {}

local MOST_ROWS = 100
local MOST_ITEMS = 50
local MOST_DEPTH = 4
local WIDEST_CELL = 60
local WIDEST_LINE = 90
local LONGEST_TEXT = 2000

-- How many characters; a byte that is none counts as the one before.
local function width(text)
  local _, inside = text:gsub("[\128-\191]", "")
  return #text - inside
end

local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function clean(text)
  return (text:gsub("[%z\1-\31\127]", function(c)
    return escapes[c] or ("\\%d"):format(c:byte())
  end))
end

local function cut(text, most)
  if #text <= most then return text end
  local at, characters = 0, 0
  while at < #text and characters < most do
    local ends = text:find("[^\128-\191]", at + 2) or #text + 1
    at, characters = ends - 1, characters + 1
  end
  return at < #text and text:sub(1, at) .. "…" or text
end

local function quoted(text)
  local kept = cut(text, LONGEST_TEXT)
  return '"' .. clean(kept:gsub('[\\"]', "\\%0")) .. '"'
end

local function blob(value)
  local bytes = tostring(value)
  local hex = bytes:sub(1, 16):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
  return ("blob, %s: %s%s"):format(plural.of(#bytes, "byte"), hex, #bytes > 16 and "…" or "")
end

local SPELLED = { number = true, boolean = true, ["nil"] = true, null = true, exact = true }

local function scalar(value)
  local kind = core.type(value)
  if kind == "string" then return quoted(value) end
  if kind == "blob" then return blob(value) end
  return SPELLED[kind] and tostring(value) or kind
end

local function is_table(value)
  local kind = core.type(value)
  return kind == "table" or kind == "array"
end

-- Names and values, in the order that they are shown in.
local function items_of(value)
  local items = {}
  if core.is_row(value) then
    for name, cell in words.pairs(value) do items[#items + 1] = { name, cell } end
    return items
  end
  local known, count = {}, core.type(value) == "array" and rawget(value, "n") or 0
  for i = 1, math.max(count, #value) do
    items[#items + 1], known[i] = { nil, rawget(value, i) }, true
    if #items > MOST_ITEMS then return items end
  end
  local names, rest = {}, {}
  for key in next, value do
    if type(key) == "string" then
      names[#names + 1] = key
    elseif not known[key] then
      rest[#rest + 1] = key
    end
  end
  table.sort(names)
  for _, key in ipairs(names) do
    if not (count > 0 and key == "n") then items[#items + 1] = { key, rawget(value, key) } end
  end
  for _, key in ipairs(rest) do items[#items + 1] = { key, rawget(value, key) } end
  return items
end

local function key_text(key)
  if type(key) ~= "string" then return "[" .. scalar(key) .. "]" end
  return key:find("^[%a_][%w_]*$") and key or "[" .. quoted(key) .. "]"
end

local function spelled(value, indent, above)
  if not is_table(value) then return scalar(value) end
  if above[value] or #indent / 2 >= MOST_DEPTH then return "{ … }" end
  above[value] = true
  local parts, length, many = {}, 0, false
  for i, item in ipairs(items_of(value)) do
    if i > MOST_ITEMS then
      parts[#parts + 1] = "…"
      break
    end
    local text = spelled(item[2], indent .. "  ", above)
    if item[1] ~= nil then text = key_text(item[1]) .. " = " .. text end
    parts[#parts + 1], length, many = text, length + width(text) + 2, many or text:find("\n")
  end
  above[value] = nil
  if #parts == 0 then return "{}" end
  if not many and #indent + length <= WIDEST_LINE then
    return "{ " .. table.concat(parts, ", ") .. " }"
  end
  return "{\n  " .. indent .. table.concat(parts, ",\n  " .. indent) .. "\n" .. indent .. "}"
end

-- Cells -------------------------------------------------------------------------------------------

local function cell(value)
  if value == nil then return "null" end
  if type(value) == "string" then return clean(cut(value, WIDEST_CELL)) end
  if is_table(value) then return clean(cut(spelled(value, "", {}), WIDEST_CELL)) end
  return cut(scalar(value), WIDEST_CELL)
end

local function is_number(value)
  local kind = core.type(value)
  return kind == "number" or kind == "exact"
end

local function grid(names, lists, count, more)
  local widths, right = {}, {}
  for i, name in ipairs(names) do
    names[i] = clean(cut(name, WIDEST_CELL))
    widths[i], right[i] = width(names[i]), #lists > 0
  end
  local rows = {}
  for n, list in ipairs(lists) do
    rows[n] = {}
    for i in ipairs(names) do
      local text = cell(list[i])
      rows[n][i], widths[i] = text, math.max(widths[i], width(text))
      right[i] = right[i] and (is_number(list[i]) or list[i] == nil or core.is_null(list[i]))
    end
  end
  local lines = {}
  local function add(parts)
    for i, part in ipairs(parts) do
      local gap = (" "):rep(widths[i] - width(part))
      parts[i] = right[i] and gap .. part or part .. gap
    end
    lines[#lines + 1] = (table.concat(parts, "  "):gsub("%s+$", ""))
  end
  local rules = {}
  for i in ipairs(names) do rules[i] = ("-"):rep(widths[i]) end
  add(names)
  add(rules)
  for _, row in ipairs(rows) do add(row) end
  lines[#lines + 1] = "(" .. plural.of(count, "row") .. (more and ", and more" or "") .. ")"
  return table.concat(lines, "\n")
end

local function row_list(row, names)
  local list = {}
  if core.is_row(row) then
    for i in ipairs(names) do list[i] = row[i] end
  else
    for i, name in ipairs(names) do list[i] = rawget(row, name) end
  end
  return list
end

-- Adds the names of a row to those that are known; false where it is no row.
local function add_names(row, names, seen)
  if not is_table(row) then return false end
  local is_row = core.is_row(row)
  local walk, state, first = next, row, nil
  if is_row then walk, state, first = words.pairs(row) end
  for name in walk, state, first do
    if type(name) ~= "string" then return false end
    if not seen[name] then names[#names + 1], seen[name] = name, true end
  end
  return true
end

-- The columns of a list of rows; nil: it is none. All are tables, with texts for keys alone.
local function columns_of(list)
  local known = results.columns_of(list)
  if known then return { unpack(known) } end
  if core.is_row(list) or #list == 0 then return nil end
  local names, seen = {}, {}
  for key, row in next, list do
    if type(key) ~= "number" or not add_names(row, names, seen) then return nil end
  end
  if #names == 0 then return nil end
  if not core.is_row(list[1]) then table.sort(names) end
  return names
end

local function list_of_rows(list)
  if not is_table(list) then return nil end
  local names = columns_of(list)
  if not names then return nil end
  local lists = {}
  for i = 1, math.min(#list, MOST_ROWS) do lists[i] = row_list(rawget(list, i), names) end
  if #list > MOST_ROWS then
    return grid(names, lists, MOST_ROWS, false):gsub("%(%d+ rows%)$",
      ("(%d of %d rows)"):format(MOST_ROWS, #list))
  end
  return grid(names, lists, #list, false)
end

-- A loop that has not begun is gone through, as far as is shown.
local function loop(value)
  local cursor = results.cursor_of(value)
  if not cursor then return nil end
  local names, lists, more = cursor:columns(), {}, false
  local row = cursor:next()
  while row do
    if #lists == MOST_ROWS then
      more = true
      break
    end
    lists[#lists + 1] = row_list(row, names)
    row = cursor:next()
  end
  cursor:close()
  return grid(names, lists, #lists, more)
end

local function one(value)
  if core.is_row(value) then
    local names = {}
    for name in words.pairs(value) do names[#names + 1] = name end
    return grid(names, { row_list(value, names) }, 1, false)
  end
  return loop(value) or list_of_rows(value) or spelled(value, "", {})
end

---The values of an entry, as text; "" for none.
---@param count integer
---@return string
function shown.results(count, ...)
  local second = count == 2 and select(2, ...)
  if second and results.cursor_of(second) then return one(second) end
  local parts = {}
  for i = 1, count do parts[i] = one((select(i, ...))) end
  return table.concat(parts, "\n")
end

return shown
