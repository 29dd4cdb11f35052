--- op.each_batch: a temporary table of keys for each batch, and the script's own SQL.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local parts = require("luamig.data.parts")
local table_pages = require("luamig.data.table_pages")

local each_batch = {}

-- The keys as the script sees them: the value of a single column, else a table by name.
local function shown_key(pages, row, from)
  if #pages.key == 1 then
    return row[from]
  end
  local key = {}
  for i, name in ipairs(pages.key) do
    key[name] = row[from + i - 1]
  end
  return key
end

local function edge(pages, direction)
  local parts_of_order = {}
  for i, name in ipairs(pages.key) do
    parts_of_order[i] = ident.quote(name) .. direction
  end
  local cursor = core.open(("SELECT %s FROM batch ORDER BY %s LIMIT 1"):format(pages.key_list,
    table.concat(parts_of_order, ", ")), nil, nil, false)
  local row = cursor:next()
  cursor:close()
  return row
end

local function batch_object(pages, count)
  local first, last = edge(pages, ""), edge(pages, " DESC")
  local batch = {
    count = count,
    first = shown_key(pages, first, 1),
    last = shown_key(pages, last, 1),
  }
  function batch.execute(self, sql, params)
    if self ~= batch then
      pages:fail("batch.execute(…) is called with a colon: batch:execute(sql, params)")
    end
    local affected = core.execute(sql, params)
    return affected
  end
  return batch, pages:key_of(last)
end

local function one_batch(o, pages, after, size)
  local pieces = pages:select(pages.key_list, after, size)
  table.insert(pieces, 1, "CREATE TEMPORARY TABLE batch AS ")
  core.execute(pieces)
  local cursor = core.open("SELECT count(*) FROM batch", nil, nil, false)
  local count = cursor:next()[1]
  cursor:close()
  local last
  if count > 0 then
    local batch
    batch, last = batch_object(pages, count)
    o.fn(batch)
  end
  core.execute("DROP TABLE batch")
  return count, last
end

local DEFAULT_BATCH = 1000

local function batches_in_one(o, pages)
  local rows, after = 0, nil
  local come_to = pages:progress(0)
  repeat
    local count, last = one_batch(o, pages, after, o.batch or DEFAULT_BATCH)
    rows, after = rows + count, last
    come_to(rows)
  until count < (o.batch or DEFAULT_BATCH)
  come_to(nil)
  return rows
end

local function batches_in_parts(o, pages)
  local state = parts.run(pages, { rows = 0 }, {
    batch = function(state, size)
      local count, last = one_batch(o, pages, state.last, size)
      state.rows = state.rows + count
      return last, count == size
    end,
  })
  return state.rows
end

--- How many rows there were.
---@param o table the operation
---@param in_parts boolean whether it is a durable step
---@return integer
function each_batch.run(o, in_parts)
  local pages = table_pages.of(o)
  pages:find_key()
  local rows = (in_parts and batches_in_parts or batches_in_one)(o, pages)
  return rows
end

return each_batch
