--- What the models say: the list that models.lua (or `target_metadata` of env.lua) gives, made into
-- operations.
local core = require("luamig.core")
local environment = require("luamig.environment")
local node = require("luamig.node")
local operation = require("luamig.operation")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local models = {}

local HINT = "return { sql.table(\"users\", function(t) … end), … } from models.lua"

--- The models of a project: what `target_metadata` is, or what models.lua returns.
---@param env table?
---@return any
function models.of_project(env)
  local given = env and rawget(env, "target_metadata")
  if given ~= nil then
    return given
  end
  local ok, source, chunk = core.try(core.library, "models", true)
  if not ok then
    core.fail("there is no model of the schema: no models.lua in the migrations directory, and no "
      .. "target_metadata in env.lua",
      "luamig schema dump writes one of the database: put it there")
  end
  local found = models.run(source, chunk)
  return found
end

--- What the text of a models file returns.
---@param source string
---@param chunk string
---@return any
function models.run(source, chunk)
  local run, problem = core.compile(source, "@" .. chunk, environment.new("models"))
  if not run then
    core.fail(problem)
  end
  return (run())
end

local function add_type(found, t)
  if t.name == "array" then
    add_type(found, t.of)
  elseif t.name == "enum" and not found.enum_names[shape.key(t.schema, t.type_name)] then
    found.enum_names[shape.key(t.schema, t.type_name)] = true
    table.insert(found.enums, { op = "create_enum", name = t.type_name, schema = t.schema,
      values = t.values })
  end
end

local makers = {}

function makers.table(found, one)
  local o = { op = "create_table", name = rawget(one, "name"),
    schema = rawget(one, "schema") or nil, items = rawget(one, "items") }
  for name, option in pairs(rawget(one, "options")) do
    o[name] = option
  end
  operation.get("create_table").check(o)
  local key = shape.key(o.schema, o.name)
  if found.by_key[key] then
    core.fail(("the models describe the table '%s' twice"):format(key))
  end
  found.by_key[key] = o
  found.tables[#found.tables + 1] = o
end

function makers.type(found, one)
  local t = node.resolve(one)
  if t.name ~= "enum" then
    core.fail(("the models hold sql.%s, which is no table, enum, partition, view or sequence")
      :format(t.name))
  end
  add_type(found, t)
end

local function with_op(one, name)
  local o = { op = name }
  for field, value in pairs(one) do
    if field ~= "node" then
      o[field] = value
    end
  end
  return o
end

function makers.view(found, one)
  local o = with_op(one, "create_view")
  o.indexes = nil
  found.views[#found.views + 1] = o
  found.view_by_key[shape.key(o.schema, o.name)] = o
  for _, index in ipairs(one.indexes or {}) do
    local made = with_op(index, "create_index")
    made.table, made.schema = o.name, o.schema
    found.views[#found.views + 1] = made
  end
end

function makers.partition(found, one)
  found.partitions[#found.partitions + 1] = with_op(one, "create_partition")
end

function makers.sequence(found, one)
  found.sequences[#found.sequences + 1] = with_op(one, "create_sequence")
end

-- A list and nothing beside it: what a table holds under a name would not be seen.
local function require_list(list)
  local count = 0
  for key in pairs(list) do
    if type(key) ~= "number" then
      core.fail(("the models hold '%s', and a list has no names"):format(tostring(key)), HINT)
    end
    count = count + 1
  end
  for i = 1, count do
    if list[i] == nil then
      core.fail(("item %d of the models is nil"):format(i), HINT)
    end
  end
end

local function add(found, list)
  require_list(list)
  for i, one in ipairs(list) do
    local name = node.of(one)
    if makers[name] then
      makers[name](found, one)
    elseif type(one) == "table" and not name then
      add(found, one)
    else
      core.fail(("item %d of the models is %s"):format(i, name and "sql." .. name
        or "a " .. core.type(one)), HINT)
    end
  end
end

--- The operations that make what a list of models says: enums, sequences, tables, views (lists of
-- operations), partitions, by_key (the tables by their key).
---@param list any
---@return table
function models.read(list)
  if type(list) ~= "table" or node.of(list) then
    core.fail(("the models are a %s"):format(node.of(list) and "sql." .. node.of(list)
      or core.type(list)), HINT)
  end
  local found = { enums = {}, sequences = {}, tables = {}, partitions = {}, views = {},
    by_key = {}, view_by_key = {}, enum_names = {} }
  add(found, list)
  for _, o in ipairs(found.tables) do
    for _, item in ipairs(o.items) do
      if node.of(item) == "column" then
        add_type(found, item.type)
      end
    end
  end
  return found
end

local function column_names(o)
  local names = {}
  for _, item in ipairs(o.items) do
    names[#names + 1] = node.of(item) == "column" and item.name or nil
  end
  return names
end

local function require_column(o, target, target_key, of)
  local names = column_names(of)
  for _, name in ipairs(names) do
    if name == target.column or core.dialect() == "sqlite"
      and name:lower() == target.column:lower() then
      return
    end
  end
  core.fail(("the table '%s' refers to '%s.%s', which no model describes%s"):format(o.name,
    target_key, target.column, strict.did_you_mean(target.column, names)))
end

local function require_target(found, o, target)
  local key = shape.key(target.schema, target.table)
  if not found.by_key[key] then
    core.fail(("the table '%s' refers to '%s', which no model describes%s"):format(
      o.name, key, strict.did_you_mean(key, strict.sorted_keys(found.by_key))))
  end
  require_column(o, target, key, found.by_key[key])
end

-- The name of an index that a column brings along, or that an item is.
local function index_name(o, item)
  if node.of(item) == "index" then
    return item.name
  end
  return node.of(item) == "column" and item.index and ("ix_%s_%s"):format(o.name, item.name) or nil
end

--- Refuses an index that has the name of another one, or of a table or view: in one schema names
-- are given once.
---@param found table what `read` gave
function models.require_index_names(found)
  local is_sqlite, taken = core.dialect() == "sqlite", {}
  local function take(schema, name, what)
    local key = shape.key(schema, name)
    key = is_sqlite and key:lower() or key
    if taken[key] then
      core.fail(("the models give the name '%s' twice: to %s and to %s"):format(name, taken[key],
        what), "let them say another name for one of them")
    end
    taken[key] = what
  end
  for _, o in ipairs(found.tables) do
    take(o.schema, o.name, ("the table '%s'"):format(o.name))
  end
  for _, o in ipairs(found.views) do
    take(o.schema, o.name, o.op == "create_view" and ("the view '%s'"):format(o.name)
      or ("an index of '%s'"):format(o.table))
  end
  for _, o in ipairs(found.tables) do
    for _, item in ipairs(o.items) do
      local name = index_name(o, item)
      if name then
        take(o.schema, name, ("an index of '%s'"):format(o.name))
      end
    end
  end
end

local function require_divided(found)
  local known = {}
  for key in shape.each(found.by_key) do
    known[key] = true
  end
  for _, o in ipairs(found.partitions) do
    known[shape.key(o.schema, o.name)] = true
  end
  for _, o in ipairs(found.partitions) do
    local key = shape.key(o.table_schema, o.table)
    if not known[key] then
      core.fail(("'%s' is a partition of '%s', which no model describes%s"):format(o.name, key,
        strict.did_you_mean(key, strict.sorted_keys(known))))
    end
  end
end

--- Refuses a misspelt name: a foreign key to a table or a column that no model describes, a
-- partition of such a table.
---@param found table what `read` gave
function models.require_targets(found)
  require_divided(found)
  for _, o in ipairs(found.tables) do
    for _, item in ipairs(o.items) do
      local targets = item.references
      for _, target in ipairs(targets and (targets.table and { targets } or targets) or {}) do
        require_target(found, o, target)
      end
    end
  end
end

return models
