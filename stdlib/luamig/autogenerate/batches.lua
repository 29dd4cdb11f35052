--- Which operations of SQLite stand in one batch_alter_table: where a table would be made anew more
-- than once, its changes go together, and it is made anew once.

local batches = {}

local JOINS = { add_column = true, drop_column = true, alter_column = true, drop_constraint = true,
  create_unique_constraint = true, create_check_constraint = true, create_primary_key = true,
  rename_constraint = true, alter_table = true }

local REMAKES = { create_unique_constraint = true, create_primary_key = true, alter_table = true }

-- Foreign keys stay apart: what they lead to is to be there, or still there.
local function joins(o)
  return JOINS[o.op] ~= nil and o.type ~= "foreignkey"
end

-- Whether the table is made anew for it. A column that shall number itself gets its numbers only
-- together with its key.
local function remakes(o)
  if o.op == "alter_column" then
    return o.type ~= nil and o.type.name ~= "enum" or o.server_default ~= nil
  elseif o.op == "drop_constraint" then
    return o.type == "unique" or o.type == "primary"
  end
  return REMAKES[o.op] or o.numbers_itself or false
end

-- Puts the operations of a run that stand on one table where its first one stands. Those of other
-- tables do not mind.
local function gather(run, into)
  local counts, made = {}, {}
  for _, o in ipairs(run) do
    counts[o.table] = (counts[o.table] or 0) + (remakes(o) and 1 or 0)
  end
  for _, o in ipairs(run) do
    local batch = made[o.table]
    if counts[o.table] < 2 then
      into[#into + 1] = o
    elseif batch then
      table.insert(batch.changes, o)
    else
      batch = { op = "batch_alter_table", table = o.table, changes = { o } }
      made[o.table] = batch
      into[#into + 1] = batch
    end
  end
end

--- The operations, some of them as { op = "batch_alter_table", table, changes }.
---@param operations table[]
---@return table[]
function batches.of(operations)
  local into, run = {}, {}
  for _, o in ipairs(operations) do
    if joins(o) then
      run[#run + 1] = o
    else
      gather(run, into)
      into[#into + 1] = o
      run = {}
    end
  end
  gather(run, into)
  return into
end

return batches
