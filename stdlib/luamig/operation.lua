--- The registry: every operation as a declaration, and the way from a call to an operation.
--
-- An operation is a plain table { op = "add_column", table = "users", column = {…} }: the one
-- currency for running, --sql and plans. A declaration has:
--   name, doc, example   for people; `room` is set here
--   fields               what it takes, in order (arguments.lua)
--   check(o)             optional, pure: refuses what the fields alone cannot
--   guard(o, facts)      optional: refuses what the database holds against it, where that is known
--   describe(o)          one line
--   reverse(o)           optional: the operation that undoes it, or nil
--   destroys             optional: what is lost ("drops a column"), or destroys(o)
--   only, noun           the one engine that has such a thing, and what the others have none of
--   batch                in batch_alter_table it is a method, and this field is the batch's table
--   rules                a project's own: its rules by dialect (operation/project.lua)
--   call                 it is a function of op.lua rather than statements of a dialect;
--                        `offline`: statements all the same in --sql
--   aside                in a durable revision it is no step: it does nothing to the database, or
--                        what it runs is steps itself
--   returns              what it gives back, for editors
local arguments = require("luamig.arguments")
local batch = require("luamig.batch")
local core = require("luamig.core")
local strict = require("luamig.strict")

local operation = {}

local ROOMS = {
  "tables", "columns", "indexes", "constraints", "comments", "batch",
  "enums", "views", "routines", "sequences", "partitions", "schemas",
  "statements", "rows", "csv", "backfill", "session", "context",
}

local list, by_name = {}, {}
for _, room in ipairs(ROOMS) do
  for _, definition in ipairs(require("luamig.operation." .. room)) do
    definition.room = room
    list[#list + 1] = arguments.define(definition)
    by_name[definition.name] = definition
  end
end

local batch_methods = batch.declare(list)

--- The methods of a batch, as declarations.
---@return table[]
function operation.batch_methods()
  return batch_methods
end

--- The operations that `describe(batch)` names.
---@param table_name string
---@param schema string?
---@param describe fun(batch: luamig.batch)
---@return table[]
function operation.batch(table_name, schema, describe)
  local changes = batch.build(batch_methods, table_name, schema, describe)
  return changes
end

--- Every declaration, in the order of the documentation.
---@return table[]
function operation.list()
  return list
end

-- Those of a project, by the environment of the migration that they belong to.
local own = setmetatable({}, { __mode = "k" })

local function own_here()
  return own[core.current_environment() or own] or {}
end

--- The declaration of this name, or nil.
---@param name string
---@return table?
function operation.get(name)
  return by_name[name] or own_here()[name]
end

--- Adds a project's own declaration, which arguments.define has prepared.
---@param definition table
function operation.add_own(definition)
  local environment = core.current_environment() or own
  own[environment] = own[environment] or {}
  own[environment][definition.name] = definition
end

--- The names of the operations, a project's own among them, sorted.
---@return string[]
function operation.names()
  local names = strict.sorted_keys(by_name)
  for _, name in ipairs(strict.sorted_keys(own_here())) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

--- The operation that a call means. Wrong arguments are an error at the migration's own line.
---@param name string
---@param count integer
---@param given table
---@return table
function operation.build(name, count, given)
  local definition = operation.get(name)
  local o = arguments.read(definition, count, given)
  o.op = name
  if definition.check then
    definition.check(o)
  end
  return o
end

--- One line that says what an operation does.
---@param o table
---@return string
function operation.describe(o)
  local text = operation.get(o.op).describe(o)
  return text
end

--- What of rows or values is lost: "drops a column". Nil where nothing is, and where only its
--- statements tell.
---@param o table
---@return string?
function operation.destroys(o)
  local destroys = operation.get(o.op).destroys
  if type(destroys) == "function" then
    return destroys(o)
  end
  return destroys
end

--- The operation that undoes this one, or nil where nothing does.
---@param o table
---@return table?
function operation.reverse(o)
  local definition = operation.get(o.op)
  return definition.reverse and definition.reverse(o)
end

return operation
