--- What a backfill with `undo` keeps in luamig_undo: for each row what it was, in the transaction
-- that changes it, and by what a later change of it is seen. op.undo (undo.lua) reads it.
--
-- A part is what one pass through a table does in one way: a change of columns, or a removal. It
-- has a row of its own in luamig_undo, to which those of the table's rows belong.
local core = require("luamig.core")
local json = require("luamig.json")

local journal = {}

local kept = {}
kept.__index = kept

local function refuse_place(context)
  if core.is_offline() then
    core.fail("backfill: 'undo' keeps rows as they are found, and --sql finds none",
      "run it online, or leave 'undo' out")
  elseif context.direction ~= "upgrade" then
    core.fail(("backfill: 'undo' keeps rows for downgrade(), and this is %s"):format(
      context.direction == "downgrade" and "downgrade() itself" or "no upgrade()"),
      "leave 'undo' out")
  end
end

--- The SQL of before-images in this dialect.
---@param pages table the table (table_pages)
---@return table
function journal.words(pages)
  local words = require("luamig.dialect." .. core.dialect() .. ".undo")
  local name, wanted = words.odd_setting()
  if name then
    pages:fail(("with another %s than %s values would not come back as they are"):format(name,
      wanted), ('op.setting("%s", "%s") before it'):format(name, wanted))
  end
  return words
end

--- For an operation with `undo`, before its first row. `reverse` is the operation that undoes what
-- it has done so far.
---@param o table the operation
---@return table
function journal.of(o)
  local context = core.context()
  refuse_place(context)
  return setmetatable({
    revision = context.revision,
    reverse = { op = "undo", table = o.table, schema = o.schema, revision = context.revision,
      passes = {} },
  }, kept)
end

--- A durable step goes on: what earlier attempts have kept belongs to it. `state` is kept with it.
---@param state table
function kept:go_on(state)
  state.undo = state.undo or {}
  for _, pass in ipairs(self.reverse.passes) do
    table.insert(state.undo, pass)
  end
  self.reverse.passes = state.undo
end

-- What an earlier application of the revision has left is of rows that have been gone through anew.
local function forget_earlier(self)
  local earlier = ("SELECT id FROM %s WHERE pass IS NULL AND version_table = $1 AND revision = $2 "
    .. "AND began <> $3"):format(self.book)
  core.write_undo({ { ("DELETE FROM %s WHERE pass IN (%s) OR id IN (%s)"):format(self.book, earlier,
    earlier), { self.project, self.revision, self.began } } })
end

local function open(self)
  if not self.book then
    self.book, self.project, self.began = core.undo_table(true)
    forget_earlier(self)
  end
end

--- A part of its own.
---@param pages table the table (table_pages), whose key is known
---@param action "change"|"delete"
---@param columns string[]? what is changed
---@return table
function kept:begin(pages, action, columns)
  local o, words = pages.o, journal.words(pages)
  open(self)
  columns = columns or words.stored_columns(o.table, o.schema)
  core.write_undo({ { ("INSERT INTO %s (version_table, revision, began, table_name, kept) "
    .. "VALUES ($1, $2, $3, $4, $5)"):format(self.book), { self.project, self.revision, self.began,
    words.full_name(o.table, o.schema),
    json.encode({ action = action, key = pages.key, columns = columns }) } } })
  local part = { book = self.book, pass = words.last_id(self.book), action = action,
    name = pages.name, key = pages.key, columns = columns, types = pages.types, words = words }
  table.insert(self.reverse.passes, part.pass)
  return part
end

return journal
