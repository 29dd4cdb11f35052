--- `db`: the connection as a migration sees it; and what op.database gives, which is one for
-- reading.

local core = require("luamig.core")
local durable = require("luamig.durable")
local lookup = require("luamig.data.lookup")
local habits = require("luamig.environment.habits")
local node = require("luamig.node")
local query_text = require("luamig.query_text")
local results = require("luamig.shell.results")
local strict = require("luamig.strict")

local connection = {}

---@class luamig.db
---@field dialect "sqlite"|"postgresql"
local db = {}

---@alias luamig.params table<string|integer, any>
---@alias luamig.statement string|luamig.expression|luamig.query
---@alias luamig.query_options { types?: table<string, "boolean"|"text"|"exact"> }
---@alias luamig.map_options { types?: table<string, "boolean"|"text"|"exact">, key?: function }

-- The names of second databases by their views.
local names_of = setmetatable({}, { __mode = "k" })

-- How a view is called in messages.
local function said(self)
  return names_of[self] or "db"
end

---The view a method was called on, or an error that names the colon.
local function check(self, name)
  if type(self) ~= "table" or getmetatable(self) ~= false then
    core.fail("db." .. name .. "(…) is called by colon", "db:" .. name .. "(…)")
  end
end

-- What `fn` gives where it is the view's database that is asked.
local function asking(self, fn, ...)
  local name = names_of[self]
  if name then return core.within(name, fn, ...) end
  return fn(...)
end

local function open_cursor(name, query, params, opts, streaming)
  local cursor = core.open(query_text.of(query, params, "db:" .. name), params, opts, streaming)
  return cursor
end

local function open(self, name, query, params, opts, streaming)
  check(self, name)
  local cursor = asking(self, open_cursor, name, query, params, opts, streaming)
  return cursor
end

local function refuse_change(self, name)
  if not names_of[self] then return end
  core.fail(("%s:%s: a second database is only read"):format(said(self), name),
    "op and db change the database that is migrated")
end

---Runs one statement or several; the rows affected by the last.
---@param query luamig.statement
---@param params? luamig.params
---@return integer
function db:execute(query, params)
  check(self, "execute")
  refuse_change(self, "execute")
  local text = query_text.of(query, params, "db:execute")
  if text == "" and type(query) == "table" and not node.of(query) then return 0 end
  if core.takes_steps() then
    local kept = durable.step(durable.label(text), { text, params }, function()
      return core.execute(text, params)
    end, { nothing = 0 })
    return kept
  end
  local affected = core.execute(text, params)
  return affected
end

---A loop over row objects.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return fun(): luamig.row
function db:rows(query, params, opts)
  local cursor = open(self, "rows", query, params, opts, true)
  local iterator = cursor:iterator()
  results.note_loop(iterator, cursor)
  return iterator
end

---A loop over n, first column, second column, …: no table per row.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return fun(): integer, ...
function db:values(query, params, opts)
  local cursor = open(self, "values", query, params, opts, true)
  results.note_loop(cursor, cursor)
  return cursor.values, cursor
end

---The only row, or nil; an error when there are two.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return luamig.row?
function db:one(query, params, opts)
  local cursor = open(self, "one", query, params, opts, false)
  local row = cursor:next()
  local second = row and cursor:next()
  cursor:close()
  if second then
    core.fail(said(self) .. ":one found two rows",
      ("say LIMIT 1, or take all by %s:all"):format(said(self)))
  end
  return row
end

---The first column of the first row.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return any
function db:scalar(query, params, opts)
  local cursor = open(self, "scalar", query, params, opts, false)
  local _, value = cursor:values()
  cursor:close()
  return value
end

---A list of plain tables.
---@param query luamig.statement
---@param params? luamig.params
---@param opts? luamig.query_options
---@return table[]
function db:all(query, params, opts)
  local cursor = open(self, "all", query, params, opts, false)
  local list = {}
  results.note_list(list, cursor)
  for row in cursor.plain, cursor do list[#list + 1] = row end
  return list
end

---First column to second, or to the row where there are more.
---@param query luamig.statement
---@param params? luamig.params|luamig.map_options a query without parameters may leave them out
---@param opts? luamig.map_options
---@return table
function db:map(query, params, opts)
  if opts == nil and type(params) == "table" and type(rawget(params, "key")) == "function" then
    params, opts = nil, params
  end
  local key_of, rest = lookup.map_options(opts)
  local cursor = open(self, "map", query, params, rest, false)
  local map = lookup.map(cursor, said(self), key_of)
  return map
end

---A loop over key, list of rows; the query is ordered by the key.
---@param query luamig.statement
---@param params luamig.params|string a query without parameters may leave them out
---@param column? string the key
---@param opts? luamig.query_options
---@return fun(): any, luamig.row[]
function db:groups(query, params, column, opts)
  if type(params) == "string" then params, column, opts = nil, params, column end
  local cursor = open(self, "groups", query, params, opts, true)
  local groups = lookup.groups(cursor, said(self), column)
  return groups
end

---Runs `fn` in a savepoint; an error undoes it and goes on up.
---@generic T
---@param fn fun(): T
---@return T
function db:transaction(fn)
  check(self, "transaction")
  refuse_change(self, "transaction")
  if type(fn) ~= "function" then core.fail("db:transaction takes a function") end
  if core.takes_steps() then
    local result = durable.step("transaction", fn, fn, { block = true })
    return result
  end
  return core.transaction(fn)
end

---The same, caught: true and the results, or false and an error with kind, sqlstate, message …
---@param fn fun(): any
---@return boolean ok
---@return any result or the error: kind, sqlstate, message, …
function db:try(fn)
  check(self, "try")
  refuse_change(self, "try")
  if type(fn) ~= "function" then core.fail("db:try takes a function") end
  return core.try(fn)
end

---A value as an SQL literal.
---@param value any
---@return string
function db:quote(value)
  check(self, "quote")
  return asking(self, core.quote, value)
end

---A name in double quotes.
---@param name string
---@return string
function db:ident(name)
  check(self, "ident")
  return core.ident(name)
end

for _, name in ipairs({
  "tables", "has_table", "columns", "has_column", "indexes", "references_to",
}) do
  db[name] = function(self, ...)
    check(self, name)
    local arguments = { ... }
    local result = durable.step(said(self) .. ":" .. name, arguments, function()
      local answer = asking(self, require("luamig.reflect")[name], unpack(arguments))
      return answer
    end, { reads = true })
    return result
  end
end

local names = strict.sorted_keys(db)
names[#names + 1] = "dialect"

local function unknown(name)
  local habit = habits[name]
  core.fail("db has no '" .. tostring(name) .. "'" ..
    (habit and "" or strict.did_you_mean(name, names)), habit)
end

---A read-only `db`, or that of a second database, which core.database has opened.
---@param name? string
---@return luamig.db
function connection.view(name)
  local view = {}
  names_of[view] = name
  return setmetatable(view, {
    __index = function(_, word)
      local method = db[word]
      if method then return method end
      if word == "dialect" then return asking(view, core.dialect) end
      unknown(word)
    end,
    __newindex = function(_, word)
      core.fail(("%s is read-only: %s.%s = …"):format(said(view), said(view), tostring(word)))
    end,
    __metatable = false,
  })
end

return connection
