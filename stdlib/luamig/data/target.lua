--- A table that rows are written into as a stream: PostgreSQL's COPY, SQLite's prepared INSERT.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local reflect = require("luamig.reflect")
local strict = require("luamig.strict")

local target = {}

local methods = {}
methods.__index = methods

local function fail(o, message, hint)
  core.fail(("%s: %s"):format(o.op, message), hint)
end

local function blocks()
  return require("luamig.dialect." .. core.dialect() .. ".blocks")
end

-- The table of an operation, which is there.
local function table_of(o)
  local self = setmetatable({ o = o, by_name = {}, names = {} }, methods)
  self.columns = reflect.columns(o.table, o.schema)
  for i, column in ipairs(self.columns) do
    self.names[i], self.by_name[column.name] = column.name, column
  end
  return self
end

--- The table of an operation, or nil where there is none of this name.
---@param o table
---@return table?
function target.find(o)
  local found = reflect.has_table(o.table, o.schema) and table_of(o) or nil
  return found
end

--- As find, but a table that is not there, or that takes no stream, is an error.
---@param o table
---@return table
function target.of(o)
  reflect.require_table(o.table, o.schema, o.op)
  local self = table_of(o)
  if not self:takes_stream() then
    fail(o, ("'%s' has rules or row level security, which COPY passes over"):format(o.table),
      "op.bulk_insert writes to it")
  end
  return self
end

--- Whether its rows may come as a stream, and do the same as by INSERT.
---@param columns string[]?
---@return boolean
function methods:takes_stream(columns)
  return blocks().takes_stream(self.o.table, self.o.schema, columns)
end

--- Refuses names that are none of its columns. `said`: who names them.
---@param names string[]
---@param said string
---@param hint string?
function methods:require_columns(names, said, hint)
  local has = {}
  for _, name in ipairs(names) do
    if has[name] then
      fail(self.o, ("%s '%s' twice"):format(said, name), hint)
    end
    has[name] = true
    if not self.by_name[name] then
      fail(self.o, ("%s '%s', which is no column of %s%s"):format(said, name, self.o.table,
        strict.did_you_mean(name, self.names)), hint)
    end
  end
end

--- Whether a column that a row leaves out is the same as NULL.
function methods:is_plain(name)
  return self.by_name[name].default == nil
end

--- What a text for this column has to be; "" where any is taken. `from_file`: all values are texts.
function methods:rule_of(name, from_file)
  local column, words = self.by_name[name], blocks()
  if from_file and column and words.makes_up and words.makes_up(column, self.columns) then
    return "key"
  end
  return column and words.column_rule(column, from_file) or ""
end

-- Whether nothing looks at the rows together, and whether the database says which one it refuses.
local function row_by_row(self)
  if self.alone == nil then
    self.alone, self.named = blocks().row_by_row(self.o.table, self.o.schema)
  end
  return self.alone, self.named
end

--- A writer of rows with these columns. `file`: whose lines they are.
---@param columns string[]
---@param file userdata?
---@return userdata
function methods:writer(columns, file)
  local plain, rules = {}, {}
  for i, name in ipairs(columns) do
    plain[i] = self.by_name[name] ~= nil and self:is_plain(name)
    rules[i] = self:rule_of(name, file ~= nil)
  end
  -- Values without a binary form would end one COPY and begin another.
  local alone, named = row_by_row(self)
  local writer = core.write_rows({
    table = ident.qualified(self.o.schema, self.o.table),
    name = self.o.table,
    columns = columns,
    list = ident.list(columns),
    plain = plain,
    rules = rules,
    forms = alone and blocks().binary_forms(columns, self.by_name) or {},
    names_refused = file ~= nil and named and (self.o.max_rejects or 0) == 0,
  }, file)
  return writer
end

--- Sequences move past the numbers that these columns of an operation's table were given.
---@param o table
---@param columns string[]
function target.move_sequences(o, columns)
  local words = require("luamig.dialect." .. core.dialect()).words
  for _, sql in ipairs(words.move_sequences(o, columns)) do
    core.emit(sql, "the sequences move past what was inserted")
  end
end

return target
