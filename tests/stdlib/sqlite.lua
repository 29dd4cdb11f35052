--- A SQLite database for the specs, through the sqlite3 program: one temporary file, with foreign
-- keys on.
local core = require("luamig.core")

local sqlite = {}
sqlite.__index = sqlite

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
  file:write("PRAGMA foreign_keys = ON;\n", text, "\n")
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

-- One line of the shell's quote mode: 'text','it''s',1,NULL
local function read_line(line)
  local values, count, at = {}, 0, 1
  while at <= #line do
    local text, stop = line:match("^'(.-)'()%f[,%z]", at)
    while text and select(2, text:gsub("'", "")) % 2 == 1 do
      local more, further = line:match("^(.-)'()%f[,%z]", stop)
      text, stop = text .. "'" .. more, further
    end
    local bare
    if not text then
      bare, stop = line:match("^([^,]*)()", at)
    end
    count = count + 1
    values[count] = text and text:gsub("''", "'") or tonumber(bare)
    at = stop + 1
  end
  return values, count
end

--- The rows of a query, as core.open gives them.
function sqlite:query(text, params)
  local bound = text:gsub(":(%a)%f[^%w]", function(name)
    return params[name] ~= nil and core.quote(params[name]) or nil
  end)
  local printed = self:run(bound .. ";", "-header -quote")
  local rows = {}
  for line in printed:gmatch("([^\n]*)\n") do
    local values, count = read_line(line)
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

return sqlite
