--- Before-images in SQLite's SQL. A row is kept as packed bytes (luamig_pack), which hold every
-- value with its type. SQLite gives nothing back of a change to a statement around it, so an image
-- is written before the change, and what the row has become is looked at afterwards.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local undo = {}

-- A function of SQLite takes 127 arguments.
local MOST_ARGUMENTS = 100

--- No setting changes how a value is kept.
function undo.odd_setting() end

--- The columns of a table that hold what was written to them.
---@return string[]
function undo.stored_columns(table_name, schema)
  local names = catalog.list([[
    SELECT name FROM pragma_table_xinfo(:t, :s) WHERE hidden = 0 ORDER BY cid]],
    { t = table_name, s = schema or "main" }, function(row)
      return row.name
    end)
  return names
end

--- By what the table is known in luamig_undo.
---@return string
function undo.full_name(table_name, schema)
  return (schema or "main"):lower() .. "." .. table_name:lower()
end

--- The expression for what columns of a row hold.
---@param row string the table or its alias
---@param columns string[]
---@return string
function undo.image(row, columns)
  local packs = {}
  for first = 1, #columns, MOST_ARGUMENTS do
    local values = {}
    for i = first, math.min(first + MOST_ARGUMENTS - 1, #columns) do
      values[#values + 1] = row .. "." .. ident.quote(columns[i])
    end
    packs[#packs + 1] = ("luamig_pack(%s)"):format(table.concat(values, ", "))
  end
  return #packs == 1 and packs[1] or ("luamig_join(%s)"):format(table.concat(packs, ", "))
end

--- The expression by which a later change of these columns is seen.
---@return string
function undo.hash(row, columns)
  return ("luamig_hash(%s)"):format(undo.image(row, columns))
end

--- The n-th value of an image, to be written into a column or compared with one.
---@return string
function undo.value(image, n)
  return ("luamig_unpack(%s, %d)"):format(image, n)
end

--- The same, to be shown.
undo.shown = undo.value

--- The id of the row that was inserted last.
---@return integer
function undo.last_id()
  local row = catalog.first("SELECT last_insert_rowid()")
  return row[1]
end

-- Before the first image of a transaction, in which nobody else writes: what comes is above it.
local function mark(part)
  part.mark = part.mark or catalog.first("SELECT max(id) FROM " .. part.book)[1]
end

local function keeping(part)
  return ("INSERT INTO %s (pass, row_key, before_image) SELECT %d, %s, %s FROM %s"):format(
    part.book, part.pass, undo.image(part.name, part.key), undo.image(part.name, part.columns),
    part.name)
end

--- Writes gathered rows: keys, and for a change their new values behind them.
---@param part table
---@param work table
---@param block integer
---@param text string the statement that changes them
function undo.send(part, work, block, text)
  if work:count(block) == 0 then
    return
  end
  mark(part)
  local conditions, values = {}, #part.key + (part.action == "change" and #part.columns or 0)
  for i, name in ipairs(part.key) do
    conditions[i] = ("%s.%s = ?%d"):format(part.name, ident.quote(name), i)
  end
  -- Every value that is bound has to be named.
  work:keep(block, ("%s WHERE %s AND (?%d IS NULL OR 1)"):format(keeping(part),
    table.concat(conditions, " AND "), values))
  work:send(block, text)
end

--- Changes the rows of a condition. Returns how many they were.
---@param part table
---@param head (string|table)[] the pieces of an UPDATE or DELETE without a condition
---@param where fun(pieces: (string|table)[]) adds the condition
---@return integer
function undo.change(part, head, where)
  mark(part)
  local kept = { keeping(part) }
  where(kept)
  core.write_undo(kept)
  local columns, values = {}, {}
  for i, name in ipairs(part.key) do
    columns[i] = part.name .. "." .. ident.quote(name)
    values[i] = undo.value("row_key", i)
  end
  head[#head + 1] = ("\n WHERE (%s) IN (SELECT %s FROM %s WHERE pass = %d AND id > %d)"):format(
    table.concat(columns, ", "), table.concat(values, ", "), part.book, part.pass, part.mark)
  local affected = core.execute(head)
  undo.settle(part)
  return affected
end

--- Looks at what the rows have become, before the transaction is over.
---@param part table
function undo.settle(part)
  if part.mark and part.action == "change" then
    local conditions = {}
    for i, name in ipairs(part.key) do
      conditions[i] = ("luamig_row.%s = %s"):format(ident.quote(name),
        undo.value("luamig_part.row_key", i))
    end
    core.write_undo({ ("UPDATE %s AS luamig_part SET after_hash = (SELECT %s FROM %s AS luamig_row "
      .. "WHERE %s) WHERE pass = %d AND id > %d"):format(part.book,
      undo.hash("luamig_row", part.columns), part.name, table.concat(conditions, " AND "),
      part.pass, part.mark) })
  end
  part.mark = nil
end

--- One writes to a database at a time: nobody is to be kept out.
function undo.lock() end

--- Nothing stands between the columns and the values of an INSERT.
undo.overriding = ""

return undo
