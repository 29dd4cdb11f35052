--- Makes what the models say in a place that nobody sees, by the operations that a migration would
-- call, and reads it there: types, defaults and expressions are then in the database's own words.
--
-- SQLite: a database in memory. PostgreSQL: schemas of their own, in a transaction that is rolled
-- back; the database's schemas stay in the search path behind them, for what no model describes.
local catalog = require("luamig.dialect.catalog")
local compile = require("luamig.compile")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local operation = require("luamig.operation")
local perform = require("luamig.perform")
local phases = require("luamig.autogenerate.phases")
local shape = require("luamig.autogenerate.shape")
local stand_ins = require("luamig.autogenerate.stand_ins")
local tokens = require("luamig.dialect.postgresql.tokens")

local scratch = {}

local facts = setmetatable({}, {
  __index = function(_, name)
    return require("luamig.reflect")[name]
  end,
})

-- What is being made, for an error of the database.
local at_work

local function run(o)
  at_work = o
  perform.statements(compile.statements(o, facts))
end

-- Without foreign keys to tables that are still to come: those follow when all are there.
local function without_references(o, keys)
  local items, later = {}, {}
  for i, item in ipairs(o.items) do
    local targets = item.references
    local target = targets and (targets.table and targets or targets[1])
    local postponed = target and keys[shape.key(target.schema, target.table)]
    if not postponed then
      items[i] = item
    elseif node.of(item) == "column" then
      local column = {}
      for field, value in pairs(item) do
        column[field] = value
      end
      column.references, column.ondelete, column.onupdate = nil, nil, nil
      -- An identity does not hang on the foreign key that is missing for a while.
      if item.primary_key and column.autoincrement == nil then
        column.autoincrement = false
      end
      items[i] = column
      later[#later + 1] = { item = item, targets = { target }, columns = { item.name } }
    else
      later[#later + 1] = { item = item, targets = targets, columns = item.columns }
    end
  end
  local kept = {}
  for i = 1, #o.items do
    kept[#kept + 1] = items[i]
  end
  return kept, later
end

local function add_later(o, later)
  for _, one in ipairs(later) do
    local c, remote = one.item, {}
    for i, target in ipairs(one.targets) do
      remote[i] = target.column
    end
    run({ op = "create_foreign_key", name = node.of(c) ~= "column" and c.name or nil,
      source = o.name, source_schema = o.schema, referent = one.targets[1].table,
      referent_schema = one.targets[1].schema, local_cols = one.columns, remote_cols = remote,
      ondelete = c.ondelete, ondelete_columns = c.ondelete_columns, onupdate = c.onupdate,
      match = c.match, deferrable = c.deferrable, initially = c.initially })
  end
end

local function targets_of(o)
  local needs, own = {}, shape.key(o.schema, o.name)
  for _, item in ipairs(o.items) do
    local targets = item.references
    local target = targets and (targets.table and targets or targets[1])
    local key = target and shape.key(target.schema, target.table)
    if key and key ~= own then
      needs[#needs + 1] = key
    end
  end
  return needs
end

local function copy_with(o, items)
  local copy = {}
  for field, value in pairs(o) do
    copy[field] = value
  end
  copy.items, copy.renamed_from = items, nil
  return copy
end

local function make_tables(found)
  local keys, needs, by_key, cut, after = {}, {}, {}, {}, {}
  for i, o in ipairs(found.tables) do
    keys[i] = shape.key(o.schema, o.name)
    by_key[keys[i]], needs[keys[i]] = o, targets_of(o)
  end
  local order = phases.sorted(keys, needs, function(name, need)
    cut[name] = cut[name] or {}
    cut[name][need] = true
  end)
  for _, key in ipairs(order) do
    local items, later = without_references(by_key[key], cut[key] or {})
    run(copy_with(by_key[key], items))
    after[#after + 1] = function()
      add_later(by_key[key], later)
    end
  end
  for _, follow in ipairs(after) do
    follow()
  end
end

-- A column may take its numbers from a sequence that it owns, so the sequence comes first.
local function without_owner(o)
  local copy = {}
  for field, value in pairs(o) do
    copy[field] = field ~= "owned_by" and value or nil
  end
  return copy
end

local function make(found)
  for _, o in ipairs(found.enums) do
    run(o)
  end
  for _, o in ipairs(found.sequences) do
    run(without_owner(o))
  end
  make_tables(found)
  for _, o in ipairs(found.partitions) do
    run(o)
  end
  for _, o in ipairs(found.sequences) do
    local by = o.owned_by
    if by then
      core.emit(("ALTER SEQUENCE %s OWNED BY %s.%s"):format(ident.qualified(o.schema, o.name),
        ident.qualified(by.schema, by.table), ident.quote(by.column)))
    end
  end
  for _, o in ipairs(found.views) do
    run(o)
  end
end

-- What an extension gives: a type or an operator class, a function.
local OF_EXTENSIONS = { ["42704"] = true, ["42883"] = true }
local EXTENSION = "does it come with an extension? CREATE EXTENSION in this database first; the "
  .. "head of a dump names those of its own"

-- An error of the database names what it could not make.
local function make_named(found)
  at_work = nil
  local ok, problem = core.try(make, found)
  if ok then
    return
  elseif problem.code ~= "sql" or not at_work then
    return make(found)  -- all of it is undone: it raises the same
  end
  local message = problem.message:gsub(" at character %d+$", "")
  core.fail(("the models cannot be made, at %s: %s"):format(operation.describe(at_work), message),
    OF_EXTENSIONS[problem.sqlstate] and EXTENSION or problem.hint)
end

local function ask(query)
  local row = catalog.first(query, {})
  return row
end

-- Where the database looks, with what stands for a schema before it.
local function path_of(place, here)
  local path = { ident.quote(place.main) }
  for _, token in ipairs(tokens.read(here.path)) do
    local name = place.names[token.name or ""]
    path[#path + 1] = name and ident.quote(name) or nil
  end
  path[#path + 1] = here.path
  return table.concat(path, ", ")
end

-- Makes the schemas and looks there first.
local function enter(schemas)
  local here = ask([[SELECT current_schema() AS schema, pg_backend_pid() AS pid,
    current_setting('search_path') AS path]])
  local prefix = ("luamig_scratch_%d_"):format(tonumber(here.pid))
  local place = stand_ins.new({ default = here.schema, names = {}, shown = {}, list = {},
    path = here.path })
  local function add(name, shown)
    core.emit("CREATE SCHEMA " .. ident.quote(name))
    place.shown[name] = shown
    table.insert(place.list, name)
  end
  place.main = prefix .. "main"
  -- A foreign key to what no model describes leads there.
  place.shown[here.schema] = false
  add(place.main, false)
  for i, schema in ipairs(schemas) do
    place.names[schema] = prefix .. i
    add(place.names[schema], schema)
  end
  core.execute("SET LOCAL search_path TO " .. path_of(place, here))
  return place
end

local function without(text, part)
  local from, to = text:find(part, 1, true)
  return from and text:sub(1, from - 1) .. text:sub(to + 1) or text
end

-- A dump makes its schemas, and looks nowhere else.
local function moved_dump(place, text)
  text = place:text(text)
  for _, name in ipairs(place.list) do
    text = without(text, "CREATE SCHEMA " .. ident.quote(place.shown[name] or place.default) .. ";")
  end
  return without(text, "SELECT pg_catalog.set_config('search_path', '', false);")
end

local function is_sql(source)
  return source.sql ~= nil
end

local function build_on_postgresql(source, schemas, is_book)
  local place = enter(schemas)
  if is_sql(source) then
    core.execute(moved_dump(place, source.sql))
  else
    make_named(place:models(source.models))
  end
  local found = require("luamig.dialect.postgresql.shape").read(place.list, place.shown, is_book)
  return found
end

local function build_on_sqlite(source, is_book)
  if is_sql(source) then
    core.execute(source.sql)
  else
    make_named(source.models)
  end
  local found = require("luamig.dialect.sqlite.shape").read({}, {}, is_book)
  return found
end

-- What a model says of a table and its columns beside what the database keeps.
local function attach(found, described)
  for key, o in pairs(described.view_by_key) do
    if found.views[key] then
      found.views[key].model = o
    end
  end
  for key, o in pairs(described.by_key) do
    local of = found.tables[key]
    if of then
      of.model, of.renamed_from = o, o.renamed_from
      for _, item in ipairs(o.items) do
        local column = node.of(item) == "column" and shape.column(of, item.name)
        if column then
          column.model, column.renamed_from = item, item.renamed_from
        end
      end
    end
  end
end

--- The shape of a source: { sql = text } or { models = models.read(…) }.
---@param source table
---@param schemas string[] those beside the one that needs no name
---@param is_book fun(name: string): boolean
---@return table
function scratch.build(source, schemas, is_book)
  local found
  if core.dialect() == "sqlite" then
    found = build_on_sqlite(source, is_book)
  else
    found = build_on_postgresql(source, schemas, is_book)
  end
  if source.models then
    attach(found, source.models)
  end
  return found
end

return scratch
