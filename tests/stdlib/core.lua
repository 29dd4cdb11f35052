--- luamig.core for the specs: it keeps what is sent to it. A spec sets `dialect`, `offline`,
-- `transactional` and `answer` (a query's rows) on `core.now`.
local core = {}

core.null = newproxy(true)
getmetatable(core.null).__tostring = function()
  return "null"
end

--- What the present spec has set, and what was sent.
core.now = {}

function core.reset()
  core.now = {
    dialect = "sqlite",
    offline = false,
    sent = {},
    logged = {},
    answer = function()
      return {}
    end,
  }
end

function core.fail(message, hint)
  error({ message = message, hint = hint }, 0)
end

function core.dialect()
  return core.now.dialect
end

function core.database() end

function core.within(_, fn, ...)
  return fn(...)
end

function core.names_operations()
  return false
end

function core.is_offline()
  return core.now.offline
end

function core.context()
  return { revision = "ab12", dialect = core.now.dialect, transactional = core.now.transactional }
end

-- Each spec stands for a migration of its own.
function core.current_environment()
  return core.now
end

function core.is_null(value)
  return rawequal(value, core.null)
end

function core.is_row()
  return false
end

-- No row is lazy here.
function core.whole(value)
  return value
end

core.pcall, core.xpcall = pcall, xpcall

function core.transaction(fn)
  return fn()
end

function core.takes_steps()
  return core.now.durable or false
end

function core.begin_step() end

function core.touched()
  return true
end

function core.run_step(fn)
  local _, _, result = fn()
  return result
end

function core.part_of_step()
  return core.now.part
end

function core.keep_part(part)
  core.now.part = part
end

core.try, core.try_part = pcall, pcall

function core.control()
  return false
end

function core.undo_part() end

function core.crew_ends()
  return false
end

function core.captured_change() end

core.captured_stream = core.captured_change

function core.random(n)
  return ("\0"):rep(n)
end

function core.shown(value)
  return core.quote(value)
end

function core.error(fields)
  return fields
end

function core.worked(...)
  core.now.worked = { ... }
end

function core.source_of()
  return nil
end

function core.captured_assignment()
  return nil
end

function core.clock()
  return 0
end

function core.sleep() end

function core.begun_before()
  return core.now.begun_before
end

function core.type(value)
  if core.is_null(value) then
    return "null"
  end
  return type(value)
end

function core.quote(value)
  if core.is_null(value) then
    return "NULL"
  elseif type(value) == "boolean" then
    if core.now.dialect == "sqlite" then
      return value and "1" or "0"
    end
    return tostring(value)
  elseif type(value) == "number" then
    return value % 1 == 0 and ("%d"):format(value) or ("%.17g"):format(value)
  end
  return "'" .. value:gsub("'", "''") .. "'"
end

function core.ident(name)
  return '"' .. name:gsub('"', '""') .. '"'
end

local function distance(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local corner = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and corner or corner + 1
      corner = row[j]
      row[j] = math.min(cost, row[j] + 1, row[j - 1] + 1)
    end
  end
  return row[#b]
end

function core.nearest(word, list)
  local best, best_distance = nil, math.max(1, math.floor(#word / 3)) + 1
  for _, candidate in ipairs(list) do
    local far = distance(word, candidate)
    if far < best_distance then
      best, best_distance = candidate, far
    end
  end
  return best
end

function core.emit(sql, comment)
  table.insert(core.now.sent, { sql = sql, comment = comment })
  return core.now.run and core.now.run(sql) or 0
end

-- The pieces of a query, with its values as literals: the text that --sql would write.
local function join(pieces)
  local parts = {}
  for i, piece in ipairs(pieces) do
    if type(piece) == "string" then
      parts[i] = piece
    else
      parts[i] = piece[1]:gsub("%$(%d)", function(position)
        return core.quote(piece[2][tonumber(position)])
      end):gsub(":(%a+)", function(name)
        local value, list = piece[2][name], {}
        for k, item in ipairs(type(value) == "table" and value or { value }) do
          list[k] = core.quote(item)
        end
        return table.concat(list, ", ")
      end)
    end
  end
  return table.concat(parts)
end

function core.execute(text, params)
  text = type(text) == "table" and join(text) or text
  table.insert(core.now.sent, { sql = text, params = params })
  return core.now.run and core.now.run(text) or 3
end

function core.whole(value)
  return value
end

-- Work on the rows of a table that has none.
function core.new_work()
  return {
    read = function()
      return 0, true
    end,
    send = function() end,
    settle = function()
      return 0
    end,
    has_numbers = function()
      return false
    end,
    by_host = function()
      return 0
    end,
  }
end

function core.rebuild(body)
  table.insert(core.now.sent, { sql = "-- foreign keys rest" })
  core.now.foreign_keys_rest = true
  body()
  core.now.foreign_keys_rest = false
end

function core.rewrite_table(schema, table_name, text)
  table.insert(core.now.sent, { sql = ("-- the text of %s.%s is\n%s"):format(
    schema, table_name, text) })
  if core.now.rewrite then
    core.now.rewrite(table_name, text)
  end
end

function core.problem()
  return nil
end

core.try = pcall

function core.log(level, text)
  table.insert(core.now.logged, level .. ": " .. text)
end

local cursor = {}
cursor.__index = cursor

function cursor:next()
  self.at = self.at + 1
  return self.rows[self.at]
end

function cursor:current()
  return self.rows[self.at]
end

function cursor:columns()
  return self.rows.columns
end

function cursor:values()
  local row = self:next()
  if not row then
    return nil
  end
  local values = {}
  for i, name in ipairs(self.rows.columns) do
    values[i] = row[name]
  end
  return self.at, unpack(values, 1, #self.rows.columns)
end

function cursor.name() end

function cursor:close()
  self.rows = {}
end

function core.has_unopened_bracket()
  return false
end

function core.check_query()
end

function core.open(text, params)
  text = type(text) == "table" and join(text) or text
  local rows = core.now.answer(text, params or {})
  rows.columns = rows.columns or {}
  return setmetatable({ rows = rows, at = 0 }, cursor)
end

-- What is written as a stream is kept, row by row; a file's lines are `core.now.lines`, the first
-- of which has the names.
function core.write_rows(target, file)
  local sent = { target = target, rows = {} }
  table.insert(core.now.sent, sent)
  return {
    put = function(_, row)
      for i, column in ipairs(target.columns) do
        if row[column] == nil and not target.plain[i] then
          return false
        end
      end
      for name in pairs(row) do
        local known = false
        for _, column in ipairs(target.columns) do
          known = known or column == name
        end
        if not known then
          return false
        end
      end
      table.insert(sent.rows, row)
      return true
    end,
    -- This host does no line itself.
    put_lines = function()
      file.under_way = file.next()
      return 0, file.under_way ~= nil
    end,
    put_list = function(_, values)
      table.insert(sent.rows, values)
    end,
    finish = function()
      return #sent.rows
    end,
  }
end

function core.csv_open(_, _, columns)
  local file = { at = columns and 0 or 1, rejected = {}, lines = core.now.lines or { {} } }
  function file.names()
    return columns or file.lines[1]
  end
  function file.next()
    file.at = file.at + 1
    local line = file.lines[file.at]
    if not line then
      return nil
    end
    local row = {}
    for i, name in ipairs(file:names()) do
      row[name] = line[i]
    end
    return row
  end
  function file.current()
    return file.under_way
  end
  function file.reject(_, why)
    table.insert(file.rejected, why)
  end
  function file.rejects()
    return #file.rejected
  end
  function file.copy()
    return #file.lines - 1
  end
  function file.close() end
  core.now.file = file
  return file
end

function core.csv_create(path)
  local file = { path = path, lines = {} }
  function file.line(_, values, count)
    table.insert(file.lines, { unpack(values, 1, count) })
  end
  function file.rows()
    return 2
  end
  function file.make_lines(_, of)
    return 0, 0, of:next() ~= nil
  end
  function file.finish()
    file.finished = true
  end
  core.now.file = file
  return file
end

function core.look(text, params)
  return core.open(text, params)
end

function core.knows_schema()
  return core.now.knows_schema or not core.now.offline
end

core.reset()

return core
