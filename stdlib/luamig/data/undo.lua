--- op.undo: rows get back what luamig_undo has kept of them (journal.lua), where nobody has changed
-- them since. What was done last is undone first.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local journal = require("luamig.data.journal")
local json = require("luamig.json")
local plural = require("luamig.plural")
local strict = require("luamig.strict")
local table_pages = require("luamig.data.table_pages")

local undo = {}

local MOST_SHOWN = 5

local function nothing_kept(self)
  local others = {}
  if self.book then
    local cursor = core.look(("SELECT DISTINCT table_name FROM %s WHERE pass IS NULL AND "
      .. "version_table = $1 AND revision = $2 ORDER BY table_name"):format(self.book),
      { self.project, self.revision })
    for row in cursor.next, cursor do
      others[#others + 1] = row[1]
    end
    cursor:close()
  end
  self.pages:fail(("nothing is kept of %s by revision %s"):format(self.o.table, self.revision),
    #others > 0 and "kept is: " .. table.concat(others, ", ")
    or "op.backfill keeps rows with undo = true, and op.undo gives them back once; take it out "
      .. "where they may stay as they are")
end

-- The parts of this operation, the last one first; those of an earlier application are none.
local function parts_of(self)
  local parts, passes = {}, strict.set(self.o.passes or {})
  local cursor = core.look(("SELECT id, began, kept FROM %s WHERE pass IS NULL AND version_table = "
    .. "$1 AND revision = $2 AND table_name = $3 ORDER BY began DESC, id DESC"):format(self.book),
    { self.project, self.revision, self.words.full_name(self.o.table, self.o.schema) })
  for row in cursor.next, cursor do
    local kept = json.decode(row.kept)
    local last = parts[1] and parts[1].began
    if (not last or last == row.began) and (not self.o.passes or passes[row.id]) then
      parts[#parts + 1] = { pass = row.id, began = row.began, action = kept.action, key = kept.key,
        columns = kept.columns }
    end
  end
  cursor:close()
  return parts
end

local function require_columns(self, part)
  for _, list in ipairs({ part.key, part.columns }) do
    for _, name in ipairs(list) do
      if not self.pages.columns[name] then
        self.pages:fail(("'%s' is kept of %s, which has no such column now"):format(name,
          self.o.table), "op.undo belongs before the column is dropped or renamed, in downgrade() "
          .. "after it is there again")
      end
    end
  end
end

local function value_of(self, image, list, i)
  return self.words.value(image, i, self.pages.types[list[i]] or {})
end

-- "luamig_row.id = …": the row that is kept.
local function same_key(self, part)
  local conditions = {}
  for i, name in ipairs(part.key) do
    conditions[i] = ("luamig_row.%s = %s"):format(ident.quote(name),
      value_of(self, "luamig_part.row_key", part.key, i))
  end
  return table.concat(conditions, " AND ")
end

-- Some keys of the rows of a condition, as text.
local function shown_keys(self, part, condition)
  local values = {}
  for i in ipairs(part.key) do
    values[i] = self.words.shown("luamig_part.row_key", i)
  end
  local text = "SELECT %s FROM %s AS luamig_part WHERE pass = %d AND %s ORDER BY luamig_part.id "
    .. "LIMIT %d"
  local cursor = core.open(text:format(table.concat(values, ", "), self.book, part.pass, condition,
    MOST_SHOWN), nil, nil, false)
  local shown = {}
  for row in cursor.next, cursor do
    local key = {}
    for i, name in ipairs(part.key) do
      key[i] = ("%s = %s"):format(name, tostring(row[i]))
    end
    shown[#shown + 1] = #key > 1 and ("(%s)"):format(table.concat(key, ", ")) or key[1]
  end
  cursor:close()
  return table.concat(shown, ", ")
end

-- Rows of a condition are left alone: they are counted, told and forgotten. Returns their number.
local function leave(self, part, condition, what, why)
  local shown = shown_keys(self, part, condition)
  if shown == "" then
    return 0
  end
  local count = core.write_undo({ ("DELETE FROM %s AS luamig_part WHERE pass = %d AND %s"):format(
    self.book, part.pass, condition) })
  self.counts[what] = self.counts[what] + count
  core.log("warning", ("undo %s: %s %s: %s%s"):format(self.o.table, plural.of(count, "row"), why,
    shown, count > MOST_SHOWN and ", …" or ""))
  return count
end

-- What was written may have become something else at once.
local function look_again(self, part)
  local same = ("SELECT 1 FROM %s AS luamig_row WHERE %s AND %s = luamig_part.before_image"):format(
    self.pages.name, same_key(self, part), self.words.image("luamig_row", part.columns))
  self.counts.restored = self.counts.restored - leave(self, part, ("NOT EXISTS (%s)"):format(same),
    "changed", "not as they were, a trigger or a rule changes what is written")
end

local function count_of(self, part)
  local row = table_pages.one(("SELECT count(*) FROM %s WHERE pass = %d"):format(self.book,
    part.pass))
  return row[1]
end

-- What was to be restored and is not has been stopped by something that nobody sees here.
local function restore(self, part, pieces)
  local wanted = count_of(self, part)
  if wanted == 0 then
    return
  end
  local restored = core.execute(pieces)
  if restored ~= wanted then
    self.pages:fail(("%d of %s were restored"):format(restored, plural.of(wanted, "row")),
      "a trigger or a rule keeps the others from it: look at those on " .. self.o.table)
  end
  self.counts.restored = self.counts.restored + restored
  look_again(self, part)
end

local function restore_changed(self, part)
  local key = same_key(self, part)
  local from = ("SELECT 1 FROM %s AS luamig_row WHERE %s"):format(self.pages.name, key)
  self.words.lock(("%s AS luamig_row JOIN %s AS luamig_part ON %s WHERE luamig_part.pass = %d")
    :format(self.pages.name, self.book, key, part.pass))
  leave(self, part, ("NOT EXISTS (%s)"):format(from), "gone", "gone since")
  leave(self, part, ("NOT EXISTS (%s AND %s = luamig_part.after_hash)"):format(from,
    self.words.hash("luamig_row", part.columns)), "changed", "left alone, changed since")
  local sets = {}
  for i, name in ipairs(part.columns) do
    sets[i] = ("%s = %s"):format(ident.quote(name),
      value_of(self, "luamig_part.before_image", part.columns, i))
  end
  restore(self, part, { ("UPDATE %s AS luamig_row SET %s FROM %s AS luamig_part WHERE "
    .. "luamig_part.pass = %d AND %s"):format(self.pages.name, table.concat(sets, ", "), self.book,
    part.pass, key) })
end

local function restore_removed(self, part)
  leave(self, part, ("EXISTS (SELECT 1 FROM %s AS luamig_row WHERE %s)"):format(self.pages.name,
    same_key(self, part)), "changed", "left alone, the key is taken")
  local values = {}
  for i in ipairs(part.columns) do
    values[i] = value_of(self, "luamig_part.before_image", part.columns, i)
  end
  restore(self, part, { ("INSERT INTO %s (%s)%s SELECT %s FROM %s AS luamig_part WHERE pass = %d "
    .. "ORDER BY luamig_part.id"):format(self.pages.name, ident.list(part.columns),
    self.words.overriding, table.concat(values, ", "), self.book, part.pass) })
end

local RESTORE = { change = restore_changed, delete = restore_removed }

local function begin(o)
  local self = { o = o, counts = { restored = 0, changed = 0, gone = 0 } }
  self.pages = table_pages.of(o)
  self.words = journal.words(self.pages)
  self.book, self.project = core.undo_table(false)
  self.revision = o.revision or core.context().revision
  return self
end

local function refuse_offline(o)
  if core.is_offline() then
    core.fail(("%s: what is kept of the rows is in the database, which --sql does not ask"):format(
      o.op), "run it online")
  end
end

--- Counts of rows: restored; changed since, or their key taken, and left alone; gone.
---@param o table the operation
---@return { restored: integer, changed: integer, gone: integer }
function undo.undo(o)
  refuse_offline(o)
  local self = begin(o)
  local parts = self.book and parts_of(self) or {}
  if #parts == 0 and not o.passes then
    nothing_kept(self)
  end
  for _, part in ipairs(parts) do
    require_columns(self, part)
    RESTORE[part.action](self, part)
    core.write_undo({ ("DELETE FROM %s WHERE pass = %d OR id = %d"):format(self.book, part.pass,
      part.pass) })
  end
  core.log("info", ("undo %s: %s restored"):format(o.table,
    plural.of(self.counts.restored, "row")))
  return self.counts
end

return undo
