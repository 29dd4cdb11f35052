--- The SQL that both dialects write alike. A dialect is a table of its differences (`d`):
--   name, title          "sqlite", "SQLite"
--   now                  the present time
--   name_limit           how many bytes of a name it keeps, or nil
--   null_keys            a primary key column must say NOT NULL
--   column_type(c, at)   the type of a column; `at` says where the column stands (column.lua)
--   identity(c, at)      what makes it number itself, or nil
--   key_suffix(c, at)    what follows PRIMARY KEY, or nil
--   column_check(c)      a CHECK that the type brings along, or nil
--   stored(at)           how a computed column is kept
--   default(v)           a default's text
--   index_place(i)       the index's name and its table's, one of them with the schema
--   comments(o)          statements that keep a table's comments
--   abort(text)          an expression that fails, showing the literal `text` and the count `n`
--   rules                a rule for each operation: what it takes → its statements
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")

local common = {}

--- The fields that this dialect knows. What another one has alone is left out, or refused where
-- leaving it out would change what the table means.
---@param d table
---@param definition table the declaration of an operation or an item
---@param read table
---@return table
function common.own(d, definition, read)
  local kept = { op = read.op, node = read.node }
  if definition.only and definition.only ~= d.name then
    core.fail(("%s: %s has %s"):format(definition.label, d.title,
      definition.noun and "no " .. definition.noun or "none"),
      ("ask db.dialect == \"%s\" first"):format(definition.only))
  end
  for _, field in ipairs(definition.fields) do
    local value = read[field.name]
    if value and field.only and field.only ~= d.name then
      if field.elsewhere == "refused" then
        core.fail(("%s: %s has no '%s'"):format(definition.label, d.title, field.name),
          ("ask db.dialect == \"%s\" first"):format(field.only))
      end
    else
      kept[field.name] = value
    end
  end
  return kept
end

--- The name of something that is being made.
---@param d table
---@param name string
---@return string
function common.new_name(d, name)
  if d.name_limit and #name > d.name_limit then
    core.fail(("the name '%s' has %d bytes, and %s keeps %d"):format(
      name, #name, d.title, d.name_limit), "give a shorter name")
  end
  return ident.quote(name)
end

--- The SQL of an expression or a plain value.
---@param d table
---@param value any
---@return string
function common.expression(d, value)
  local name = node.of(value)
  if name == "raw" then
    return value.text
  elseif name == "now" then
    return d.now
  elseif name == "literal" then
    return core.quote(value.value)
  end
  return core.quote(value)
end

--- A whole number as SQL writes it; a text stays.
---@param n number|exact|string
---@return string
function common.digits(n)
  return type(n) == "number" and ("%d"):format(n) or tostring(n)
end

--- Adds one part of a statement: a text as it is, or a template with its arguments.
function common.add(parts, template, ...)
  parts[#parts + 1] = select("#", ...) > 0 and template:format(...) or template
end

local function there(d, o, facts, option, column, table_name)
  if not facts then
    core.fail(("%s: %s has no '%s' here, and --sql does not know the schema"):format(
      o.op, d.title, option), ("leave '%s' out"):format(option))
  elseif column then
    return facts.has_column(o.table, column, o.schema)
  end
  return facts.has_table(table_name, o.schema)
end

--- Whether `if_exists` is asked for, where SQL has no word for it, and the column (or the table)
-- is not there.
---@return boolean
function common.is_absent(d, o, facts, column, table_name)
  return o.if_exists and not there(d, o, facts, "if_exists", column, table_name) or false
end

--- Whether `if_not_exists` is asked for, where SQL has no word for it, and the column is there.
---@return boolean
function common.is_present(d, o, facts, column)
  return o.if_not_exists and there(d, o, facts, "if_not_exists", column) or false
end

--- The author's text for this dialect, out of a text, sql.raw(…) or { sqlite = …, postgresql = … }.
-- nil: nothing is to be done here. No text for this dialect is an error.
---@return string?
function common.authored(d, o, given)
  if type(given) == "table" and not node.of(given) then
    given = given[d.name]
    if given == nil then
      core.fail(("%s: there is no text for %s"):format(o.op, d.name),
        ('%s = "" does nothing there'):format(d.name))
    elseif given == "" then
      return nil
    end
  end
  return node.of(given) == "raw" and given.text or given
end

local function literals(values)
  local quoted = {}
  for i, value in ipairs(values) do
    quoted[i] = core.quote(value)
  end
  return table.concat(quoted, ", ")
end

-- The text of a query of sql.table with its values in it, where none can be bound.
local function with_values(d, o, given)
  local parts = {}
  for i, piece in ipairs(require("luamig.dialect.query").pieces(d, given)) do
    if type(piece) == "string" then
      parts[i] = piece
    elseif piece[1] == "$1" then
      parts[i] = literals(piece[2])
    elseif piece[1] == " IN (:list)" and #piece[2].list > 0 then
      parts[i] = (" IN (%s)"):format(literals(piece[2].list))
    else
      core.fail(("%s: what is kept has no parameters"):format(o.op),
        "write the values into the text")
    end
  end
  return table.concat(parts)
end

--- The same for a query that becomes a part of a statement.
---@return string?
function common.query(d, o, given)
  local text = common.authored(d, o, given)
  if node.of(text) == "query" then
    text = with_values(d, o, text)
  end
  return text and (text:gsub("[%s;]+$", ""))
end

local function execute(d, o)
  local text = common.authored(d, o, o.statement)
  if node.of(text) == "query" then
    text = require("luamig.dialect.query").pieces(d, text)
  end
  return text and { { sql = text, params = o.params, authored = true } } or {}
end

local function abort_when(d, o, condition)
  local text = core.quote(("%s failed: %s, rows: "):format(o.op, o.message or "see the query"))
  core.check_query(o.query, o.params)
  local query = o.query:gsub("[%s;]+$", "")
  return { {
    sql = ("SELECT CASE WHEN %s THEN %s END FROM (SELECT count(*) AS n FROM (\n%s\n) AS checked) "
      .. "AS counted"):format(condition, d.abort(text), query),
    params = o.params,
    authored = true,
  } }
end

--- Adds the rules of the operations that carry the author's own SQL.
---@param d table
function common.add_texts(d)
  function d.rules.execute(o)
    return execute(d, o)
  end

  function d.rules.assert_none(o)
    return abort_when(d, o, "n > 0")
  end

  function d.rules.assert_some(o)
    return abort_when(d, o, "n = 0")
  end
end

--- What a type has in parentheses, or "".
---@param t table
---@return string
function common.type_size(t)
  if t.length then
    return ("(%d)"):format(t.length)
  elseif t.precision then
    return t.scale and ("(%d, %d)"):format(t.precision, t.scale) or ("(%d)"):format(t.precision)
  end
  return ""
end

return common
