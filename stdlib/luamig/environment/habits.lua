--- Habits that authors bring along, and what is written here: the answer to a member that a number,
-- a function, a row or `db` has not.

local core = require("luamig.core")

local habits = {
  begin = "db:transaction(function() … end)",
  commit = "the revision is one transaction, committed by luamig",
  connect = "db is the connection",
  exec = "db:execute(text)",
  query = "db:rows(query)",
  rollback = "raise an error, or use db:transaction(function() … end)",
  all = "use db:all(query) for the rows",
  fetchall = "use db:all(query) for the rows",
  fetchmany = "for row in db:rows(query) do … end",
  fetchone = "use db:one(query) for a row",
  first = "use db:one(query) for a row",
  mappings = "a row knows its columns by name: row.id",
  rowcount = "db:execute(text) returns the number of rows affected",
  scalar = "use db:scalar(query) for a value",
  scalar_one = "use db:scalar(query) for a value",
  scalars = "for n, value in db:values(query) do … end",
}

---@param value any one of the type
---@param plain string what the type is called
---@param result string what a query's function gave, where a result is expected
local function answer(value, plain, result)
  debug.setmetatable(value, {
    __index = function(_, key)
      local habit = habits[key]
      core.fail((habit and result or plain) .. " has no '" .. tostring(key) .. "'", habit)
    end,
    __metatable = false,
  })
end

answer(0, "a number", "db:execute returns the number of rows affected, which")
answer(print, "a function", "db:rows and db:values return a loop, which")

return habits
