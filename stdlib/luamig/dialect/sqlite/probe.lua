--- Looks whether the rows fulfil what they are about to be bound to, and says it as the database
-- would, with the cure.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local probe = {}

local function has_row(sql)
  local found = catalog.exists(sql .. " LIMIT 1")
  return found
end

local function count(sql)
  local n = catalog.list("SELECT count(*) AS n FROM (" .. sql .. ")", {}, function(row)
    return row.n
  end)
  return n[1] == 1 and "1 row" or ("%s rows"):format(tostring(n[1]))
end

local function refuse(state, sql, message, hint)
  if has_row(sql) then
    core.fail(("%s: %s in %s"):format(state.op, message, count(sql)), hint)
  end
end

--- A column that is NOT NULL from now on.
function probe.not_null(state, column)
  local name = ident.quote(column)
  local sql = ("SELECT 1 FROM %s WHERE %s IS NULL"):format(state.before.qualified, name)
  local cure = ("UPDATE %s SET %s = … WHERE %s IS NULL"):format(state.before.qualified, name, name)
  refuse(state, sql, ("NOT NULL constraint failed: %s.%s is NULL"):format(
    state.before.name, column), ("fill it first: op.execute(\"%s\")"):format(cure))
end

--- A condition that every row fulfils from now on. NULL fulfils it.
function probe.check(state, condition, name)
  local sql = ("SELECT 1 FROM %s WHERE NOT (%s)"):format(state.before.qualified, condition)
  refuse(state, sql, ("CHECK constraint failed: %s is not true"):format(name or condition),
    "mend those rows first, by op.execute")
end

--- Columns that refer to rows of another table from now on; a NULL refers to none.
function probe.foreign_key(state, columns, target, target_columns)
  local parts, joined = {}, {}
  for i, column in ipairs(columns) do
    parts[i] = ("child.%s IS NOT NULL"):format(ident.quote(column))
    joined[i] = ("parent.%s = child.%s"):format(
      ident.quote(target_columns[i]), ident.quote(column))
  end
  local sql = ("SELECT 1 FROM %s AS child WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS parent "
    .. "WHERE %s)"):format(state.before.qualified, table.concat(parts, " AND "), target,
    table.concat(joined, " AND "))
  refuse(state, sql, ("FOREIGN KEY constraint failed: %s.%s refers to no row of %s"):format(
    state.before.name, table.concat(columns, ", "), target),
    "mend or delete those rows first, by op.execute")
end

return probe
