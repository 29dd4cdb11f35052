--- op.backfill with a function: every row of a table is shown to it, in the order of the key, and
-- what it gives back is gathered and written.
local core = require("luamig.core")
local gathering = require("luamig.data.gathering")
local ident = require("luamig.dialect.ident")
local parts = require("luamig.data.parts")
local table_pages = require("luamig.data.table_pages")

local row_pass = {}

-- What the query names: the key first, then what is to be read.
local function list_of(pages)
  local o, parts_of_list, has = pages.o, {}, {}
  local function add(name, text)
    if has[name] then
      return has[name]
    end
    has[name] = text
    parts_of_list[#parts_of_list + 1] = text
  end
  for _, name in ipairs(pages.key) do
    add(name, pages.name .. "." .. ident.quote(name))
  end
  for _, name in ipairs(o.read.columns) do
    pages:require_column(name, "read")
    add(name, pages.name .. "." .. ident.quote(name))
  end
  for _, one in ipairs(o.read.expressions) do
    if add(one.name, ("(%s\n) AS %s"):format(one.text, ident.quote(one.name))) then
      pages:fail(("'read' has '%s' twice"):format(one.name), "name the expression otherwise")
    end
  end
  return table.concat(parts_of_list, ", ")
end

local function has_window(o)
  for _, one in ipairs(o.read.expressions) do
    if one.text:lower():find("%f[%w_]over%s*%f[%w_(\"]") then
      return one.name
    end
  end
end

local function check_write(pages, in_parts)
  local o = pages.o
  local is_key = {}
  for _, name in ipairs(pages.key) do
    is_key[name] = true
  end
  for _, name in ipairs(o.write or {}) do
    pages:require_column(name, "write")
    if is_key[name] then
      pages:fail(("'write' names '%s', which is of the key"):format(name),
        "rows are found by their key; change it by op.execute")
    end
  end
  local window = in_parts and has_window(o)
  if window then
    pages:fail(("'%s' looks at other rows by OVER, and a batch has not all of them"):format(window),
      "read it by a subquery: (SELECT … FROM …)")
  end
end

-- What `out` is to the function.
local function out_for(pages, gathered)
  local out = {}
  local function insert(self, name, row)
    if not rawequal(self, out) then
      pages:fail("out.insert(…) is called with a colon: out:insert(table, row)")
    elseif type(name) ~= "string" then
      pages:fail(("out:insert takes the name of a table, got a %s"):format(core.type(name)))
    elseif name == pages.o.table then
      pages:fail("out:insert into the table itself: the pass might meet the new rows",
        "gather them in another table, or insert them afterwards")
    end
    gathered:insert(name, row)
  end
  return setmetatable(out, {
    __index = function(_, word)
      if word == "insert" then
        return insert
      end
      pages:fail(("unknown name 'out:%s'"):format(tostring(word)), "out:insert(table, row)")
    end,
    __newindex = function(_, word)
      pages:fail(("out is read-only: out.%s = …"):format(tostring(word)))
    end,
    __metatable = false,
  })
end

local function refuse_answer(pages, answer, why)
  if core.is_row(answer) then
    pages:fail("the function gives back the row itself", "return the change: { name = … }")
  elseif answer == "reject" then
    pages:fail(("the function rejects the row%s, and there is nowhere to put it yet"):format(
      why and ": " .. tostring(why) or ""), "return nil to leave it, or raise an error")
  elseif type(answer) == "table" then
    pages:fail("the function gives back changes, and 'write' is missing", 'write = { "name", … }')
  end
  pages:fail(("the function gives back %s"):format(type(answer) == "string"
    and ('"%s"'):format(answer) or "a " .. core.type(answer)),
    'a table of changes, nil to leave the row, or "delete"')
end

local function take_answer(pages, gathered, row, answer, why)
  if why ~= nil and answer ~= "reject" then
    pages:fail("the function gives back two values",
      "one table of changes for a row; out:insert adds rows elsewhere")
  elseif type(answer) == "table" and gathered.changes and not core.is_row(answer) then
    gathered:change(row, answer)
  elseif answer == "delete" then
    gathered:remove(row)
  elseif answer then
    refuse_answer(pages, answer, why)
  end
end

-- Shows every row of a query to the function. Returns how many, and the key of the last.
local function go_through(pages, gathered, pieces)
  local o, fn, key = pages.o, pages.o.fn, #pages.key
  local out = out_for(pages, gathered)
  local cursor = core.open(pieces, nil, nil, true)
  local count, last = 0, nil
  cursor:name(o.table, key)
  for row in cursor.next, cursor do
    count, last = count + 1, row
    take_answer(pages, gathered, row, fn(row, out))
    if gathered:is_full() then
      cursor:name()
      gathered:write()
      cursor:name(o.table, key)
    end
  end
  cursor:name()
  cursor:close()
  gathered:write()
  return count, last and pages:key_of(last)
end

-- Whether a row is read the same before and after others have been changed.
local function is_independent(o)
  local texts = { o.where or "" }
  for _, one in ipairs(o.read.expressions) do
    texts[#texts + 1] = one.text
  end
  return not table.concat(texts, "\n"):lower():find("%f[%w_]select%f[^%w_]") and not has_window(o)
end

local PAGE = 10000

-- Where an open query stands in the way of writes, it is read page by page if it may be; else the
-- session puts the rest of it aside.
local function rows_in_one(pages, list, lock)
  local counts = parts.no_counts()
  local gathered = gathering.of(pages, counts)
  local most = pages.words.pages and is_independent(pages.o) and PAGE or nil
  local count, last
  repeat
    count, last = go_through(pages, gathered, pages:select(list, last, most, lock))
    counts.read = counts.read + count
  until not most or count < most
  gathered:move_sequences()
  return counts
end

local function rows_in_parts(pages, list, lock)
  local gathered = gathering.of(pages)
  local state = parts.run(pages.o, { counts = parts.no_counts() }, function(state, size)
    gathered.counts = state.counts
    local count, last = go_through(pages, gathered, pages:select(list, state.last, size, lock))
    gathered:move_sequences()
    state.counts.read = state.counts.read + count
    return count, last
  end)
  return state.counts
end

--- The counts of the whole pass.
---@param o table the operation
---@param in_parts boolean whether it is a durable step
---@return table<string, integer>
function row_pass.run(o, in_parts)
  local pages = table_pages.of(o)
  pages:find_key()
  check_write(pages, in_parts)
  local list = list_of(pages)
  local lock = has_window(o) and "" or pages.words.lock(pages.name)
  local counts = (in_parts and rows_in_parts or rows_in_one)(pages, list, lock)
  return counts
end

return row_pass
