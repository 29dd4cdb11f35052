--- text: Unicode, and the same on every machine and engine; of a text, or of a row's column.

local core = require("luamig.core")
local strict = require("luamig.strict")

-- The sandbox's: patterns of a script are matched as its own string.match would.
local match = require("luamig.environment.libraries").copy("string").match

local text = {
  lower = core.text_lower,
  upper = core.text_upper,
  len = core.text_len,
  truncate = core.text_truncate,
  split = core.text_split,
}

local function matched(subject, pattern, from)
  if subject == nil then return nil end
  if type(pattern) ~= "string" then
    local kind = core.type(pattern)
    core.fail("text.match: the pattern is " .. (kind == "nil" and "nil" or "a " .. kind)
      .. ", not a text",
      "text.match(name, \"^%S+\")")
  end
  return match(subject, pattern, from)
end

---string.match, of a row's column too.
function text.match(...)
  return matched(core.text_of("text.match", ...))
end

return strict.close(text, "text.")
