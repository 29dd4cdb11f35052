--- Queries in SQL, in either dialect: from a query node to pieces. A piece is SQL as it stands, or
-- { text, parameters } whose parameters are bound; the host puts them together.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local strict = require("luamig.strict")

local query = {}
local writer = {}
writer.__index = writer

-- The most values that both engines take in one statement.
local MOST_VALUES = 32766

function writer:text(text, ...)
  text = select("#", ...) > 0 and text:format(...) or text
  local pieces = self.pieces
  if type(pieces[#pieces]) == "string" then
    pieces[#pieces] = pieces[#pieces] .. text
  else
    pieces[#pieces + 1] = text
  end
end

function writer:bind(value)
  self.count = self.count + 1
  table.insert(self.pieces, { "$1", { value } })
end

-- A line comment at the end of an author's text must not reach what follows.
local function closed(text)
  return text:find("--", 1, true) and text .. "\n" or text
end

function writer:author(text, params)
  if params then
    table.insert(self.pieces, { closed(text), params })
  else
    self:text("%s", closed(text))
  end
end

function writer:field(field)
  local name = ident.quote(field.name)
  if self.qualified then
    name = ident.qualified(field.table.schema, field.table.name) .. "." .. name
  end
  self:text("%s", name)
end

function writer:value(value)
  local kind = node.of(value)
  if kind == "field" then
    self:field(value)
  elseif kind == "excluded" then
    self:text("excluded.%s", ident.quote(value.name))
  elseif kind == "raw" then
    self:author(value.text)
  elseif kind == "query" then
    self:text("(")
    self:query(value)
    self:text(")")
  elseif kind then
    self:text("%s", common.expression(self.d, value))
  else
    self:bind(value)
  end
end

function writer:order(item)
  local is_order = node.of(item) == "order"
  self:value(is_order and item.field or item)
  if is_order and item.descending then
    self:text(" DESC")
  end
end

function writer:list(items, write, separator)
  for i, item in ipairs(items) do
    if i > 1 then
      self:text(separator or ", ")
    end
    write(self, item)
  end
end

local conditions = {}

function conditions.compare(self, c)
  self:field(c.left)
  self:text(" %s ", c.operator)
  self:value(c.right)
end

function conditions.null(self, c)
  self:field(c.left)
  self:text(" %s", c.operator)
end

conditions["in"] = function(self, c)
  self:field(c.left)
  if node.of(c.choices) then
    self:text(" IN ")
    self:value(c.choices)
    return
  end
  self.count = self.count + #c.choices
  table.insert(self.pieces, { " IN (:list)", { list = c.choices } })
end

function conditions.text(self, c)
  self:author(c.text, c.params)
end

conditions["and"] = function(self, c)
  self:list(c.parts, self.part, " AND ")
end

conditions["or"] = function(self, c)
  self:list(c.parts, self.part, " OR ")
end

conditions["not"] = function(self, c)
  self:text("NOT (")
  self:condition(c.part)
  self:text(")")
end

local COMPOSED = { ["and"] = true, ["or"] = true, text = true }

-- A condition inside another.
function writer:part(c)
  if not COMPOSED[c.said.form] then
    return self:condition(c)
  end
  self:text("(")
  self:condition(c)
  self:text(")")
end

function writer:condition(c)
  conditions[c.said.form](self, c.said)
end

function writer:where(said)
  if said.where then
    self:text(" WHERE ")
    self:condition(said.where)
  elseif (said.verb == "update" or said.verb == "delete") and not said.all then
    core.fail(("%s of '%s' without a condition meets every row"):format(
      said.verb, said.table.name), "if that is meant, say :all(); else :where(…)")
  elseif said.verb == "select" and self.upserts then
    self:text(" WHERE true")
  end
end

function writer:returning(said)
  if said.returning then
    self.qualified = false
    self:text(" RETURNING ")
    self:list(said.returning, self.value)
  end
end

function writer:assignments(set)
  self:list(strict.sorted_keys(set), function(_, name)
    self:text("%s = ", ident.quote(name))
    self:value(set[name])
  end)
end

function writer:conflict(said)
  local conflict = said.conflict
  if not conflict then
    return
  end
  self:text(" ON CONFLICT")
  if conflict.key then
    self:text(" (")
    self.qualified = false
    self:list(conflict.key, self.value)
    self.qualified = true
    self:text(")")
  end
  if not conflict.set then
    self:text(" DO NOTHING")
    return
  end
  self:text(" DO UPDATE SET ")
  self:assignments(conflict.set)
end

local verbs = {}

function verbs.select(self, said)
  self:text("SELECT ")
  self:list(said.columns, self.value)
  self:text(" FROM %s", ident.qualified(said.table.schema, said.table.name))
  self:where(said)
  if said.order then
    self:text(" ORDER BY ")
    self:list(said.order, self.order)
  end
  -- SQLite has no OFFSET without a LIMIT.
  if said.limit or said.offset and self.d.name == "sqlite" then
    self:text(" LIMIT %d", said.limit or -1)
  end
  if said.offset then
    self:text(" OFFSET %d", said.offset)
  end
end

function verbs.update(self, said)
  if not said.set then
    core.fail(("update of '%s' sets nothing"):format(said.table.name), ":set({ column = value })")
  end
  self:text("UPDATE %s SET ", ident.qualified(said.table.schema, said.table.name))
  self:assignments(said.set)
  self:where(said)
  self:returning(said)
end

function verbs.delete(self, said)
  self:text("DELETE FROM %s", ident.qualified(said.table.schema, said.table.name))
  self:where(said)
  self:returning(said)
end

local function columns_of(said)
  local columns = {}
  for _, name in ipairs(said.table.columns) do
    if said.rows[1][name] ~= nil then
      columns[#columns + 1] = name
    end
  end
  return columns
end

local function write_rows(self, said, columns)
  self:text("VALUES ")
  self:list(said.rows, function(_, row)
    self:text("(")
    self:list(columns, function(_, name)
      self:value(row[name])
    end)
    self:text(")")
  end)
end

function verbs.insert(self, said)
  if not said.rows and not said.select then
    core.fail(("insert into '%s' has no values"):format(said.table.name),
      ":values({ column = value }) or :from_select(columns, select)")
  end
  local columns = said.rows and columns_of(said) or said.columns
  self:text("INSERT INTO %s (%s) ", ident.qualified(said.table.schema, said.table.name),
    ident.list(columns))
  if said.rows then
    write_rows(self, said, columns)
  else
    -- After a select without WHERE, SQLite takes ON CONFLICT for a join.
    self.upserts = said.conflict ~= nil
    self:query(said.select)
  end
  self:conflict(said)
  self:returning(said)
end

function writer:query(q)
  verbs[q.said.verb](self, q.said)
end

local function names_more_tables(value)
  local kind = node.of(value)
  if kind == "query" then
    return true
  elseif kind ~= "condition" then
    return false
  end
  local said = value.said
  for _, part in ipairs(said.parts or {}) do
    if names_more_tables(part) then
      return true
    end
  end
  return names_more_tables(said.part) or names_more_tables(said.right)
    or names_more_tables(said.choices)
end

-- Where more than one table has a say, a column's name alone could mean either.
local function needs_tables(said)
  if said.conflict or said.select then
    return true
  end
  for _, name in ipairs(strict.sorted_keys(said.set or {})) do
    if names_more_tables(said.set[name]) then
      return true
    end
  end
  return names_more_tables(said.where)
end

--- The pieces of a query in this dialect.
---@param d table
---@param q table
---@return (string|table)[]
function query.pieces(d, q)
  local made = setmetatable({ d = d, pieces = {}, count = 0, qualified = needs_tables(q.said) },
    writer)
  made:query(q)
  if made.count > MOST_VALUES then
    core.fail(("the query has %d values, and a statement takes %d"):format(
      made.count, MOST_VALUES), "give the rows in several parts")
  end
  return made.pieces
end

return query
