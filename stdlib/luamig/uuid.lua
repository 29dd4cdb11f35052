--- uuid: `uuid()` is random, `uuid.v7()` begins with the start of the step and rises.

local core = require("luamig.core")
local durable = require("luamig.durable")
local strict = require("luamig.strict")

local v4 = durable.chance("uuid", core.uuid4)
local uuid = strict.close({ v4 = v4, v7 = durable.chance("uuid.v7", core.uuid7) }, "uuid.")
getmetatable(uuid).__call = function()
  local fresh = v4()
  return fresh
end
return uuid
