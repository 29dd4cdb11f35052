--- `op`: one function for each operation of the registry. A call becomes an operation, the
-- operation statements, which are performed in order.
local arguments = require("luamig.arguments")
local compile = require("luamig.compile")
local core = require("luamig.core")
local durable = require("luamig.durable")
local operation = require("luamig.operation")
local perform = require("luamig.perform")
local strict = require("luamig.strict")

local op = {}

-- The operations that are no statements of a dialect.
local calls = {}

local function calls_of(module, names)
  for _, name in ipairs(names) do
    calls[name] = function(o)
      local result = require(module)[name](o)
      return result
    end
  end
end
calls_of("luamig.assertions", { "assert_none", "assert_some", "assert_equal" })
calls_of("luamig.data.bulk_insert", { "bulk_insert", "copy_in" })
calls_of("luamig.data.import_csv", { "import_csv" })
calls_of("luamig.data.export_csv", { "export_csv" })
calls_of("luamig.data.backfill", { "backfill", "each_batch" })
calls_of("luamig.data.undo", { "undo" })
calls_of("luamig.around", { "keep", "without_triggers" })
calls_of("luamig.data.steps", { "step", "autocommit_block" })

function calls.irreversible(o)
  core.fail("this revision cannot be undone" .. (o.reason and ": " .. o.reason or ""))
end

function calls.get_bind()
  return require("luamig.connection").view()
end

function calls.database(o)
  core.database(o.name)
  return require("luamig.connection").view(o.name)
end

function calls.get_context()
  local context = core.context()
  context.x = require("luamig.environment.x").view()
  return context
end

function calls.f(o)
  return o.name
end

-- Reflection, loaded when an operation asks the database.
local reflection = setmetatable({}, {
  __index = function(_, name)
    return require("luamig.reflect")[name]
  end,
})

local function perform_now(definition, o)
  local offline = core.is_offline()
  if definition.call and not (definition.offline and offline) then
    return calls[definition.name](o)
  end
  local facts = core.knows_schema() and reflection or nil
  local affected = perform.statements(compile.statements(o, facts))
  return definition.returns and affected
end

-- What it made may have been there before: then nothing may take it back.
local function may_do_nothing(o)
  return o.if_not_exists or o.if_exists
end

-- What a step gives back that is passed over: its counts are 0.
local function nothing_of(definition)
  local returns = definition.returns
  if returns == "integer" then
    return 0
  elseif type(returns) ~= "string" or returns:sub(1, 1) ~= "{" then
    return nil
  end
  local counts = {}
  for name in returns:gmatch("([%w_]+): integer") do
    counts[name] = 0
  end
  return counts
end

local function run(definition, o)
  if definition.aside or not core.takes_steps() then
    return perform_now(definition, o)
  end
  return durable.step(operation.describe(o), o, function()
    local result = perform_now(definition, o)
    return result
  end, { reverse = not may_do_nothing(o) and operation.reverse(o) or nil,
    nothing = nothing_of(definition) })
end

-- No tail call: the frames below the migration's own stay whole.
local function entry(definition)
  local name = definition.name
  return function(...)
    if arguments.is_owner(op, name, (...)) then
      arguments.fail_colon("op", name)
    end
    local o = operation.build(name, select("#", ...), { ... })
    if core.names_operations() then
      core.begin_operation(name, operation.describe(o), operation.destroys(o))
    end
    local result = run(definition, o)
    return result
  end
end

for _, definition in ipairs(operation.list()) do
  op[definition.name] = entry(definition)
end

-- A project's own operations are those of the migration that runs. Their functions lie with them,
-- so that both are forgotten together.
return setmetatable(op, {
  __index = function(_, word)
    local definition = operation.get(word)
    if not definition then
      core.fail(("unknown name 'op.%s'%s"):format(
        tostring(word), strict.did_you_mean(word, operation.names())))
    end
    definition.entry = definition.entry or entry(definition)
    return definition.entry
  end,
  __newindex = function(_, word)
    core.fail(("'op.%s' is read-only"):format(tostring(word)))
  end,
})
