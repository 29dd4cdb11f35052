--- A SQLite database for the specs, through the sqlite3 program: one temporary file, with foreign
-- keys on.
local core = require("luamig.core")

local sqlite = {}
sqlite.__index = sqlite

-- What core.rebuild does by calls: references of other tables stay as they are written.
local RESTING = "PRAGMA foreign_keys = OFF;\nPRAGMA legacy_alter_table = ON;\n"

function sqlite.open()
  local path = os.tmpname()
  return setmetatable({ path = path }, sqlite)
end

function sqlite:close()
  os.remove(self.path)
end

--- Runs a text; returns what the program printed. An error of the database is an error here.
function sqlite:run(text, flags)
  local input = os.tmpname()
  local file = assert(io.open(input, "w"))
  file:write(core.now.foreign_keys_rest and RESTING or "PRAGMA foreign_keys = ON;\n", text, "\n")
  file:close()
  local pipe = assert(io.popen(("sqlite3 -batch -bail %s '%s' < '%s' 2>&1; echo \"status $?\"")
    :format(flags or "", self.path, input)))
  local output = pipe:read("*a")
  pipe:close()
  os.remove(input)
  local printed, status = output:match("^(.*)status (%d+)\n$")
  if status ~= "0" then
    error(("sqlite3: %s\n%s"):format(printed, text), 2)
  end
  return printed
end

-- A value of the shell's quote mode ('it''s', 1, NULL) and where it ends. A text may hold lines.
local function read_value(printed, at)
  if printed:sub(at, at) ~= "'" then
    local bare, stop = printed:match("^([^,\n]*)()", at)
    return tonumber(bare), stop
  end
  local stop = at
  repeat
    stop = printed:find("'", stop + 1, true)
    local twice = printed:sub(stop + 1, stop + 1) == "'"
    stop = twice and stop + 1 or stop
  until not twice
  local inner = printed:sub(at + 1, stop - 1):gsub("''", "'")
  return inner, stop + 1
end

-- One row, how many values it has, and where the next one begins.
local function read_row(printed, at)
  local values, count = {}, 0
  repeat
    local value
    value, at = read_value(printed, at)
    count = count + 1
    values[count] = value
    at = at + 1
  until printed:sub(at - 1, at - 1) == "\n"
  return values, count, at
end

--- The rows of a query, as core.open gives them.
function sqlite:query(text, params)
  local bound = text:gsub(":(%a)%f[^%w]", function(name)
    return params[name] ~= nil and core.quote(params[name]) or nil
  end)
  local printed = self:run(bound .. ";", "-header -quote")
  local rows = {}
  local at = 1
  while at <= #printed do
    local values, count
    values, count, at = read_row(printed, at)
    if not rows.columns then
      rows.columns = values
    else
      local row = {}
      for i = 1, count do
        row[rows.columns[i]] = values[i]
      end
      rows[#rows + 1] = row
    end
  end
  rows.columns = rows.columns or {}
  return rows
end

--- A database that the stdlib reads in this spec, with this text run in it.
function sqlite.attach(text)
  local database = sqlite.open()
  database:run(text or "")
  core.now.dialect = "sqlite"
  core.now.answer = function(query, params)
    return database:query(query, params)
  end
  return database
end

--- The same, and what the stdlib sends is done at once: plans look at what was done before.
function sqlite.perform(text)
  local database = sqlite.attach(text)
  core.now.run = function(statement)
    database:run(statement .. ";")
    return 0
  end
  core.now.rewrite = function(table_name, new_text)
    database:run(("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = %s WHERE type = "
      .. "'table' AND name = %s;"):format(core.quote(new_text), core.quote(table_name)))
  end
  return database
end

return sqlite
