--- PostgreSQL's rules for what is no table: enums, views, functions, triggers, sequences, schemas,
-- extensions.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.postgresql.words")
local ident = require("luamig.dialect.ident")
local strict = require("luamig.strict")
local types = require("luamig.dialect.postgresql.types")

local add = common.add
local rules = {}

local function statement(parts)
  return { { sql = table.concat(parts, " ") } }
end

local function new_qualified(o)
  common.new_name(d, o.name)
  return ident.qualified(o.schema, o.name)
end

-- DROP <what> with the words that all of them take.
local function drop(what, o, tail)
  local parts = { "DROP", what }
  if o.if_exists then
    add(parts, "IF EXISTS")
  end
  add(parts, ident.qualified(o.schema, o.name) .. (tail or ""))
  if o.cascade then
    add(parts, "CASCADE")
  end
  return statement(parts)
end

--- `text` between dollar quotes that it does not hold.
local function dollar_quoted(text)
  local tag, n = "$$", 0
  while (text .. "$"):find(tag, 1, true) do
    n = n + 1
    tag = ("$body%s$"):format(n > 1 and n or "")
  end
  return tag .. text .. tag
end

-- CREATE TYPE has no IF NOT EXISTS; a block is the same online and in --sql.
function rules.create_enum(o)
  local values = {}
  for i, value in ipairs(o.values) do
    values[i] = core.quote(value)
  end
  local sql = ("CREATE TYPE %s AS ENUM (%s)"):format(
    new_qualified(o), table.concat(values, ", "))
  if o.if_not_exists then
    sql = "DO " .. dollar_quoted(("BEGIN\n  %s;\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND")
      :format(sql))
  end
  return { { sql = sql } }
end

function rules.add_enum_value(o)
  local parts = { "ALTER TYPE", ident.qualified(o.schema, o.name), "ADD VALUE" }
  if o.if_not_exists then
    add(parts, "IF NOT EXISTS")
  end
  add(parts, "%s", core.quote(o.value))
  if o.before or o.after then
    add(parts, "%s %s", o.before and "BEFORE" or "AFTER", core.quote(o.before or o.after))
  end
  return statement(parts)
end

function rules.drop_enum(o)
  return drop("TYPE", o)
end

function rules.create_view(o)
  local query = common.query(d, o, o.query)
  if not query then
    return {}
  end
  local parts = { o.or_replace and "CREATE OR REPLACE" or "CREATE" }
  add(parts, "%sVIEW %s", o.materialized and "MATERIALIZED " or "", new_qualified(o))
  if o.columns then
    add(parts, "(%s)", ident.list(o.columns))
  end
  if o.with then
    add(parts, "%s", d.parameters(o.with))
  end
  add(parts, "AS\n%s", query)
  if o.with_data == false then
    add(parts, "\nWITH NO DATA")
  end
  return statement(parts)
end

function rules.drop_view(o)
  return drop(o.materialized and "MATERIALIZED VIEW" or "VIEW", o)
end

local function add_function_options(parts, o)
  add(parts, "LANGUAGE %s", ident.quote(o.language))
  if o.volatility then
    add(parts, o.volatility)
  end
  if o.strict then
    add(parts, "STRICT")
  end
  if o.security_definer then
    add(parts, "SECURITY DEFINER")
  end
  for _, name in ipairs(o.settings and strict.sorted_keys(o.settings) or {}) do
    add(parts, "SET %s = %s", name, core.quote(tostring(o.settings[name])))
  end
end

function rules.create_function(o)
  local parts = { o.or_replace and "CREATE OR REPLACE FUNCTION" or "CREATE FUNCTION" }
  add(parts, "%s(%s)", new_qualified(o), table.concat(o.arguments or {}, ", "))
  if o.returns then
    add(parts, "RETURNS %s", o.returns)
  end
  add_function_options(parts, o)
  add(parts, "AS %s", dollar_quoted(o.body))
  return statement(parts)
end

function rules.drop_function(o)
  return drop("FUNCTION", o, o.arguments and ("(%s)"):format(table.concat(o.arguments, ", ")))
end

local function event_words(o)
  local words = {}
  for i, event in ipairs(o.events) do
    words[i] = event == "UPDATE" and o.columns and "UPDATE OF " .. ident.list(o.columns) or event
  end
  return table.concat(words, " OR ")
end

function rules.create_trigger(o)
  if not o.execute then
    core.fail("create_trigger: PostgreSQL calls a function, and 'execute' is missing",
      ('execute = "function()", made by op.create_function or op.execute'))
  end
  local parts = { o.or_replace and "CREATE OR REPLACE TRIGGER" or "CREATE TRIGGER" }
  add(parts, "%s %s %s ON %s FOR EACH %s", common.new_name(d, o.name), o.timing,
    event_words(o), ident.qualified(o.schema, o.table), o.for_each)
  if o.condition then
    add(parts, "WHEN (%s)", common.expression(d, o.condition))
  end
  add(parts, "EXECUTE FUNCTION %s", o.execute:find("%)%s*$") and o.execute or o.execute .. "()")
  return statement(parts)
end

function rules.drop_trigger(o)
  return drop("TRIGGER", { name = o.name, if_exists = o.if_exists, cascade = o.cascade },
    " ON " .. ident.qualified(o.schema, o.table))
end

local COUNTS = {
  { "start", "START WITH" },
  { "increment", "INCREMENT BY" },
  { "minvalue", "MINVALUE" },
  { "maxvalue", "MAXVALUE" },
  { "cache", "CACHE" },
}

function rules.create_sequence(o)
  local parts = { o.if_not_exists and "CREATE SEQUENCE IF NOT EXISTS" or "CREATE SEQUENCE" }
  add(parts, "%s", new_qualified(o))
  if o.type then
    add(parts, "AS %s", types.name(o.type))
  end
  for _, count in ipairs(COUNTS) do
    if o[count[1]] then
      add(parts, "%s %s", count[2], common.digits(o[count[1]]))
    end
  end
  if o.cycle then
    add(parts, "CYCLE")
  end
  if o.owned_by then
    add(parts, "OWNED BY %s.%s",
      ident.qualified(o.owned_by.schema, o.owned_by.table), ident.quote(o.owned_by.column))
  end
  return statement(parts)
end

function rules.drop_sequence(o)
  return drop("SEQUENCE", o)
end

function rules.create_schema(o)
  local parts = { o.if_not_exists and "CREATE SCHEMA IF NOT EXISTS" or "CREATE SCHEMA" }
  add(parts, "%s", common.new_name(d, o.name))
  if o.authorization then
    add(parts, "AUTHORIZATION %s", ident.quote(o.authorization))
  end
  return statement(parts)
end

function rules.drop_schema(o)
  return drop("SCHEMA", o)
end

function rules.create_extension(o)
  local parts = { o.if_not_exists and "CREATE EXTENSION IF NOT EXISTS" or "CREATE EXTENSION" }
  add(parts, "%s", ident.quote(o.name))
  if o.schema then
    add(parts, "SCHEMA %s", ident.quote(o.schema))
  end
  if o.version then
    add(parts, "VERSION %s", core.quote(o.version))
  end
  if o.cascade then
    add(parts, "CASCADE")
  end
  return statement(parts)
end

function rules.drop_extension(o)
  return drop("EXTENSION", o)
end

return rules
