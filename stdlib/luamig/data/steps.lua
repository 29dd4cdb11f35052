--- op.step and op.autocommit_block.
local core = require("luamig.core")
local durable = require("luamig.durable")

local steps = {}

--- By its name alone: what stands in the function may be mended while the step is not done.
function steps.step(o)
  local result = durable.step(o.name, nil, o.fn, { block = true })
  return result
end

function steps.autocommit_block(o)
  if core.context().transactional then
    core.fail("autocommit_block: this revision is one transaction",
      "say transactional = false in the header: every call is then committed by itself")
  elseif not (core.is_offline() or core.takes_steps()) then
    core.fail("autocommit_block: it stands inside op.step or db:transaction, which are one "
      .. "transaction")
  end
  local result = o.fn()
  return result
end

return steps
