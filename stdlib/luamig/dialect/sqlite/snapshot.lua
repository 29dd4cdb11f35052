--- What the database holds of a table and of all that hangs on it, read before a change and again
-- after it.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local stored = require("luamig.dialect.sqlite.stored_table")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")

local snapshot = {}

-- Every object of the main and the temporary schema, in the order in which they were made.
local OBJECTS = [[
  SELECT 'main' AS place, type, name, tbl_name AS owner, sql, rowid AS number
    FROM main.sqlite_schema
  UNION ALL
  SELECT 'temp', type, name, tbl_name, sql, rowid FROM temp.sqlite_schema
   ORDER BY place, number]]

local function read_objects()
  local objects = catalog.list(OBJECTS, {}, function(row)
    return { place = row.place, type = row.type, name = row.name, owner = row.owner, sql = row.sql }
  end)
  return objects
end

local function read_columns(name, place)
  local columns = catalog.list([[
    SELECT name, type, "notnull" AS not_null, dflt_value, pk, hidden
      FROM pragma_table_xinfo(:t, :s) ORDER BY cid]], { t = name, s = place }, function(row)
    return {
      name = row.name,
      type = row.type,
      not_null = row.not_null,
      default = row.dflt_value or false,
      key = row.pk,
      hidden = row.hidden,
    }
  end)
  return columns
end

-- Each foreign key as one text.
local function read_foreign_keys(name, place)
  local keys = {}
  catalog.list([[
    SELECT id, "table" AS target, "from" AS source, "to" AS target_column, on_update,
           on_delete, match
      FROM pragma_foreign_key_list(:t, :s) ORDER BY id, seq]], { t = name, s = place },
    function(row)
      local key = keys[row.id + 1] or ("%s %s %s %s:"):format(
        row.target, row.on_update, row.on_delete, row.match)
      keys[row.id + 1] = ("%s %s>%s"):format(key, row.source, row.target_column or "")
      return true
    end)
  table.sort(keys)
  return keys
end

-- Each index by its name (those of constraints by what they hold), with what it holds as one text.
local function read_indexes(name, place)
  local shapes, own = {}, {}
  catalog.list([[
    SELECT l.name AS name, l."unique" AS is_unique, l.origin AS origin, l.partial AS partial,
           i.name AS col, i."desc" AS descending, i.coll AS collation, i.key AS key
      FROM pragma_index_list(:t, :s) AS l
      JOIN pragma_index_xinfo(l.name, :s) AS i
     ORDER BY l.name, i.seqno]], { t = name, s = place }, function(row)
    own[row.name] = row.origin ~= "c"
    local shape = shapes[row.name] or ("%d %s %d:"):format(row.is_unique, row.origin, row.partial)
    if row.key == 1 then
      shape = ("%s %s %d %s"):format(shape, row.col or "", row.descending, row.collation)
    end
    shapes[row.name] = shape
    return true
  end)
  local keys = {}
  for _, index in ipairs(strict.sorted_keys(own)) do
    if own[index] then
      keys[#keys + 1], shapes[index] = shapes[index], nil
    end
  end
  table.sort(keys)
  return shapes, keys
end

local function is_own(s, object)
  return tokens.same(object.owner, s.name)
    and (object.place == s.place or object.type == "trigger")
end

-- What stands in the catalog beside the table itself, and what hangs on it.
local function sort_objects(s, objects)
  s.others, s.indexes, s.triggers = {}, {}, {}
  for _, object in ipairs(objects) do
    local itself = object.type == "table" and object.place == s.place
      and tokens.same(object.name, s.name)
    if not itself and object.sql then
      s.others[#s.others + 1] = object
      if is_own(s, object) and object.type == "index" then
        s.indexes[#s.indexes + 1] = object
      elseif is_own(s, object) and object.type == "trigger" then
        s.triggers[#s.triggers + 1] = object
      end
    end
  end
end

local function find_table(objects, name, place)
  local names = {}
  for _, object in ipairs(objects) do
    if object.place == place and (object.type == "table" or object.type == "view") then
      if tokens.same(object.name, name) then
        return object
      end
      names[#names + 1] = object.name
    end
  end
  core.fail(("there is no table '%s'%s"):format(name, strict.did_you_mean(name, names)))
end

local function is_shadowed(objects, name)
  for _, object in ipairs(objects) do
    if object.place == "temp" and tokens.same(object.name, name) then
      return true
    end
  end
  return false
end

--- The schema of a table: name, place ("main", "temp"), text, parsed, columns, foreign_keys,
-- index_shapes, keys, and the catalog around it: indexes and triggers of its own, others (all but
-- the table). `qualified` is the table as a statement names it.
---@param name string
---@param schema string?
---@return table
function snapshot.read(name, schema)
  local place = schema or "main"
  local objects = read_objects()
  local found = find_table(objects, name, place)
  if found.type ~= "table" then
    core.fail(("'%s' is a view"):format(name))
  end
  local s = { name = found.name, place = place, text = found.sql }
  s.shadowed = is_shadowed(objects, name)
  if not schema and s.shadowed then
    schema = place
  end
  s.schema = schema
  s.qualified = ident.qualified(schema, s.name)
  s.parsed = stored.parse(s.text)
  s.columns = read_columns(s.name, place)
  s.foreign_keys = read_foreign_keys(s.name, place)
  s.index_shapes, s.keys = read_indexes(s.name, place)
  sort_objects(s, objects)
  return s
end

local function count(qualified)
  local n = catalog.list(("SELECT count(*) AS n FROM %s"):format(qualified), {}, function(row)
    return row.n
  end)
  return n[1]
end

-- The tables that refer to this one, itself among them.
local function read_referents(s)
  local names = catalog.list(([[
    SELECT DISTINCT m.name AS name
      FROM %s.sqlite_schema AS m
      JOIN pragma_foreign_key_list(m.name, :s) AS f
     WHERE m.type = 'table' AND lower(f."table") = lower(:t)]]):format(s.place),
    { t = s.name, s = s.place }, function(row)
      return row.name
    end)
  return names
end

-- How many rows break each foreign key of a table. Where SQLite cannot check (the key referred to
-- is not unique, say), what it says instead.
local function read_violations(name, place, into)
  local ok, problem = core.try(function()
    catalog.list([[
      SELECT parent, count(*) AS n FROM pragma_foreign_key_check(:t, :s) GROUP BY parent]],
      { t = name, s = place }, function(row)
        into[("%s>%s"):format(name, row.parent)] = row.n
        return true
      end)
  end)
  if not ok then
    into[name .. ">"] = tostring(type(problem) == "table" and problem.message or problem)
  end
end

local function read_sequence(s)
  local key = stored.primary_key(s.parsed)
  if not key or not key.autoincrement then
    return false
  end
  local found = catalog.first(("SELECT seq FROM %s.sqlite_sequence WHERE name = :t"):format(
    s.place), { t = s.name })
  return found and tostring(found.seq) or false
end

--- What a rebuild could harm in the rows: how many there are here and in the tables that refer to
-- it, the foreign keys that are broken already, the high-water mark of AUTOINCREMENT.
---@param s table
---@return table
function snapshot.rows(s)
  local data = { counts = {}, violations = {}, sequence = read_sequence(s) }
  data.counts[s.name] = count(s.qualified)
  local checked = {}
  for _, name in ipairs(read_referents(s)) do
    checked[name] = true
    data.counts[name] = data.counts[name] or count(ident.qualified(s.schema, name))
    read_violations(name, s.place, data.violations)
  end
  if #s.foreign_keys > 0 and not checked[s.name] then
    read_violations(s.name, s.place, data.violations)
  end
  return data
end

-- The views and triggers that speak of the table, also through a view.
local function concerned(s)
  local names, list, taken = { s.name:lower() }, {}, {}
  local function speaks(object)
    local text = object.sql:lower()
    for _, name in ipairs(names) do
      if text:find(name, 1, true) then
        return true
      end
    end
    return false
  end
  local more = true
  while more do
    more = false
    for _, object in ipairs(s.others) do
      if (object.type == "view" or object.type == "trigger") and not taken[object]
        and speaks(object) then
        taken[object], more = true, true
        list[#list + 1] = object
        names[#names + 1] = object.type == "view" and object.name:lower() or nil
      end
    end
  end
  return list
end

-- Statements that run the triggers of a table.
local function firing(object)
  local owner = ident.quote(object.owner)
  local assignments = {}
  for _, column in ipairs(read_columns(object.owner, "main")) do
    if column.hidden == 0 then
      local name = ident.quote(column.name)
      assignments[#assignments + 1] = ("%s = %s"):format(name, name)
    end
  end
  return {
    "DELETE FROM " .. owner,
    ("INSERT INTO %s DEFAULT VALUES"):format(owner),
    ("UPDATE %s SET %s"):format(owner, table.concat(assignments, ", ")),
  }
end

--- The views and triggers that SQLite cannot read: what it says, by "view 'v'".
---@param s table
---@return table<string, string>
function snapshot.problems(s)
  local problems = {}
  for _, object in ipairs(concerned(s)) do
    local tried = object.type == "trigger" and firing(object)
      or { "SELECT * FROM " .. ident.qualified(object.place, object.name) }
    for _, sql in ipairs(tried) do
      local label = ("%s '%s'"):format(object.type, object.name)
      problems[label] = problems[label] or core.problem(sql)
    end
  end
  return problems
end

return snapshot
