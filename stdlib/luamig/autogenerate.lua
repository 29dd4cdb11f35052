--- Schemas: read, made of models for a look, compared, written down. The functions that the host
-- calls (script_host::consult), each with env.lua's globals, the name of the version table, and
-- texts; each gives a list of texts. Shapes are kept by name from call to call.
local catalog = require("luamig.dialect.catalog")
local compare = require("luamig.autogenerate.compare")
local core = require("luamig.core")
local models = require("luamig.autogenerate.models")
local renames = require("luamig.autogenerate.renames")
local scratch = require("luamig.autogenerate.scratch")
local settings = require("luamig.autogenerate.settings")
local shape = require("luamig.autogenerate.shape")

local autogenerate = {}

-- A shape is kept whole: the collector, which would walk through it again and again while it grows,
-- waits for longer. Of 1,000 tables that saves a tenth of the time.
collectgarbage("setpause", 400)

local shapes = {}

local function words()
  return require("luamig.dialect." .. core.dialect() .. ".shape_words")
end

-- The books of this project, and those of others.
local function book_test(version_table)
  return function(name)
    return name == version_table or name:find("^luamig_") ~= nil
  end
end

local function schemas_of_database(given)
  if core.dialect() == "sqlite" then
    return {}, {}
  end
  local default = catalog.first("SELECT current_schema() AS name", {}).name
  if not default then
    core.fail("no schema of the search path exists", "SET search_path for this role")
  end
  local list, shown = { default }, { [default] = false }
  for _, name in ipairs(given.include_schemas) do
    if name ~= default then
      list[#list + 1], shown[name] = name, name
    end
  end
  return list, shown
end

-- The schemas of include_schemas that are there.
local function existing(schemas)
  local found = {}
  if core.dialect() == "postgresql" then
    for _, name in ipairs(schemas) do
      local query = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = :n"
      if catalog.exists(query, { n = name }) then
        found[name] = name
      end
    end
  end
  return found
end

--- Reads the database.
function autogenerate.read(env, version_table, name)
  local given = settings.read(env)
  local list, shown = schemas_of_database(given)
  local reader = require("luamig.dialect." .. core.dialect() .. ".shape")
  local found = reader.read(list, shown, book_test(version_table))
  found.schemas = existing(given.include_schemas)
  found.counts = require("luamig.dialect." .. core.dialect() .. ".left_out").counts(list)
  settings.filter(found, given.include_object, true)
  shapes[name] = found
  return {}
end

--- The URL, or the path of a .sql or .lua file, that `target_metadata` is; nothing where it is a
-- list of models, or not set.
function autogenerate.target(env)
  local given = env and rawget(env, "target_metadata")
  if type(given) ~= "string" then
    return {}
  elseif not given:find("://", 1, true) and not given:find("%.sql$") and not given:find("%.lua$")
  then
    core.fail(("'target_metadata' of env.lua is '%s'"):format(given),
      'require("models"), a .sql or .lua file of the migrations directory, or a URL')
  end
  return { given }
end

local function source_of(env, source, text)
  if source == "models" then
    return { models = models.read(models.of_project(env)) }
  elseif source:find("%.sql$") then
    return { sql = text }
  end
  return { models = models.read(models.run(text, source)) }
end

local function used_schemas(found)
  local used = {}
  for _, of in shape.each(found.tables) do
    if of.schema then
      used[of.schema] = of.schema
    end
  end
  return used
end

--- Makes what a source says in a scratch place, and reads it there.
function autogenerate.build(env, version_table, name, source, text)
  local given = settings.read(env)
  local read = source_of(env, source, text)
  -- Where objects are left out, the database may hold what no model describes.
  if read.models and not given.include_object then
    models.require_targets(read.models)
  end
  if read.models then
    models.require_index_names(read.models)
  end
  local found = scratch.build(read, given.include_schemas, book_test(version_table))
  found.schemas, found.described = used_schemas(found), true
  settings.filter(found, given.include_object, false)
  shapes[name] = found
  return {}
end

local function compared(env, from, to)
  local given = settings.read(env)
  local up, down = compare.shapes(words(), shapes[from], shapes[to], given)
  return up, down, given
end

--- One line for each operation that leads from one shape to another; of two databases also for what
-- they only have another number of.
function autogenerate.compare(env, _, from, to)
  local counted = require("luamig.autogenerate.counted")
  local describe = require("luamig.autogenerate.describe")
  local lines = {}
  for i, o in ipairs((compared(env, from, to))) do
    lines[i] = describe.operation(o)
  end
  for _, line in ipairs(counted.differences(shapes[from].counts, shapes[to].counts)) do
    lines[#lines + 1] = line
  end
  return lines
end

-- Refuses what is no operation, where the author of the hook reads of it.
local function check_processed(list, name)
  local operation = require("luamig.operation")
  for i, o in ipairs(list) do
    local what = ("process_revision of env.lua: item %d of '%s'"):format(i, name)
    local definition = type(o) == "table" and type(o.op) == "string" and operation.get(o.op)
    if not definition then
      core.fail(what .. " is no operation", '{ op = "add_column", table = "users", column = … }')
    end
    for _, field in ipairs(definition.fields) do
      if field.required and o[field.name] == nil then
        core.fail(("%s, %s, has no '%s'"):format(what, o.op, field.name))
      end
    end
  end
end

local function processed_by(hook, up, down)
  local processed = hook({ upgrade = up, downgrade = down })
  if processed == nil then
    processed = { upgrade = up, downgrade = down }
  elseif type(processed) ~= "table" then
    core.fail("process_revision of env.lua returns a " .. type(processed),
      "return ops, whose upgrade and downgrade are lists of operations")
  end
  up, down = processed.upgrade or up, processed.downgrade or down
  check_processed(up, "upgrade")
  check_processed(down, "downgrade")
  return up, down
end

--- What may be renames, two texts for each: "users.mail", "users.email".
function autogenerate.possible_renames(_, _, from, to)
  local texts = {}
  for _, one in ipairs(renames.possible(words(), shapes[from], shapes[to])) do
    local old, new = renames.shown(one)
    texts[#texts + 1] = old
    texts[#texts + 1] = new
  end
  return texts
end

-- What was said to possible_renames: "yes" makes one a rename, "unasked" leaves it to the reader.
local function answer(from, to, answers)
  for i, one in ipairs(renames.possible(words(), shapes[from], shapes[to])) do
    if answers[i] == "yes" then
      one.new.renamed_from = one.old.name
    elseif answers[i] == "unasked" then
      local old, new = renames.shown(one)
      one.new.maybe = ("is %s now %s? Then let the models say renamed_from = %q"):format(old, new,
        one.old.name)
    end
  end
end

--- The bodies of upgrade() and downgrade(); nothing where there is no difference. Then come the
-- answers to possible_renames, in its order.
function autogenerate.revision(env, _, from, to, ...)
  local spell = require("luamig.autogenerate.spell")
  answer(from, to, { ... })
  local up, down, given = compared(env, from, to)
  if given.process_revision then
    up, down = processed_by(given.process_revision, up, down)
  end
  if #up == 0 and #down == 0 then
    return {}
  end
  if core.dialect() == "sqlite" then
    local batches = require("luamig.autogenerate.batches")
    up, down = batches.of(up), batches.of(down)
  end
  return { spell.operations(up), spell.operations(down) }
end

--- A shape as models.lua or as SQL.
function autogenerate.dump(_, _, name, form)
  local dump = require("luamig.autogenerate.dump")
  return { dump.head(shapes[name].counts) .. dump[form](words(), shapes[name]) }
end

--- The tables and views of a shape, or one of them in full.
function autogenerate.show(_, _, name, wanted)
  local show = require("luamig.autogenerate.show")
  return { show.text(words(), shapes[name], wanted) }
end

return autogenerate
