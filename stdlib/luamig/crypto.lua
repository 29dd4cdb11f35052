--- crypto: libsodium's answers to what migrations ask for.

local core = require("luamig.core")
local strict = require("luamig.strict")

return strict.close({
  sha256 = core.sha256,
  hmac = core.hmac,
  seal = core.seal,
  open = core.unseal,
  password = core.password,
  hex = core.hex,
  unhex = core.unhex,
  base64 = core.base64,
  unbase64 = core.unbase64,
  random = core.random,
}, "crypto.")
