--- Operations on code that the database runs: functions and triggers.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")
local kinds = require("luamig.kinds")
local strict = require("luamig.strict")

kinds.add("volatility", {
  takes = "string",
  what = "a string",
  lua = '"immutable"|"stable"|"volatile"',
  read = kinds.one_of({ "IMMUTABLE", "STABLE", "VOLATILE" }),
})
kinds.add("timing", {
  takes = "string",
  what = "a string",
  lua = '"before"|"after"|"instead of"',
  read = kinds.one_of({ "BEFORE", "AFTER", "INSTEAD OF" }),
})
kinds.add("for_each", {
  takes = "string",
  what = "a string",
  lua = '"row"|"statement"',
  read = kinds.one_of({ "ROW", "STATEMENT" }),
})
kinds.add("event", {
  takes = "string",
  what = "a string",
  lua = "string",
  read = kinds.one_of({ "INSERT", "UPDATE", "DELETE", "TRUNCATE" }),
})
kinds.add("events", {
  takes = "string table",
  what = 'a list like { "insert", "update" }',
  lua = "string|string[]",
  read = function(value)
    return kinds.read_list(value, "event")
  end,
})
-- {} is a function that takes nothing.
kinds.add("signature", {
  takes = "string table",
  what = 'a list like { "text", "integer" }',
  lua = "string|string[]",
  read = function(value)
    local none = type(value) == "table" and #value == 0 and not strict.sorted_keys(value)[1]
    if none then
      return {}
    end
    return kinds.read_list(value, "text")
  end,
})

local FUNCTION = { "name", kind = "name", required = true, doc = "The function." }
local TRIGGER = { "name", kind = "name", required = true, doc = "The trigger." }

local function flag(name, doc)
  return { name, option = true, kind = "boolean", doc = doc }
end

-- DROP FUNCTION takes the arguments without their defaults. In a text of several arguments a
-- default has no end that could be seen here: then the name alone stands for the function.
local function without_defaults(list)
  local plain = {}
  for i, one in ipairs(list) do
    local before = one:match("^(.-)%s+[Dd][Ee][Ff][Aa][Uu][Ll][Tt]%s") or one:match("^(.-)%s*:?=")
    if before and one:find(",", 1, true) then
      return nil
    end
    plain[i] = before or one
  end
  return plain
end

local function reverse_function(o)
  if o.or_replace then
    return nil
  end
  return {
    op = "drop_function",
    name = o.name,
    arguments = without_defaults(o.arguments or {}),
    schema = o.schema,
  }
end

local function has(list, wanted)
  for _, one in ipairs(list) do
    if one == wanted then
      return true
    end
  end
  return false
end

local function check_trigger(o)
  if o.columns and not has(o.events, "UPDATE") then
    core.fail("create_trigger: 'columns' belongs to the event \"update\", which is missing")
  elseif not o.execute and not o.body then
    core.fail(("create_trigger: nothing is said that '%s' does"):format(o.name),
      'execute = "function()" on PostgreSQL, body = "statements;" on SQLite')
  end
end

return {
  {
    name = "create_function",
    only = "postgresql",
    noun = "stored functions",
    fields = {
      FUNCTION,
      { "body", kind = "text", required = true, doc = "Its code, without quotes around it." },
      {
        "arguments",
        option = true,
        kind = "words",
        doc = 'What it takes, one text each: { "value text", "most integer DEFAULT 5" }.',
      },
      { "returns", option = true, kind = "text", doc = '"trigger", "text", "TABLE (id bigint)" …' },
      {
        "language",
        option = true,
        kind = "name",
        default = "plpgsql",
        doc = 'The language of the body; without it, "plpgsql".',
      },
      { "volatility", option = true, kind = "volatility", doc = "What its result hangs on." },
      flag("strict", "Any NULL among the arguments gives NULL."),
      flag("security_definer", "It runs with the rights of its owner."),
      {
        "settings",
        option = true,
        kind = "settings",
        doc = 'What is set while it runs: { search_path = "pg_catalog" }.',
      },
      flag("or_replace", "In the place of one that is there."),
      fields.schema,
    },
    describe = function(o)
      return ("create function %s"):format(o.name)
    end,
    reverse = reverse_function,
    doc = "Makes a function.",
    example = [[
if db.dialect == "postgresql" then
  op.create_function("touch", "BEGIN NEW.updated_at := now(); RETURN NEW; END", {
    returns = "trigger",
  })
end]],
  },
  {
    name = "drop_function",
    only = "postgresql",
    noun = "stored functions",
    fields = {
      FUNCTION,
      {
        "arguments",
        option = true,
        kind = "signature",
        doc = "What it takes, to tell it from others of its name; {}: nothing.",
      },
      fields.if_exists,
      flag("cascade", "With the triggers and whatever else uses it."),
      fields.schema,
    },
    describe = function(o)
      return ("drop function %s"):format(o.name)
    end,
    doc = "Drops a function.",
    example = [[
if db.dialect == "postgresql" then
  op.drop_function("touch")
end]],
  },
  {
    name = "create_trigger",
    fields = {
      TRIGGER,
      fields.table,
      {
        "events",
        option = true,
        kind = "events",
        required = true,
        doc = '"insert", "update", "delete", "truncate". SQLite: one of the first three.',
      },
      {
        "timing",
        option = true,
        kind = "timing",
        default = "AFTER",
        doc = '"before", "after" (which it is without it), or "instead of" on a view.',
      },
      {
        "columns",
        option = true,
        kind = "names",
        doc = "Only an update that names one of these columns.",
      },
      {
        "for_each",
        option = true,
        kind = "for_each",
        default = "ROW",
        doc = '"row", which it is without it, or "statement", which SQLite has not.',
      },
      { "condition", option = true, kind = "expression", doc = "It acts only where this holds." },
      {
        "execute",
        option = true,
        kind = "text",
        only = "postgresql",
        elsewhere = "skipped",
        doc = 'The function that PostgreSQL calls: "touch()".',
      },
      {
        "body",
        option = true,
        kind = "text",
        only = "sqlite",
        elsewhere = "skipped",
        doc = "The statements that SQLite runs.",
      },
      flag("or_replace", "In the place of one that is there."),
      fields.schema,
    },
    check = check_trigger,
    describe = function(o)
      return ("create trigger %s on %s"):format(o.name, o.table)
    end,
    reverse = function(o)
      if o.or_replace then
        return nil
      end
      return { op = "drop_trigger", name = o.name, table = o.table, schema = o.schema }
    end,
    doc = "Makes a trigger. PostgreSQL calls a function (`execute`), SQLite runs statements "
      .. "(`body`); a migration for both gives both.",
    example = [[
op.create_trigger("users_touch", "users", {
  events = "update",
  columns = { "name" },
  execute = "touch_users()",
  body = "UPDATE users SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;",
})]],
  },
  {
    name = "drop_trigger",
    fields = { TRIGGER, fields.table, fields.if_exists, fields.cascade, fields.schema },
    describe = function(o)
      return ("drop trigger %s on %s"):format(o.name, o.table)
    end,
    doc = "Drops a trigger.",
    example = 'op.drop_trigger("users_touch", "users")',
  },
}
