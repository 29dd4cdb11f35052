--- SQLite's rules for what is no table: views and triggers; what an enum is here.
local catalog = require("luamig.dialect.catalog")
local change = require("luamig.dialect.sqlite.change")
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.sqlite.words")
local ident = require("luamig.dialect.ident")

local add = common.add
local rules = {}

local function drop(what, o)
  return { sql = ("DROP %s %s%s"):format(what, o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.name)) }
end

local function tables_of_enum(o)
  local names = catalog.list(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND instr(sql, :c) > 0 ORDER BY name",
    { c = ("CONSTRAINT %s CHECK ("):format(ident.quote(o.name)) }, function(row)
      return row.name
    end)
  return names
end

-- An enum is the CHECK that each of its columns brings along (words.lua).
function rules.create_enum()
  return {}
end

function rules.drop_enum()
  return {}
end

function rules.add_enum_value(o, facts)
  if not facts then
    core.fail("add_enum_value: on SQLite the values stand in the tables, and --sql has no database "
      .. "to ask for them", "run it online")
  end
  local statements = {}
  for _, name in ipairs(tables_of_enum(o)) do
    -- Each table is looked at when its turn comes, as the one before has left the schema.
    statements[#statements + 1] = {
      later = function()
        return change.statements(name, nil, { o }, facts)
      end,
    }
  end
  return statements
end

-- DROP VIEW takes the triggers of the view with it.
local function triggers_of(o, facts)
  local statements = {}
  for _, trigger in ipairs(facts and facts.triggers(o.name, o.schema) or {}) do
    statements[#statements + 1] = { sql = trigger.sql, comment = "its trigger " .. trigger.name }
  end
  return statements
end

function rules.create_view(o, facts)
  local query = common.query(d, o, o.query)
  if not query then
    return {}
  end
  local columns = o.columns and (" (%s)"):format(ident.list(o.columns)) or ""
  common.new_name(d, o.name)
  local create = { sql = ("CREATE VIEW %s%s AS\n%s"):format(
    ident.qualified(o.schema, o.name), columns, query) }
  if not o.or_replace then
    return { create }
  end
  local statements = { drop("VIEW", { name = o.name, schema = o.schema, if_exists = true }),
    create }
  for _, trigger in ipairs(triggers_of(o, facts)) do
    statements[#statements + 1] = trigger
  end
  return statements
end

function rules.drop_view(o)
  return { drop("VIEW", o) }
end

local function check_trigger(o)
  if not o.body then
    core.fail("create_trigger: SQLite runs statements, and 'body' is missing",
      'body = "UPDATE … WHERE id = NEW.id;"')
  elseif #o.events > 1 then
    core.fail("create_trigger: a trigger of SQLite has one event", "make one for each event")
  elseif o.events[1] == "TRUNCATE" then
    core.fail("create_trigger: SQLite has no TRUNCATE", "the event \"delete\" sees every row")
  elseif o.for_each == "STATEMENT" then
    core.fail("create_trigger: SQLite has no triggers for each statement",
      'for_each = "row" acts on every row')
  end
end

function rules.create_trigger(o)
  check_trigger(o)
  common.new_name(d, o.name)
  local parts = { "CREATE TRIGGER" }
  add(parts, "%s %s %s", ident.qualified(o.schema, o.name), o.timing, o.events[1])
  if o.columns then
    add(parts, "OF %s", ident.list(o.columns))
  end
  add(parts, "ON %s FOR EACH ROW", ident.quote(o.table))
  if o.condition then
    add(parts, "WHEN %s", common.expression(d, o.condition))
  end
  add(parts, "BEGIN\n  %s;\nEND", (o.body:gsub("^%s+", ""):gsub("[%s;]+$", "")))
  local create = { sql = table.concat(parts, " ") }
  if o.or_replace then
    return { drop("TRIGGER", { name = o.name, schema = o.schema, if_exists = true }), create }
  end
  return { create }
end

function rules.drop_trigger(o)
  return { drop("TRIGGER", o) }
end

return rules
