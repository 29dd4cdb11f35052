--- Every way by which a value goes into a table and comes out of one. A table has the columns id,
-- way and v; its row 1 was written by the server itself.
local ways = {}

--- Writes `value` in every way there is.
---@param name string the table
---@param value any
function ways.inward(name, value)
  local function insert(id, way, text, params)
    op.execute(("INSERT INTO %s (id, way, v) VALUES (%d, '%s', %s)"):format(name, id, way, text),
      params)
  end
  insert(11, "position", "$1", { value })
  insert(12, "name", ":v", { v = value })
  op.bulk_insert(name, { { id = 13, way = "bulk_insert", v = value } })
  op.bulk_insert(name, coroutine.wrap(function()
    coroutine.yield({ 14, "bulk_insert of lists", value })
    coroutine.yield({ 15, "bulk_insert of lists", value })
  end), { columns = { "id", "way", "v" } })
  op.execute(sql.table(name, { "id", "way", "v" }):insert()
    :values({ id = 16, way = "insert", v = value }))
  insert(17, "quote", db:quote(value))
  op.bulk_insert(name, { { id = 18, way = "set", v = null }, { id = 19, way = "change", v = null },
    { id = 20, way = "update", v = null } })
  op.backfill(name, { set = { v = value }, where = "id = 18" })
  op.backfill(name, { read = "way", write = "v", where = "id = 19" }, function()
    return { v = value }
  end)
  db:execute(("UPDATE %s SET v = :v WHERE id = 20"):format(name), { v = value })
  op.backfill("source", { read = "n" }, function(_, out)
    out:insert(name, { id = 21, way = "out:insert", v = value })
  end)
end

local function kind_of(value)
  return type(value) == "table" and rawget(value, "n") and "array" or type(value)
end

-- As equal as can be: 0.0 is not -0.0, and NaN is NaN.
local function same(a, b)
  if kind_of(a) ~= kind_of(b) then
    return false
  elseif kind_of(a) == "number" then
    return a ~= a and b ~= b or a == b and (a ~= 0 or 1 / a == 1 / b)
  elseif kind_of(a) == "array" then
    local equal = a.n == b.n
    for i = 1, a.n do
      equal = equal and same(a[i], b[i])
    end
    return equal
  end
  return a == b
end

local function shown(value)
  if kind_of(value) ~= "array" then
    return ("%s %s"):format(kind_of(value), tostring(value))
  end
  local items = {}
  for i = 1, value.n do
    items[i] = shown(value[i])
  end
  return ("array {%s}"):format(table.concat(items, "; "))
end

-- The value of row 1, by each way to read it.
local function read(name)
  local found = {}
  local query = ("SELECT v FROM %s WHERE id = 1"):format(name)
  for row in db:rows(query) do
    found.rows = { row.v }
    found.position = { row[1] }
    for _, value in pairs(row) do
      found.pairs = {}
      if value ~= null then found.pairs[1] = value end
    end
    found.plain = { row().v }
  end
  for _, v in db:values(query) do found.values = { v } end
  found.one = { db:one(query).v }
  found.scalar = { db:scalar(query) }
  found.all = { db:all(query)[1].v }
  found.map = { db:map(("SELECT id, v FROM %s WHERE id = 1"):format(name))[1] }
  for _, rows in db:groups(("SELECT id, v FROM %s WHERE id = 1"):format(name), "id") do
    found.groups = { rows[1].v }
  end
  op.backfill(name, { read = { "v" }, where = "id = 1" }, function(row)
    found.backfill = { row.v }
  end)
  -- SQLite keeps no type for an expression: a boolean is 0 or 1 there.
  op.backfill(name, { read = { w = "v" }, where = "id = 1" }, function(row)
    if db.dialect == "postgresql" then found.expression = { row.w } end
  end)
  return found
end

--- Reads row 1 in every way there is, compares it with `wanted`, and writes it back. What is not as
-- it should be is printed, so that one run tells all.
---@param name string the table
---@param wanted any
---@param again? function makes of what was read what it was: blob, for bytes
function ways.outward(name, wanted, again)
  local function back(id, way, params)
    db:execute(("INSERT INTO %s (id, way, v) VALUES (%d, 'back from %s', :v)"):format(name, id,
      way), params)
  end
  local id = 30
  for way, found in pairs(read(name)) do
    local value = found[1]
    if not same(value, wanted) then
      print(("WRONG %s by %s: %s, not %s"):format(name, way, shown(value), shown(wanted)))
    end
    id = id + 1
    if value == nil then
      value = null
    elseif again then
      value = again(value)
    end
    back(id, way, { v = value })
  end
  if not again then
    back(id + 1, "a row", db:one(("SELECT v FROM %s WHERE id = 1"):format(name)))
  end
end

return ways
