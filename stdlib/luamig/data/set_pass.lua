--- op.backfill without a function: one UPDATE or DELETE, or one for each batch.
local core = require("luamig.core")
local fit = require("luamig.data.fit")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local no_counts = require("luamig.data.counts").none
local parts = require("luamig.data.parts")
local search = require("luamig.data.search")
local strict = require("luamig.strict")
local table_pages = require("luamig.data.table_pages")

local set_pass = {}

-- SQLite would keep any text in any column. A plain text in `set` is a value, and whoever writes
-- SQL there means sql.raw.
---@param o table the operation
---@param pages table its table
function set_pass.require_fit(o, pages)
  for _, name in ipairs(strict.sorted_keys(o.set or {})) do
    if node.of(o.set[name]) == "raw" then
      table_pages.refuse_closing(o, ("'set' for %s"):format(name), o.set[name].text)
    end
  end
  if not pages.words.takes_any then
    return
  end
  for _, name in ipairs(strict.sorted_keys(o.set or {})) do
    local value, column = o.set[name], pages.columns[name]
    if type(value) == "string" and column.type then
      local fits, noun = fit.read(value, pages.words.column_rule(column, true))
      if fits == nil then
        pages:fail(("'set' gives %s the text %s, which is no %s"):format(name, core.quote(value),
          noun), ("for SQL: %s = sql.raw(%q)"):format(name, value))
      end
    end
  end
end

--- The pieces of "UPDATE t SET …" or "DELETE FROM t", without a condition.
---@param o table the operation
---@return (string|table)[]
function set_pass.head(o)
  if o.delete then
    return { "DELETE FROM " .. ident.qualified(o.schema, o.table) }
  end
  local named = require("luamig.sql").table(o.table, strict.sorted_keys(o.set),
    { schema = o.schema })
  local d = require("luamig.dialect." .. core.dialect()).words
  return require("luamig.dialect.query").pieces(d, named:update():set(o.set):all())
end

local function count_in(counts, o, affected)
  counts.read = counts.read + affected
  local what = o.delete and "deleted" or "changed"
  counts[what] = counts[what] + affected
end

local function begin_journal(o, pages)
  o.part = o.part or o.journal:begin(pages, o.delete and "delete" or "change",
    o.set and strict.sorted_keys(o.set))
end

-- Changes the rows behind `after` and up to `upto`. Returns how many they were.
local function change(o, pages, after, upto)
  local pieces = set_pass.head(o)
  if o.journal then
    begin_journal(o, pages)
    local affected = o.part.words.change(o.part, pieces, function(condition)
      pages:where(condition, after, upto)
    end)
    return affected
  end
  pages:where(pieces, after, upto)
  local affected = core.execute(pieces)
  return affected
end

local function find_key(o, pages)
  pages:find_key()
  for _, name in ipairs(pages.key) do
    if o.set and o.set[name] ~= nil then
      pages:fail(("'set' names '%s', which is of the key"):format(name),
        "the rows are found by it; change it by op.execute")
    end
  end
end

-- The next `size` rows behind `after`. Returns the key of the last, and whether more may follow.
local function one_batch(o, pages, counts, after, size)
  local upto, count = pages:next_range(after, size)
  if upto then
    count_in(counts, o, change(o, pages, after, upto))
  end
  return upto, count == size
end

local function nothing() end

-- Without a key the row that an error is about cannot be found.
local function set_in_one(o, pages)
  local counts = no_counts()
  local function all()
    count_in(counts, o, change(o, pages))
  end
  if o.journal then
    find_key(o, pages)
    begin_journal(o, pages)
  elseif #(o.key or pages.primary) == 0 then
    all()
    return counts
  end
  search.attempt(pages, all, nil, { given = nothing, undone = nothing,
    batch = function(after, size)
      if not pages.key then
        pages:find_key()
      end
      local last, more = one_batch(o, pages, no_counts(), after, size)
      return last, more
    end })
  return counts
end

local function set_in_parts(o, pages)
  find_key(o, pages)
  if o.journal then
    begin_journal(o, pages)
  end
  local state = parts.run(pages, { counts = no_counts() }, {
    looks_back = true,
    batch = function(state, size)
      local last, more = one_batch(o, pages, state.counts, state.last, size)
      return last, more
    end,
  })
  return state.counts
end

--- The counts of the whole pass.
---@param o table the operation
---@param in_parts boolean whether it is a durable step
---@return table<string, integer>
function set_pass.run(o, in_parts)
  local pages = table_pages.of(o)
  for _, name in ipairs(strict.sorted_keys(o.set or {})) do
    pages:require_column(name, "set")
  end
  set_pass.require_fit(o, pages)
  local counts = (in_parts and set_in_parts or set_in_one)(o, pages)
  return counts
end

--- As row_pass.begin_again.
---@param o table the operation
---@return { pages: table, again: function, given: function, undone: function }
function set_pass.begin_again(o)
  local pages = table_pages.of(o)
  find_key(o, pages)
  if o.journal then
    begin_journal(o, pages)
  end
  return { pages = pages, given = nothing, undone = nothing, again = function()
    change(o, pages)
  end }
end

set_pass.nothing = no_counts

return set_pass
