--- uuid: `uuid()` is random, `uuid.v7()` begins with the start of the step and rises.

local core = require("luamig.core")
local strict = require("luamig.strict")

local uuid = strict.close({ v4 = core.uuid4, v7 = core.uuid7 }, "uuid.")
getmetatable(uuid).__call = core.uuid4
return uuid
