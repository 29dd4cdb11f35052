--- What the host did of a script's function on rows itself: as the function says, without a call.
local core = require("luamig.core")
local plural = require("luamig.plural")

local by_host = {}

--- With -v: how many of all rows those were; nothing where there were none.
---@param what string "backfill users"
---@param done integer
---@param all integer
---@param noun "row"|"line"
function by_host.say(what, done, all, noun)
  if done > 0 then
    core.log("debug", ("%s: the host did %d of %s itself, without Lua"):format(what, done,
      plural.of(all, noun)))
  end
end

return by_host
