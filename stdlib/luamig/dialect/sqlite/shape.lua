--- The shape of a schema of SQLite (autogenerate/shape.lua): one query, and the texts that SQLite
-- keeps, which hold what its pragmas do not tell.
local catalog = require("luamig.dialect.catalog")
local objects = require("luamig.dialect.sqlite.shape.objects")
local shape = require("luamig.autogenerate.shape")
local spelling = require("luamig.dialect.sqlite.shape.spelling")
local tables = require("luamig.dialect.sqlite.shape.tables")

local reader = {}

local OBJECTS = [[
  SELECT m.type AS type, m.name AS name, m.tbl_name AS owner, m.sql AS sql
    FROM main.sqlite_schema AS m
   WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'
   ORDER BY m.name, m.rowid]]

-- Virtual tables and what they keep their content in are no plain tables. In SQL that would be
-- asked of each pair of objects.
local function virtual_test(all)
  local virtual, prefixes = {}, {}
  for _, object in ipairs(all) do
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
  local all = catalog.list(OBJECTS, {}, function(row)
    return { type = row.type, name = row.name, owner = row.owner, sql = row.sql }
  end)
  local is_virtual = virtual_test(all)
  for _, object in ipairs(all) do
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
    local of = tables.read(object, indexes[object.name] or {})
    into.tables[of.name] = of
    for _, index in ipairs(indexes[object.name] or {}) do
      table.insert(of.indexes, objects.index(index))
    end
    spelling.columns(of)
  end
  for _, object in ipairs(found.view) do
    into.views[object.name] = objects.view(object)
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
  spelling.targets(into)
  spelling.name_targets(into)
  objects.read_uses(into)
  return into
end

return reader
