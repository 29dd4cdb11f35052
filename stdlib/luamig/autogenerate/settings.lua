--- What env.lua says of schemas that are compared.
local core = require("luamig.core")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local settings = {}

local KNOWN = {
  compare_type = { boolean = true, ["function"] = true },
  compare_server_default = { boolean = true, ["function"] = true },
  include_schemas = { table = true },
}

local function check(configure)
  for _, name in ipairs(strict.sorted_keys(configure)) do
    if not KNOWN[name] then
      core.fail(("'configure' of env.lua: unknown name '%s'%s"):format(name,
        strict.did_you_mean(name, strict.sorted_keys(KNOWN))))
    elseif not KNOWN[name][type(configure[name])] then
      core.fail(("'configure.%s' of env.lua is a %s"):format(name, type(configure[name])))
    end
  end
end

local function check_schemas(names)
  for i, name in ipairs(names) do
    if type(name) ~= "string" then
      core.fail(("'configure.include_schemas' of env.lua is no list of names: item %d is a %s")
        :format(i, type(name)), 'include_schemas = { "billing" }')
    elseif name:find("^pg_") or name == "information_schema" then
      core.fail(("'configure.include_schemas' of env.lua: '%s' is PostgreSQL's own"):format(name))
    end
  end
end

--- `configure`: compare_type, compare_server_default (a boolean, or a function that is asked about
-- each difference), include_schemas (a list of names).
---@param env table? the globals of env.lua
---@return table
function settings.read(env)
  local configure = env and rawget(env, "configure") or {}
  check(configure)
  check_schemas(configure.include_schemas or {})
  return {
    compare_type = configure.compare_type,
    compare_server_default = configure.compare_server_default,
    include_schemas = configure.include_schemas or {},
    include_object = env and rawget(env, "include_object") or nil,
    process_revision = env and rawget(env, "process_revision") or nil,
  }
end

local function keep_parts(list, of, wanted)
  local kept = {}
  for _, part in ipairs(list) do
    if wanted(part.kind or "index", part.name, of) then
      kept[#kept + 1] = part
    else
      of.filtered, of.parts_left_out = true, true
    end
  end
  return kept
end

-- What stands on a column that is left out is left out with it.
local function on_columns(of, list)
  local kept = {}
  for _, one in ipairs(list) do
    local stands = true
    for _, list_of_names in ipairs({ one.columns, one.include or {} }) do
      for _, part in ipairs(list_of_names) do
        local name = type(part) == "string" and part or type(part) == "table" and part.name
        stands = stands and (not name or name == "" or shape.column(of, name) ~= nil)
      end
    end
    kept[#kept + 1] = stands and one or nil
  end
  return kept
end

local function leave_out_columns(of_shape, of)
  for _, column in ipairs(of.columns) do
    table.insert(of_shape.left_out, { table = shape.key(of.schema, of.name), column = column.name,
      type = column.type })
  end
end

local function filter_table(of_shape, of, wanted)
  of.constraints = keep_parts(of.constraints, of, wanted)
  of.indexes = keep_parts(of.indexes, of, wanted)
  local columns = {}
  for _, column in ipairs(of.columns) do
    if wanted("column", column.name, of) then
      columns[#columns + 1] = column
    else
      leave_out_columns(of_shape, { schema = of.schema, name = of.name, columns = { column } })
      of.filtered, of.parts_left_out = true, true
    end
  end
  if #columns < #of.columns then
    of.columns = columns
    of.constraints = on_columns(of, of.constraints)
    of.indexes = on_columns(of, of.indexes)
  end
end

-- With a table its partitions are left out.
local function drop_parts_of_nothing(of_shape)
  for key, p in shape.each(of_shape.partitions) do
    local of = shape.key(p.table_schema, p.table)
    if not of_shape.tables[of] and not of_shape.partitions[of] then
      of_shape.partitions[key] = nil
    end
  end
end

--- Leaves out of a shape what include_object(object) refuses: object has kind, name, schema, table,
-- and `reflected`, which is true for what the database holds.
---@param of_shape table
---@param include_object fun(object: table): boolean?
---@param reflected boolean
function settings.filter(of_shape, include_object, reflected)
  if not include_object then
    return
  end
  local function wanted(kind, name, of)
    return include_object({ kind = kind, name = name, table = of and of.name,
      schema = of and of.schema, reflected = reflected })
  end
  of_shape.left_out = {}
  for _, kind in ipairs({ "table", "partition", "view", "enum", "sequence" }) do
    local place = kind .. "s"
    for key, thing in shape.each(of_shape[place]) do
      if not include_object({ kind = kind, name = thing.name, schema = thing.schema,
        reflected = reflected }) then
        of_shape[place][key] = nil
        leave_out_columns(of_shape, thing.columns and kind == "table" and thing or { columns = {} })
      elseif kind == "table" then
        filter_table(of_shape, thing, wanted)
      end
    end
  end
  drop_parts_of_nothing(of_shape)
end

return settings
