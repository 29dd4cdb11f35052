--- op.each_batch: a temporary table of keys for each batch, and the script's own SQL.
local core = require("luamig.core")
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

local function batch_object(pages, count, first, last)
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
  return batch
end

-- How many rows there were up to `last`, the place that is reached. The table itself says where a
-- batch begins and ends: on SQLite the temporary one compares texts in its own way.
local function one_batch(o, pages, after, size)
  local last, found = pages:next_range(after, size)
  if not last then
    return 0, nil, 0
  end
  local first = pages:first_row(after, last)
  local pieces = pages:select(pages.key_list, after, nil, nil, last)
  table.insert(pieces, 1, "CREATE TEMPORARY TABLE batch AS ")
  core.execute(pieces)
  local count = table_pages.one("SELECT count(*) FROM batch")[1]
  if count > 0 then
    o.fn(batch_object(pages, count, first or last, last))
  end
  core.execute("DROP TABLE batch")
  return count, last, found
end

local DEFAULT_BATCH = 1000

local function batches_in_one(o, pages)
  local rows, after, size = 0, nil, o.batch or DEFAULT_BATCH
  local come_to = pages:progress(0)
  repeat
    local count, last, found = one_batch(o, pages, after, size)
    rows, after = rows + count, last
    come_to(rows)
  until found < size
  come_to(nil)
  return rows
end

local function batches_in_parts(o, pages)
  local state = parts.run(pages, { rows = 0 }, {
    batch = function(state, size)
      local count, last, found = one_batch(o, pages, state.last, size)
      state.rows = state.rows + count
      return last, found == size
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

--- What there is to give back where nothing was done.
---@return integer
function each_batch.nothing()
  return 0
end

return each_batch
