--- op.bulk_insert and op.copy_in: rows as a stream, or in statements of many rows each.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local progress = require("luamig.data.progress")
local source = require("luamig.data.source")
local strict = require("luamig.strict")
local target = require("luamig.data.target")

-- Per statement. SQLite takes 32,766 values, PostgreSQL 65,535.
local MOST_ROWS = 100
local MOST_VALUES = 30000

local function conflict_clause(o, columns)
  local conflict = o.on_conflict
  if not conflict or conflict == "error" then
    return ""
  elseif conflict == "nothing" then
    return " ON CONFLICT DO NOTHING"
  end
  local is_key, sets = strict.set(conflict.key), {}
  for _, name in ipairs(conflict.update or columns) do
    if conflict.update or not is_key[name] then
      sets[#sets + 1] = ("%s = excluded.%s"):format(ident.quote(name), ident.quote(name))
    end
  end
  return (" ON CONFLICT (%s) DO %s"):format(ident.list(conflict.key),
    #sets > 0 and "UPDATE SET " .. table.concat(sets, ", ") or "NOTHING")
end

-- "($1, $2), ($3, $4)"
local function placeholders(rows, columns)
  local groups, n = {}, 0
  for r = 1, rows do
    local group = {}
    for c = 1, columns do
      n = n + 1
      group[c] = "$" .. n
    end
    groups[r] = ("(%s)"):format(table.concat(group, ", "))
  end
  return table.concat(groups, ",\n  ")
end

local function text_of(o, columns, rows)
  return ("INSERT INTO %s (%s) VALUES\n  %s%s%s"):format(ident.qualified(o.schema, o.table),
    ident.list(columns), placeholders(rows, #columns), conflict_clause(o, columns),
    o.returning and " RETURNING " .. ident.list(o.returning) or "")
end

-- Sends one batch. Returns how many rows it inserted; those returned are added to `returned`.
local function send(o, text, values, returned)
  if not o.returning then
    local affected = core.execute(text, values)
    return affected
  end
  local cursor = core.open(text, values, nil, false)
  for row in cursor.plain, cursor do
    returned[#returned + 1] = row
  end
  return 0
end

-- The batches of an iterator: the values of all rows in one list, and how many rows.
local function batches(next_values)
  local ended = false
  return function()
    local batch, rows, most = {}, 0, MOST_ROWS
    while not ended and rows < most do
      local values = next_values()
      if values then
        rows = rows + 1
        most = math.max(1, math.min(MOST_ROWS, math.floor(MOST_VALUES / #values)))
        for _, value in ipairs(values) do
          batch[#batch + 1] = value
        end
      else
        ended = true
      end
    end
    return rows > 0 and batch or nil, rows
  end
end

-- --sql writes nothing before the last row is read: a read after a write would be refused.
local function read_first(next_batch)
  local list, i = {}, 0
  for batch, rows in next_batch do
    list[#list + 1] = { batch, rows }
  end
  return function()
    i = i + 1
    if list[i] then
      return list[i][1], list[i][2]
    end
  end
end

local function check_offline(o)
  if core.is_offline() and o.returning then
    core.fail("bulk_insert: in --sql there are no rows to return", "run it online")
  end
end

local function progress_of(o)
  return progress.of("bulk insert into " .. o.table, 0,
    type(o.rows) == "table" and #o.rows or nil)
end

-- The rows as a stream, where that does the same. Returns how many, or nil: the first is still to
-- be inserted.
local function stream(o, first, next_values, at)
  if core.is_offline() or o.returning or o.on_conflict and o.on_conflict ~= "error" then
    return nil
  end
  local into = target.find(o)
  if not (into and into:takes_stream(at.columns)) then
    return nil
  end
  local writer, values, sent = into:writer(at.columns), first, 0
  local come_to = progress_of(o)
  while values do
    writer:put_list(values, at.row)
    sent = sent + 1
    if sent % MOST_ROWS == 0 then
      come_to(sent)
    end
    values = next_values()
  end
  local count = writer:finish()
  come_to(sent)
  come_to(nil)
  return count
end

local function put_back(first, next_values)
  return function()
    local values = first
    first = nil
    if values then
      return values
    end
    local more = next_values()
    return more
  end
end

-- In statements of many rows each.
local function insert(o, next_values, at)
  local next_batch = batches(next_values)
  if core.is_offline() then
    next_batch = read_first(next_batch)
  end
  local count, returned, text, text_rows = 0, {}, nil, nil
  local sent = 0
  local come_to = progress_of(o)
  for batch, rows in next_batch do
    if rows ~= text_rows then
      text, text_rows = text_of(o, at.columns, rows), rows
    end
    count = count + send(o, text, batch, returned)
    sent = sent + rows
    come_to(sent)
  end
  come_to(nil)
  return o.returning and returned or count
end

local bulk_insert = {}

--- How many rows were inserted, or the rows of `returning`.
---@param o table the operation
---@return integer|table[]
function bulk_insert.bulk_insert(o)
  check_offline(o)
  local next_values, at = source.open(o)
  local first = next_values()
  if not first then
    return o.returning and {} or 0
  end
  local result = stream(o, first, next_values, at)
    or insert(o, put_back(first, next_values), at)
  if at.has_numbers then
    target.move_sequences(o, at.columns)
  end
  return result
end

--- How many rows were copied.
---@param o table the operation
---@return integer
function bulk_insert.copy_in(o)
  if not core.is_offline() then
    target.of(o):require_columns(o.columns, "'columns' has")
  end
  local count = bulk_insert.bulk_insert(o)
  return count
end

return bulk_insert
