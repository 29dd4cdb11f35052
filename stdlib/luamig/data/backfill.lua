--- op.backfill and op.each_batch: in a transactional revision one pass, in a durable one batch by
-- batch, each in a transaction of its own.
local core = require("luamig.core")
local durable = require("luamig.durable")
local no_counts = require("luamig.data.counts").none
local operation = require("luamig.operation")
local set_pass = require("luamig.data.set_pass")

local backfill = {}

local function fail(o, message, hint)
  core.fail(("%s: %s"):format(o.op, message), hint)
end

local function refuse_options(o, names)
  for _, name in ipairs(names) do
    if o[name] ~= nil then
      if core.context().transactional then
        fail(o, ("'%s' is for batches that are committed one by one, and this revision is one "
          .. "transaction"):format(name), "say transactional = false in the header")
      end
      fail(o, ("'%s' is for batches that are committed one by one, and this is inside op.step, "
        .. "db:transaction or pcall, which are one transaction"):format(name),
        "move it out of there")
    end
  end
end

-- It may be called again for a row: after a fault, or to find the row that a failure is about. What
-- it has added up by then would be counted twice, and in the next process it is forgotten.
local function refuse_assignment(o)
  local name, line, helper = core.captured_assignment(o.fn)
  if not name then
    return
  end
  local cure = o.op == "backfill" and "return the change, use the counts of backfill, or out:insert"
    or "use the number that each_batch returns, or SQL"
  fail(o, ("the function %s '%s', a variable from outside of it (line %d)"):format(
    helper and ("calls '%s', which assigns"):format(helper) or "assigns", name, line),
    cure .. ": it may be called again for the same rows, in another process")
end

-- Each worker has its own copy of what the function has captured.
local function refuse_shared(o)
  local name, line, helper = core.captured_change(o.fn)
  if name then
    fail(o, ("the function %s '%s', a table from outside of it (line %d), and each worker has its "
      .. "own"):format(helper and ("calls '%s', which changes"):format(helper) or "changes", name,
      line), "return the change or use out:insert; or leave 'workers' out")
  end
  name = core.captured_stream(o.fn)
  if name then
    fail(o, ("the function has captured '%s', which goes on from call to call, and the workers "
      .. "would take each other's part"):format(name),
      "read it into a table before; or leave 'workers' out")
  end
end

local function check_workers(o)
  if (o.workers or 1) == 1 then
    return
  end
  if core.dialect() ~= "postgresql" then
    fail(o, "'workers' is for PostgreSQL: SQLite lets one session write at a time",
      'leave it out; in a file for both: workers = db.dialect == "postgresql" and 2 or 1')
  elseif o.fn then
    refuse_shared(o)
  end
end

-- All that decides what becomes of the rows: how fast it goes may change between two attempts.
local function asked_by(o)
  local asked = { source = o.fn and core.source_of(o.fn) or "" }
  for _, name in ipairs({ "table", "schema", "read", "write", "set", "delete", "where", "params",
    "key", "undo" }) do
    asked[name] = o[name]
  end
  return asked
end

-- As a step of a durable revision, or as it is.
local function perform(o, pass)
  local in_parts = core.takes_steps()
  o.journal = o.undo and require("luamig.data.journal").of(o) or nil
  local retry = require("luamig.data.retry")
  local result = durable.step(operation.describe(o), asked_by(o), function()
    if in_parts and retry.is_asked_for() then
      retry.run(o, pass)
      return pass.nothing()
    end
    local answer = pass.run(o, in_parts)
    return answer
  end, { reverse = o.journal and o.journal.reverse, nothing = pass.nothing() })
  return result
end

-- In --sql: one statement, which asks nothing of a database.
local function in_text(o)
  if o.undo then
    require("luamig.data.journal").of(o)
  elseif o.fn then
    fail(o, "a function sees no rows in --sql", o.op == "backfill"
      and "run it online, or say it in SQL: set = { … }" or "run it online")
  end
  if o.set and core.knows_schema() then
    set_pass.require_fit(o, require("luamig.data.table_pages").of(o))
  end
  local pieces = set_pass.head(o)
  if o.where then
    pieces[#pieces + 1] = " WHERE "
    for _, piece in ipairs(require("luamig.data.table_pages").condition(o)) do
      pieces[#pieces + 1] = piece
    end
  end
  durable.step(operation.describe(o), nil, function()
    core.execute(pieces)
  end)
  return no_counts()
end

--- The counts of what was done.
---@param o table the operation
---@return table<string, integer>
function backfill.backfill(o)
  check_workers(o)
  if core.is_offline() then
    return in_text(o)
  end
  if not core.takes_steps() then
    refuse_options(o, { "batch", "target_time", "pause", "throttle", "max_rejects",
      "workers" })
  end
  if o.fn then
    refuse_assignment(o)
  end
  local counts = perform(o, o.fn and require("luamig.data.row_pass") or set_pass)
  return counts
end

--- How many rows there were.
---@param o table the operation
---@return integer
function backfill.each_batch(o)
  if core.is_offline() then
    in_text(o)
  elseif not core.takes_steps() then
    refuse_options(o, { "target_time", "pause", "throttle" })
  end
  refuse_assignment(o)
  local rows = perform(o, require("luamig.data.each_batch"))
  return rows
end

return backfill
