--- crypto: libsodium's answers to what migrations ask for.

local core = require("luamig.core")
local durable = require("luamig.durable")
local strict = require("luamig.strict")

return strict.close({
  sha256 = core.sha256,
  hmac = core.hmac,
  seal = durable.chance("crypto.seal", core.seal),
  open = core.unseal,
  password = durable.chance("crypto.password", core.password),
  hex = core.hex,
  unhex = core.unhex,
  base64 = core.base64,
  unbase64 = core.unbase64,
  random = durable.chance("crypto.random", core.random),
}, "crypto.")
