--- The shape of a schema of SQLite (autogenerate/shape.lua): one query, and the texts that SQLite
-- keeps, which hold what its pragmas do not tell.
local catalog = require("luamig.dialect.catalog")
local named = require("luamig.dialect.sqlite.named")
local shape = require("luamig.autogenerate.shape")
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")

local reader = {}

local OBJECTS = [[
  SELECT m.type AS type, m.name AS name, m.tbl_name AS owner, m.sql AS sql
    FROM main.sqlite_schema AS m
   WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'
   ORDER BY m.name, m.rowid]]

local function words(parsed, range)
  return range[1] <= range[2] and stored.words(parsed, range[1], range[2]) or ""
end

local function list_copy(list)
  local copy = {}
  for i, one in ipairs(list or {}) do
    copy[i] = one
  end
  return copy
end

local column_makers = {}

-- ABORT is what happens anyway.
local function conflict_of(c)
  return c.conflict ~= "ABORT" and c.conflict or nil
end

function column_makers.not_null(_, column, c)
  column.nullable, column.on_conflict = false, conflict_of(c)
end

local VALUES = { NULL = true, TRUE = true, FALSE = true, CURRENT_TIMESTAMP = true,
  CURRENT_DATE = true, CURRENT_TIME = true }

function column_makers.default(parsed, column, c)
  local first, last = c.value_first, c.value_last
  if parsed.tokens[first].text == "(" and last - first <= 3 then  -- "(5)", "(-5)"
    first, last = first + 1, last - 1
  end
  local text, token = stored.words(parsed, first, last), parsed.tokens[first]
  local is_text = token.kind == "word" and first == last and not VALUES[token.word]
  if token.kind == "quoted" or is_text then  -- a name where only a text can stand is one
    text = ("'%s'"):format(token.name:gsub("'", "''"))
  end
  if text:upper() ~= "NULL" then
    column.default = text
  end
end

function column_makers.collate(_, column, c)
  column.collation = c.collation:upper() ~= "BINARY" and c.collation or nil
end

function column_makers.generated(parsed, column, c)
  column.computed = words(parsed, c.inner)
end

local function read_column(parsed, of, described)
  local column = { name = described.name, type = "", nullable = true }
  if described.type then
    local text = words(parsed, described.type):upper():gsub("%s+", " ")
    column.type = text:gsub(" ?([%(%),]) ?", "%1")
  end
  for _, c in ipairs(described.constraints) do
    if column_makers[c.kind] then
      column_makers[c.kind](parsed, column, c)
    end
  end
  of.columns[#of.columns + 1] = column
end

local constraint_makers = {}

function constraint_makers.unique(_, made, c)
  made.on_conflict = conflict_of(c)
end

constraint_makers.primary_key = constraint_makers.unique

function constraint_makers.check(parsed, made, c)
  made.condition, made.in_column = words(parsed, c.inner), c.column ~= nil or nil
end

function constraint_makers.foreign_key(_, made, c)
  made.target, made.target_columns = c.target, c.target_columns and list_copy(c.target_columns)
  made.ondelete = c.ondelete ~= "NO ACTION" and c.ondelete or nil
  made.onupdate = c.onupdate ~= "NO ACTION" and c.onupdate or nil
  made.match = c.match ~= "SIMPLE" and c.match or nil
  made.deferrable = c.deferrable
  made.initially = c.initially == "DEFERRED" and c.initially or nil
end

-- What the whole key says of its column: an INTEGER is the rowid, which numbers itself.
local function read_key(parsed, of, c)
  local rowid = stored.rowid_column(parsed)
  for _, column in ipairs(of.columns) do
    if rowid and tokens.same(column.name, rowid.name) then
      column.identity = { once = c.autoincrement or nil }
    end
    for _, name in ipairs(c.columns) do
      if tokens.same(column.name, name) then
        column.in_key, column.by_key = true, column.nullable or nil
        column.nullable = false
      end
    end
  end
end

local function read_constraints(parsed, of, indexes)
  for _, one in ipairs(named.all(parsed, indexes)) do
    local c = one.constraint
    if not c.index then
      local made = { kind = c.kind, name = one.name, auto = not c.name, columns = {} }
      made.columns = c.kind ~= "check" and list_copy(c.columns) or {}
      if constraint_makers[c.kind] then
        constraint_makers[c.kind](parsed, made, c)
      end
      if c.kind == "primary_key" then
        of.primary_key = made
        read_key(parsed, of, c)
      else
        table.insert(of.constraints, made)
      end
    end
  end
end

-- A type that is no rowid's may be spelled either way.
local function plain_integers(of)
  for _, column in ipairs(of.columns) do
    local key = of.primary_key and of.primary_key.columns
    local is_key = key and #key == 1 and tokens.same(key[1], column.name)
    if column.type == "INT" then
      column.type, column.is_int = "INTEGER", true
    elseif column.type == "INTEGER" and is_key and not column.identity then  -- PRIMARY KEY DESC
      column.is_int = true
    end
  end
end

-- Both sides of a comparison mostly hold the same texts.
local parsed_texts = {}

local function parse(text)
  local parsed = parsed_texts[text] or stored.parse(text)
  parsed_texts[text] = parsed
  return parsed
end

local function read_table(object, indexes)
  local parsed = parse(object.sql)
  local of = {
    name = object.name,
    columns = {},
    constraints = {},
    indexes = {},
    strict = parsed.strict,
    without_rowid = parsed.without_rowid,
  }
  for _, described in ipairs(parsed.columns) do
    read_column(parsed, of, described)
  end
  read_constraints(parsed, of, indexes)
  plain_integers(of)
  return of
end

-- A name may be written in other letters than where its column is declared.
local function spelled_columns(of)
  local by_letters = {}
  for _, column in ipairs(of.columns) do
    by_letters[column.name:lower()] = column.name
  end
  return function(list)
    for i, name in ipairs(list or {}) do
      list[i] = by_letters[name:lower()] or name
    end
  end, by_letters
end

local function spell_columns(of)
  local spell, by_letters = spelled_columns(of)
  spell(of.primary_key and of.primary_key.columns)
  for _, c in ipairs(of.constraints) do
    spell(c.columns)
  end
  for _, index in ipairs(of.indexes) do
    for _, part in ipairs(index.columns) do
      part.name = part.name and (by_letters[part.name:lower()] or part.name)
    end
  end
end

-- Each part of "( a, lower(b) DESC )" that begins at token `at`: its tokens. Returns the parts and
-- the token behind them.
local function parenthesised(list, at)
  local parts, depth, first = {}, 0, at + 1
  repeat
    local sign = list[at].kind == "sign" and list[at].text
    depth = depth + (sign == "(" and 1 or sign == ")" and -1 or 0)
    if depth == 0 or depth == 1 and sign == "," then
      parts[#parts + 1] = { first, at - 1 }
      first = at + 1
    end
    at = at + 1
  until depth == 0
  return parts, at
end

local function find_word(list, word, from)
  for i = from, #list do
    if list[i].word == word then
      return i
    end
  end
  return nil
end

local function text_between(sql, list, first, last)
  return sql:sub(list[first].from, list[last].to)
end

local function read_index(object)
  local list = tokens.read(object.sql)
  local index = { name = object.name, unique = list[2].word == "UNIQUE" or nil, columns = {} }
  local at = find_word(list, "ON", 3)
  local parts, behind = parenthesised(list, at + 2)
  for i, part in ipairs(parts) do
    local token = list[part[1]]
    local alone = part[1] == part[2] and token.name
    index.columns[i] = alone and { name = token.name }
      or { text = text_between(object.sql, list, part[1], part[2]) }
  end
  if list[behind] then
    index.where = text_between(object.sql, list, behind + 1, #list)
  end
  return index
end

local function read_view(object)
  local list = tokens.read(object.sql)
  local view = { name = object.name, indexes = {}, uses = {} }
  local at = find_word(list, "VIEW", 1) + 2
  if list[at].text == "(" then
    local parts, behind = parenthesised(list, at)
    view.columns, at = {}, behind
    for i, part in ipairs(parts) do
      view.columns[i] = list[part[1]].name
    end
  end
  view.query = text_between(object.sql, list, at + 1, #list)
  view.tokens = list
  return view
end

-- A view uses the tables and views that its text names.
local function read_uses(into)
  for _, view in shape.each(into.views) do
    local names = {}
    for _, token in ipairs(view.tokens) do
      if token.name then
        names[token.name:lower()] = true
      end
    end
    for _, things in ipairs({ into.tables, into.views }) do
      for key, thing in shape.each(things) do
        if thing ~= view and names[key:lower()] then
          view.uses[key] = true
        end
      end
    end
    view.tokens = nil
  end
end

-- A foreign key that names no columns means the primary key.
local function name_targets(into)
  for _, of in shape.each(into.tables) do
    for _, c in ipairs(of.constraints) do
      if c.kind == "foreign_key" and not c.target_columns then
        local target = into.tables[c.target]
        c.target_columns = list_copy(target and target.primary_key and target.primary_key.columns)
      end
    end
  end
end

-- A foreign key may spell its table in other letters than the table itself.
local function spell_targets(into)
  local spelled = {}
  for key in shape.each(into.tables) do
    spelled[key:lower()] = key
  end
  for _, of in shape.each(into.tables) do
    for _, c in ipairs(of.constraints) do
      if c.kind == "foreign_key" then
        c.target = spelled[c.target:lower()] or c.target
        local target = into.tables[c.target]
        if target then
          spelled_columns(target)(c.target_columns)
        end
      end
    end
  end
end

-- Virtual tables and what they keep their content in are no plain tables. In SQL that would be
-- asked of each pair of objects.
local function virtual_test(objects)
  local virtual, prefixes = {}, {}
  for _, object in ipairs(objects) do
    if object.type == "table" and object.sql:find("^CREATE VIRTUAL ") then
      virtual[object.name], prefixes[#prefixes + 1] = true, object.name:lower() .. "_"
    end
  end
  return function(name)
    local found = virtual[name]
    for _, prefix in ipairs(prefixes) do
      found = found or name:sub(1, #prefix):lower() == prefix
    end
    return found
  end
end

local function gather(is_book)
  local found = { table = {}, index = {}, view = {}, trigger = {} }
  local objects = catalog.list(OBJECTS, {}, function(row)
    return { type = row.type, name = row.name, owner = row.owner, sql = row.sql }
  end)
  local is_virtual = virtual_test(objects)
  for _, object in ipairs(objects) do
    if not is_book(object.owner) and not is_virtual(object.owner) then
      table.insert(found[object.type], object)
    end
  end
  return found
end

--- As the reader of PostgreSQL; SQLite's schema is `main`.
---@param is_book fun(name: string): boolean
---@return table
function reader.read(_, _, is_book)
  local into, found, indexes = shape.new("sqlite"), gather(is_book), {}
  for _, object in ipairs(found.index) do
    indexes[object.owner] = indexes[object.owner] or {}
    table.insert(indexes[object.owner], object)
  end
  for _, object in ipairs(found.table) do
    local of = read_table(object, indexes[object.name] or {})
    into.tables[of.name] = of
    for _, index in ipairs(indexes[object.name] or {}) do
      table.insert(of.indexes, read_index(index))
    end
    spell_columns(of)
  end
  for _, object in ipairs(found.view) do
    into.views[object.name] = read_view(object)
  end
  for _, object in ipairs(found.trigger) do
    local view = into.views[object.owner]
    if into.tables[object.owner] then
      into.tables[object.owner].serves = true
    elseif view then
      view.bears = view.bears or {}
      table.insert(view.bears, { sql = object.sql })
    end
  end
  spell_targets(into)
  name_targets(into)
  read_uses(into)
  return into
end

return reader
