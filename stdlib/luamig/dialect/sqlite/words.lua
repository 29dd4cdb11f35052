--- What SQLite writes in its own way (see dialect/common.lua).
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local sqlite_types = require("luamig.dialect.sqlite.types")
local types = require("luamig.sql.types")

local d = {
  name = "sqlite",
  title = "SQLite",
  now = "CURRENT_TIMESTAMP",
  null_keys = true,
  one_schema = true,
}

-- Only a key declared INTEGER is the rowid; one that shall not number itself is declared INT.
function d.column_type(c, at)
  if at.numbered then
    return "INTEGER"
  end
  local name = sqlite_types.name(c.type, at.strict)
  if at.key and types.is_integer(c.type) and name:upper() == "INTEGER" then
    return "INT"
  end
  return name
end

function d.identity(c, at)
  if (c.identity or c.autoincrement) and not at.numbered then
    core.fail(("sql.column: on SQLite '%s' cannot number itself: only an integer primary key of "
      .. "one column does, without default and references"):format(c.name))
  end
  return nil
end

function d.key_suffix(c)
  return c.autoincrement and "AUTOINCREMENT" or nil
end

-- Named for the enum, so that the columns of an enum can be found.
function d.column_check(c)
  if c.type.name ~= "enum" then
    return nil
  end
  local values = {}
  for i, value in ipairs(c.type.values) do
    values[i] = core.quote(value)
  end
  return node.new("check", {
    name = c.type.type_name,
    condition = node.new("raw", { text = ("%s IN (%s)"):format(
      ident.quote(c.name), table.concat(values, ", ")) }),
  })
end

-- ALTER TABLE adds only columns that are computed when they are read.
function d.stored(at)
  return at.added and "VIRTUAL" or "STORED"
end

--- Whether a default is the same for every row.
function d.is_constant(value)
  local name = node.of(value)
  if name == "raw" then
    local text = value.text:upper()
    return text == "NULL" or text == "TRUE" or text == "FALSE"
      or text:find("^[%+%-]?%d+%.?%d*$") or text:find("^'[^']*'$") or false
  end
  return name ~= "now"
end

function d.default(value)
  local text = common.expression(d, value)
  if node.of(value) ~= "raw" or d.is_constant(value) or text:find("^%b()$")
    or text:upper():find("^CURRENT_%u+$") then
    return text
  end
  return ("(%s)"):format(text)
end

function d.index_place(i)
  return ident.qualified(i.schema, i.name), ident.quote(i.table)
end

function d.comments()
  return {}
end

--- ALTER TABLE …, one statement for each change.
function d.alter(o, name, template, ...)
  return { sql = ("ALTER TABLE %s %s"):format(ident.qualified(o.schema, name),
    template:format(...)) }
end

-- Outside a trigger only a function that fails can end a script: text that is no JSON.
function d.abort(text)
  return ("json(%s || n)"):format(text)
end

return d
