--- The UPDATE by which SQLite itself shows the rows of a table to a function (db/row_program). It
-- visits them in the order of the key: through the table where the key is its rowid, else by the
-- unique index of the key, and by nothing else, for an index that is written meanwhile would show
-- rows twice or not at all.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local program = {}

-- A name of the rowid that no column has taken; nil where there is none.
local function rowid_name(names)
  local taken = {}
  for _, name in ipairs(names) do
    taken[name:lower()] = true
  end
  for _, name in ipairs({ "rowid", "_rowid_", "oid" }) do
    if not taken[name] then
      return name
    end
  end
end

-- The unique index of this column alone, ascending; nil where there is none.
local function index_of(pages, column)
  local row = catalog.first([[
    SELECT l.name FROM pragma_index_list(:t, :s) AS l
     WHERE l."unique" = 1 AND l.partial = 0
       AND (SELECT count(*) FROM pragma_index_xinfo(l.name, :s) AS x WHERE x.key = 1) = 1
       AND EXISTS (SELECT 1 FROM pragma_index_xinfo(l.name, :s) AS x
                    WHERE x.key = 1 AND x.name = :c AND x."desc" = 0)
     ORDER BY l.name]], { t = pages.o.table, s = pages.o.schema or "main", c = column })
  return row and row.name
end

-- Whether SQLite, which may use any index, visits the rows between two keys in the way `wanted`.
local function goes(pages, wanted)
  local query = { "EXPLAIN QUERY PLAN SELECT 1 FROM " .. pages.name }
  pages:where(query, { 0 }, { 1 })
  local cursor, steps, found = core.look(query), 0, false
  for row in cursor.next, cursor do
    steps = steps + 1
    found = row.detail:find(wanted, 1, true) ~= nil
  end
  cursor:close()
  return steps == 1 and found
end

--- How an UPDATE visits the rows in the order of their key; or nil and why it does not.
---@param pages table of table_pages, with its key
---@return { way: string, by_index: boolean, rowid: string, by_rowid: boolean }|nil
---@return string? why
function program.find(pages)
  if #pages.key > 1 then
    return nil, "the key has several columns"
  end
  if goes(pages, "PRIMARY KEY (rowid>? AND rowid<?)") then
    return { way = "NOT INDEXED", by_index = false, rowid = ident.quote(pages.key[1]),
      by_rowid = false }
  end
  local rowid, index = rowid_name(pages.names), index_of(pages, pages.key[1])
  if not rowid or not index then
    return nil, "the key has no index of its own, or the columns hide the rowid"
  end
  local wanted = ("INDEX %s (%s>? AND %s<?)"):format(index, pages.key[1], pages.key[1])
  if not goes(pages, wanted) then
    return nil, "the rows are found otherwise than by their key"
  end
  return { way = "INDEXED BY " .. ident.quote(index), by_index = true, rowid = rowid,
    by_rowid = false }
end

--- The UPDATE up to its condition, and the piece that ends that.
---@param found table what `find` gave; `by_rowid`: SQLite looks at all rows first, and the changes
--- are found by their rowid
---@param name string the table, quoted
---@param columns string[] what is set
---@param arguments string[] what the function is shown, as SQL, the key first
---@return string head
---@return string call
function program.update(found, name, columns, arguments)
  local sets, rowid = {}, found.by_rowid and name .. "." .. found.rowid .. ", " or ""
  for i, column in ipairs(columns) do
    sets[i] = ("%s = luamig_get(%s%d)"):format(ident.quote(column), rowid, i)
  end
  return ("UPDATE %s %s SET %s"):format(name, found.way, table.concat(sets, ", ")),
    ("luamig_run(%s%s)"):format(rowid, table.concat(arguments, ", "))
end

return program
