--- time: instants as the databases write them, UTC. Now is the start of the step.

local core = require("luamig.core")
local strict = require("luamig.strict")

return strict.close({
  ago = core.time_ago,
  unix = core.time_unix,
  iso = core.time_iso,
}, "time.")
