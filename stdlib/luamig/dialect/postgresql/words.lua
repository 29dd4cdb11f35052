--- What PostgreSQL writes in its own way (see dialect/common.lua).
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local strict = require("luamig.strict")
local types = require("luamig.dialect.postgresql.types")

local d = { name = "postgresql", title = "PostgreSQL", now = "now()", name_limit = 63 }

function d.column_type(c)
  return types.name(c.type)
end

local function sequence_options(identity)
  local parts = {}
  for _, option in ipairs({ { "START WITH", "start" }, { "INCREMENT BY", "increment" } }) do
    if identity[option[2]] then
      parts[#parts + 1] = ("%s %s"):format(option[1], common.digits(identity[option[2]]))
    end
  end
  return #parts > 0 and (" (%s)"):format(table.concat(parts, " ")) or ""
end

function d.identity(c, at)
  if not at.numbered and not c.identity and not c.autoincrement then
    return nil
  end
  local identity = c.identity or {}
  local when = identity.always and "ALWAYS" or "BY DEFAULT"
  return ("GENERATED %s AS IDENTITY%s"):format(when, sequence_options(identity))
end

function d.key_suffix()
  return nil
end

function d.column_check()
  return nil
end

function d.stored()
  return "STORED"
end

function d.default(value)
  return common.expression(d, value)
end

function d.index_place(i)
  return ident.quote(i.name), ident.qualified(i.schema, i.table)
end

--- COMMENT ON …; null drops the comment.
function d.comment_on(what, text)
  local literal = core.is_null(text) and "NULL" or core.quote(text)
  return { sql = ("COMMENT ON %s IS %s"):format(what, literal) }
end

function d.comment_on_column(o, name, text)
  return d.comment_on(("COLUMN %s.%s"):format(
    ident.qualified(o.schema, o.table or o.name), ident.quote(name)), text)
end

function d.comments(o)
  local statements = {}
  if o.comment then
    statements[1] = d.comment_on("TABLE " .. ident.qualified(o.schema, o.name), o.comment)
  end
  for _, item in ipairs(o.items) do
    if node.of(item) == "column" and item.comment then
      statements[#statements + 1] = d.comment_on_column(o, item.name, item.comment)
    end
  end
  return statements
end

--- ALTER TABLE with one action. `names`: the columns and constraints it is about; without them it
-- goes together with no other action (batch.lua).
function d.alter(o, table_name, action, names)
  local target = ident.qualified(o.schema, table_name)
  return {
    sql = ("ALTER TABLE %s %s"):format(target, action),
    target = target,
    action = action,
    names = names,
  }
end

--- WITH (…): the parameters of a table or a view.
function d.parameters(with)
  local parts = {}
  for _, name in ipairs(strict.sorted_keys(with)) do
    parts[#parts + 1] = ("%s = %s"):format(name, tostring(with[name]))
  end
  return ("WITH (%s)"):format(table.concat(parts, ", "))
end

-- The text that fails to become a number hangs on the count, so that no planner makes it early.
function d.abort(text)
  return ("CAST(%s || n AS integer)"):format(text)
end

return d
