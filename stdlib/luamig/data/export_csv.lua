--- op.export_csv: the rows of a query become the lines of a file, as they come or by a function.
local by_host = require("luamig.data.by_host")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local plural = require("luamig.plural")
local query_text = require("luamig.query_text")
local strict = require("luamig.strict")

local export_csv = {}

local function fail(message, hint)
  core.fail("export_csv: " .. message, hint)
end

-- One word is a table; a query has more.
local function query_of(o)
  local source = o.query
  if type(source) == "string" and not source:find("[%s();]") then
    return "SELECT * FROM " .. ident.qualified(o.schema, source)
  end
  local text = query_text.of(source, o.params, "export_csv")
  if type(text) == "string" then
    core.check_query(text, o.params)
  end
  return text
end

local function refuse_answer(row, answer)
  if type(answer) == "table" then
    fail(("row %d: the function gives back an empty table"):format(row), "nil leaves a row out")
  end
  fail(("row %d: the function gives back a %s"):format(row, core.type(answer)),
    "the fields of a line: { 1, \"a\" } or { id = 1, name = \"a\" }; nil leaves the row out")
end

-- The names of the fields, which the header or the first answer tells.
local function names_for(o, answer)
  if type(o.header) == "table" then
    return o.header
  elseif answer[1] == nil then
    return strict.sorted_keys(answer)
  elseif o.header then
    fail("the function gives back lists, and nothing says what the header is",
      'header = { "id", "name" }, or header = false')
  end
end

local function refuse_count(row, found, names)
  fail(("row %d has %s for %s"):format(row, plural.of(found, "field"),
    plural.of(#names, "name")), "a nil ends a list: write null for NULL")
end

local function refuse_names(row, answer, names)
  local known = strict.set(names)
  for _, key in ipairs(strict.sorted_keys(answer)) do
    if not known[key] then
      fail(("row %d has '%s', which is no field of the lines"):format(row, key),
        "header = { … } names all of them")
    end
  end
end

local function values_by_name(row, answer, names)
  local values = {}
  for i, name in ipairs(names) do
    values[i] = answer[name]
    if values[i] == nil then
      fail(("row %d has no '%s'"):format(row, name),
        "a nil vanishes from a table: write null for NULL")
    end
  end
  if strict.count_keys(answer) ~= #names then
    refuse_names(row, answer, names)
  end
  return values
end

-- What the function's answers become: lines, whose names and width the first one tells.
local maker = {}
maker.__index = maker

function maker:begin(values)
  self.names = names_for(self.o, values)
  self.width = self.names and #self.names or #values
  if self.names and self.o.header then
    self.file:line(self.names, self.width)
  end
end

-- What the function says of a row becomes a line.
function maker:take(answer)
  if type(answer) ~= "table" or next(answer) == nil then
    refuse_answer(self.seen, answer)
  end
  local values = core.is_row(answer) and answer() or answer
  if self.count == 0 then
    self:begin(values)
  end
  if values[1] == nil then
    if not self.names then
      fail(("row %d has names, and the rows before it were lists"):format(self.seen))
    end
    values = values_by_name(self.seen, values, self.names)
  elseif #values ~= self.width then
    refuse_count(self.seen, #values, self.names or values)
  end
  self.file:line(values, self.width)
  self.count = self.count + 1
end

-- The next row that the function has to be called for: those before it the host has written.
function maker:next_row(cursor)
  if not self.names then
    return cursor:next()
  end
  local seen, written, more = self.file:make_lines(cursor, self.o.fn, self.names)
  self.seen, self.count = self.seen + seen, self.count + written
  self.by_host = self.by_host + seen
  return more and cursor:current() or nil
end

local function by_function(o, cursor, file)
  local made = setmetatable({ o = o, file = file, count = 0, seen = 0, by_host = 0 },
    maker)
  local row = cursor:next()
  while row do
    made.seen = made.seen + 1
    local answer = o.fn(row)
    if answer ~= nil then
      made:take(answer)
    end
    row = made:next_row(cursor)
  end
  if made.count == 0 and type(o.header) == "table" then
    file:line(o.header, #o.header)
  end
  by_host.say("export_csv " .. o.path, made.by_host, made.seen, "row")
  return made.count
end

local function as_they_come(o, cursor, file)
  local columns = cursor:columns()
  if type(o.header) == "table" and #o.header ~= #columns then
    fail(("the header has %s, and the query %s"):format(plural.of(#o.header, "name"),
      plural.of(#columns, "column")))
  elseif o.header then
    file:line(type(o.header) == "table" and o.header or columns, #columns)
  end
  local count = file:rows(cursor)
  return count
end

--- How many rows were written. The file takes its place when what was done is committed.
---@param o table the operation
---@return integer
function export_csv.export_csv(o)
  if core.is_offline() then
    fail("in --sql no rows are read", "run it online")
  end
  local text = query_of(o)
  local file = core.csv_create(o.path, o.delimiter, o.null, o.overwrite)
  local cursor = core.open(text, o.params, nil, true)
  local count = (o.fn and by_function or as_they_come)(o, cursor, file)
  cursor:close()
  file:finish()
  return count
end

return export_csv
