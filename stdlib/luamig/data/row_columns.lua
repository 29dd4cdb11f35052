--- What the function of a backfill sees of a row, and what it may change of it: as SQL, and whether
-- that may be.
local ident = require("luamig.dialect.ident")
local strict = require("luamig.strict")
local table_pages = require("luamig.data.table_pages")

local row_columns = {}

-- What the script says in SQL of the rows, in small letters.
local function sql_of(o)
  local texts = { o.where or "" }
  for _, one in ipairs(o.read.expressions) do
    texts[#texts + 1] = one.text
  end
  return table.concat(texts, "\n"):lower()
end

--- What the query for the rows names, the key first, then what is to be read: as a list, as
-- arguments, and the places of the columns in them.
---@param pages table of table_pages, with its key
---@return string list
---@return string[] arguments
---@return table<string, integer> places
function row_columns.read(pages)
  local o, list, arguments, has, places = pages.o, {}, {}, {}, {}
  local function add(name, text, as)
    if has[name] then
      return has[name]
    end
    has[name] = text
    list[#list + 1], arguments[#arguments + 1] = text .. (as or ""), text
  end
  local function add_column(name)
    add(name, pages.name .. "." .. ident.quote(name))
    places[name] = places[name] or #list
  end
  for _, name in ipairs(pages.key) do
    add_column(name)
  end
  for _, name in ipairs(o.read.columns) do
    pages:require_column(name, "read")
    add_column(name)
  end
  for _, one in ipairs(o.read.expressions) do
    table_pages.refuse_closing(o, ("'read' for %s"):format(one.name), one.text)
    if add(one.name, ("(%s\n)"):format(one.text), " AS " .. ident.quote(one.name)) then
      pages:fail(("'read' has '%s' twice"):format(one.name), "name the expression otherwise")
    end
  end
  return table.concat(list, ", "), arguments, places
end

--- What of `read` looks at other rows by OVER; nil: nothing.
---@param o table the operation
---@return string?
function row_columns.window(o)
  for _, one in ipairs(o.read.expressions) do
    if one.text:lower():find("%f[%w_]over%s*%f[%w_(\"]") then
      return one.name
    end
  end
end

--- Whether a row is read the same before and after others have been changed.
---@param o table the operation
---@return boolean
function row_columns.is_independent(o)
  return not sql_of(o):find("%f[%w_]select%f[^%w_]") and not row_columns.window(o)
end

--- An error where the SQL names what a statement with the function has for itself.
---@param pages table
function row_columns.refuse_own_names(pages)
  if sql_of(pages.o):find("luamig_", 1, true) then
    pages:fail("'where' or 'read' names something of luamig's own")
  end
end

--- An error where `write` names what cannot be changed, or a batch has not all that `read` needs.
---@param pages table of table_pages, with its key
---@param in_parts boolean whether the rows come in batches
function row_columns.check_written(pages, in_parts)
  local o, is_key, has = pages.o, strict.set(pages.key), {}
  for _, name in ipairs(o.write or {}) do
    pages:require_column(name, "write")
    if has[name] then
      pages:fail(("'write' names '%s' twice"):format(name))
    end
    has[name] = true
    if is_key[name] then
      pages:fail(("'write' names '%s', which is of the key"):format(name),
        "rows are found by their key; change it by op.execute")
    end
  end
  local window = in_parts and row_columns.window(o)
  if window then
    pages:fail(("'%s' looks at other rows by OVER, and a batch has not all of them"):format(window),
      "read it by a subquery: (SELECT … FROM …)")
  end
end

return row_columns
