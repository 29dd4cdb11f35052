--- What op.without_triggers and op.keep do: something before a function, and something after it.
local assertions = require("luamig.assertions")
local core = require("luamig.core")
local reflect = require("luamig.reflect")

local around = {}

local function dialect()
  return require("luamig.dialect." .. core.dialect()).words
end

local function check_table(o)
  if core.knows_schema() then
    reflect.require_table(o.table, o.schema, o.op)
  end
end

local function emit(statements, comment)
  for _, sql in ipairs(statements) do
    core.emit(sql, comment)
  end
end

--- Runs the function in a savepoint: an error undoes all of it, the rest of the triggers as well.
function around.without_triggers(o)
  check_table(o)
  local off, on = dialect().rest_triggers(o)
  return core.transaction(function()
    emit(off, ("the triggers of %s rest"):format(o.table))
    local result = o.fn()
    emit(on, ("the triggers of %s act again"):format(o.table))
    return result
  end)
end

-- Every row of the query: its values in full, and as it is shown.
local function read_answer(o)
  local cursor = core.open(o.query, o.params, nil, true)
  local columns, rows = cursor:columns(), {}
  local function take(n, ...)
    if n then
      local values = {}
      for i = 1, #columns do
        values[i] = core.quote((select(i, ...)))
      end
      rows[n] = { key = table.concat(values, ","), text = assertions.show_row(columns, ...) }
    end
    return n ~= nil
  end
  repeat until not take(cursor:values())
  cursor:close()
  return rows
end

-- The rows of `some` that `others` has not, or not as often.
local function missing(some, others)
  local left, list = {}, {}
  for _, row in ipairs(others) do
    left[row.key] = (left[row.key] or 0) + 1
  end
  for _, row in ipairs(some) do
    left[row.key] = (left[row.key] or 0) - 1
    if left[row.key] < 0 then
      list[#list + 1] = row.text
    end
  end
  return list
end

local SHOWN = 3

local function compare(before, after)
  local gone, new = missing(before, after), missing(after, before)
  if #gone + #new > 0 then
    local lines = { "keep: the query answers otherwise than before" }
    for i = 1, math.min(SHOWN, math.max(#gone, #new)) do
      lines[#lines + 1] = gone[i] and "  before  " .. gone[i]
      lines[#lines + 1] = new[i] and "  after   " .. new[i]
    end
    core.fail(table.concat(lines, "\n"))
  end
end

local nested = 0

-- The answer is kept in a temporary table, and the script ends where the rows differ.
local function keep_in_text(o)
  local query = o.query:gsub("[%s;]+$", "")
  nested = nested + 1
  local name = ("luamig_keep_%d"):format(nested)
  core.execute(("CREATE TEMPORARY TABLE %s AS\n%s"):format(name, query), o.params)
  local result = o.fn()
  core.execute(("SELECT CASE WHEN n > 0 THEN %s END FROM (SELECT count(*) AS n FROM (\n%s\n) AS "
    .. "differing) AS counted"):format(dialect().abort(core.quote("keep failed, rows: ")),
    dialect().differing(name, query)), o.params)
  core.execute("DROP TABLE " .. name)
  nested = nested - 1
  return result
end

function around.keep(o)
  core.check_query(o.query, o.params)
  if core.is_offline() then
    return keep_in_text(o)
  end
  local before = read_answer(o)
  local result = o.fn()
  compare(before, read_answer(o))
  return result
end

return around
