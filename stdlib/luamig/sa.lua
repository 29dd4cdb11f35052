--- SQLAlchemy's names for the words of `sql`: a Python migration ports by writing { name = value }
-- where it says name=value, tables for lists, and colons for the methods of objects.
local core = require("luamig.core")
local node = require("luamig.node")
local sql = require("luamig.sql")
local strict = require("luamig.strict")

local sa = {}

-- Types. What a type takes in Python and means nothing here is left out: the collation of a text,
-- the Python class of a number.
local MEANINGLESS = {
  as_uuid = true,
  asdecimal = true,
  astext_type = true,
  create_constraint = true,
  create_type = true,
  dimensions = true,
  native_enum = true,
  native_uuid = true,
  none_as_null = true,
  validate_strings = true,
}

local function refuse_option(label, word)
  core.fail(("%s: unknown option '%s'"):format(label, word))
end

-- The arguments of a type, without the last table, and that table.
local function type_arguments(label, known, ...)
  local given, options = { ... }, {}
  local last = given[#given]
  if type(last) == "table" and not node.of(last) and #last == 0 then
    options = table.remove(given)
  end
  for _, word in ipairs(strict.sorted_keys(options)) do
    if not known[word] and not MEANINGLESS[word] then
      refuse_option(label, word)
    end
  end
  return given, options
end

-- A word that is a type by itself and by a call, as in Python.
local function type_word(name, known, make)
  local label = "sa." .. name
  local function call(...)
    local given, options = type_arguments(label, known, ...)
    return make(given, options)
  end
  return node.word(node.resolve(make({}, {})), call)
end

local function sized(word)
  return { length = true }, function(given, options)
    local length = given[1] or options.length
    return length and word(length) or word()
  end
end

local function plain(word)
  return {}, function()
    return word()
  end
end

local function numeric(given, options)
  local precision = given[1] or options.precision
  local scale = given[2] or options.scale
  if not precision then
    return sql.numeric()
  end
  return scale and sql.numeric(precision, scale) or sql.numeric(precision)
end

local function zoned(bare, with_zone)
  return { timezone = true }, function(given, options)
    local has_zone = given[1] == true or options.timezone == true
    return has_zone and with_zone() or bare()
  end
end

local TYPES = {
  { "Integer INTEGER Int", plain(sql.integer) },
  { "BigInteger BIGINT", plain(sql.bigint) },
  { "SmallInteger SMALLINT", plain(sql.smallint) },
  { "String VARCHAR Unicode NVARCHAR", sized(sql.string) },
  { "CHAR NCHAR", sized(sql.char) },
  { "Text TEXT UnicodeText CLOB", { length = true }, function() return sql.text() end },
  { "Boolean BOOLEAN", { name = true }, function() return sql.boolean() end },
  { "Float FLOAT Double DOUBLE DOUBLE_PRECISION", { precision = true }, function()
    return sql.double()
  end },
  { "REAL", plain(sql.real) },
  { "Numeric NUMERIC DECIMAL", { precision = true, scale = true }, numeric },
  { "Date DATE", plain(sql.date) },
  { "Time TIME", { timezone = true }, function() return sql.time() end },
  { "DateTime DATETIME", zoned(sql.datetime, sql.timestamptz) },
  { "TIMESTAMP", zoned(sql.timestamp, sql.timestamptz) },
  { "Interval INTERVAL", { native = true }, function() return sql.interval() end },
  { "LargeBinary BLOB BINARY VARBINARY BYTEA", { length = true }, function()
    return sql.binary()
  end },
  { "JSON", plain(sql.json) },
  { "JSONB", plain(sql.jsonb) },
  { "UUID Uuid", plain(sql.uuid) },
  { "INET", plain(sql.inet) },
  { "CITEXT", plain(sql.citext) },
}

for _, definition in ipairs(TYPES) do
  for name in definition[1]:gmatch("%S+") do
    sa[name] = type_word(name, definition[2], definition[3])
  end
end

--- sa.ARRAY(sa.String()).
function sa.ARRAY(of, options)
  type_arguments("sa.ARRAY", {}, options)
  local made = sql.array(of)
  return made
end

--- sa.Enum("new", "paid", { name = "order_state" }).
function sa.Enum(...)
  local values, options = type_arguments("sa.Enum", { name = true, schema = true }, ...)
  if #values == 1 and type(values[1]) == "table" then
    values = values[1]
  end
  if not options.name then
    core.fail("sa.Enum: 'name' is missing", 'sa.Enum("new", "paid", { name = "order_state" })')
  end
  local made = sql.enum(options.name, values)
  return made
end
sa.ENUM = sa.Enum

-- Expressions ----------------------------------------------------------------------------------

local function is_now(text)
  local lower = text:lower():gsub("%s+", "")
  return lower == "now()" or lower == "current_timestamp" or lower == "(current_timestamp)"
end

--- SQL in the author's own words. now() is the present time on both engines.
function sa.text(text)
  if type(text) == "string" and is_now(text) then
    return sql.now()
  end
  local made = sql.raw(text)
  return made
end

sa.func = setmetatable({}, {
  __index = function(_, name)
    return function(...)
      if select("#", ...) > 0 then
        core.fail(("sa.func.%s takes no arguments here"):format(name),
          ('sql.raw("%s(…)")'):format(name))
      end
      return sa.text(name .. "()")
    end
  end,
  __newindex = function()
    core.fail("sa.func is read-only")
  end,
})

function sa.null()
  return core.null
end

sa.literal = sql.literal
sa.literal_column = sql.raw
sa.and_, sa.or_, sa.not_ = sql.and_, sql.or_, sql.not_

-- What a table is made of ------------------------------------------------------------------------

--- sa.ForeignKey("users.id", { ondelete = "CASCADE" }), beside a column's type.
function sa.ForeignKey(target, options)
  if type(target) ~= "string" then
    core.fail('sa.ForeignKey: the column referred to is a text: sa.ForeignKey("users.id")')
  end
  return node.new("sa_foreign_key", { target = target, options = options or {} })
end

--- sa.Computed("price * 2"), beside a column's type.
function sa.Computed(expression)
  return node.new("sa_computed", { expression = expression })
end

--- sa.Identity({ always = true }), beside a column's type.
function sa.Identity(options)
  return node.new("sa_identity", { options = options or {} })
end

local PARTS = {}

function PARTS.sa_foreign_key(part, options)
  options.references = part.target
  for _, word in ipairs(strict.sorted_keys(part.options)) do
    if word ~= "ondelete" and word ~= "onupdate" then
      core.fail(("sa.ForeignKey: '%s' belongs to a constraint of its own"):format(word),
        "sa.ForeignKeyConstraint({ … }, { … }, { name = … })")
    end
    options[word] = part.options[word]
  end
end

function PARTS.sa_computed(part, options)
  options.computed = part.expression
end

function PARTS.sa_identity(part, options)
  options.identity = #strict.sorted_keys(part.options) > 0 and part.options or true
end

--- sa.Column(name, type, sa.ForeignKey(…)…, { nullable = false }).
function sa.Column(name, kind, ...)
  local parts, options = { ... }, {}
  local last = parts[#parts]
  if type(last) == "table" and not node.of(last) then
    table.remove(parts)
    for _, word in ipairs(strict.sorted_keys(last)) do
      options[word] = last[word]
    end
  end
  for _, part in ipairs(parts) do
    local read = PARTS[node.of(part)]
    if not read then
      core.fail("sa.Column: after the type come sa.ForeignKey(…) and a table of options")
    end
    read(part, options)
  end
  local made = sql.column(name, kind, options)
  return made
end

-- Python's constraints name their columns one after the other.
local function split(...)
  local columns, options = { ... }, nil
  local last = columns[#columns]
  if type(last) == "table" and #last == 0 and not node.of(last) then
    options = table.remove(columns)
  end
  if #columns == 1 and type(columns[1]) == "table" and not node.of(columns[1]) then
    columns = columns[1]
  end
  return columns, options
end

function sa.PrimaryKeyConstraint(...)
  local columns, options = split(...)
  local made = sql.primary_key(columns, options)
  return made
end

function sa.UniqueConstraint(...)
  local columns, options = split(...)
  local made = sql.unique(columns, options)
  return made
end

function sa.Index(name, ...)
  local columns, options = split(...)
  local made = sql.index(name, columns, options)
  return made
end

sa.ForeignKeyConstraint = sql.foreign_key
sa.CheckConstraint = sql.check

-- Queries ----------------------------------------------------------------------------------------

--- sa.column("id", type?): a name for sa.table.
function sa.column(name)
  return name
end

sa.table = sql.table

function sa.insert(of)
  local made = of:insert()
  return made
end

function sa.update(of)
  local made = of:update()
  return made
end

function sa.delete(of)
  local made = of:delete()
  return made
end

--- sa.postgresql.JSONB(), as in `from sqlalchemy.dialects import postgresql`.
sa.postgresql = strict.close({
  ARRAY = sa.ARRAY,
  CITEXT = sa.CITEXT,
  ENUM = sa.ENUM,
  INET = sa.INET,
  JSON = sa.JSON,
  JSONB = sa.JSONB,
  TIMESTAMP = sa.TIMESTAMP,
  UUID = sa.UUID,
  BYTEA = sa.BYTEA,
}, "sa.postgresql.")

return strict.close(sa, "sa.")
