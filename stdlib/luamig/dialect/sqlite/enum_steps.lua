--- The step that gives the columns of an enum one value more (see steps.lua): it stands in the
-- CHECK of the enum's name that each of them has.
local core = require("luamig.core")
local enum_checks = require("luamig.dialect.sqlite.enum_checks")
local stored = require("luamig.dialect.sqlite.stored_table")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")

local kinds = {}

--- The numbers of the tokens of the values in a CHECK, by value, and their list.
local function values_of(parsed, c)
  local at, names = {}, {}
  for i = c.inner[1], c.inner[2] do
    local token = parsed.tokens[i]
    if token.kind == "string" then
      at[token.name] = i
      names[#names + 1] = token.name
    end
  end
  return at, names
end

-- Where the text of the new value goes: behind this byte.
local function place_of(parsed, c, step)
  local at, names = values_of(parsed, c)
  local neighbour = step.before or step.after
  if neighbour and not at[neighbour] then
    core.fail(("add_enum_value: '%s' has no value '%s'%s"):format(
      step.name, neighbour, strict.did_you_mean(neighbour, names)))
  elseif at[step.value] and not step.if_not_exists then
    core.fail(("add_enum_value: '%s' has the value '%s' already"):format(step.name, step.value),
      "if_not_exists = true")
  elseif at[step.value] then
    return nil
  end
  local token = parsed.tokens[at[neighbour or names[#names]]]
  return step.before and token.from - 1 or token.to
end

local function widened(parsed, c, step)
  local at = place_of(parsed, c, step)
  if not at then
    return parsed.text
  end
  local value = core.quote(step.value)
  return parsed.text:sub(1, at) .. (step.before and value .. ", " or ", " .. value)
    .. parsed.text:sub(at + 1)
end

-- One in the column says the values anyhow; one beside the columns must say nothing else.
local function is_of_enum(parsed, c, name)
  return c.kind == "check" and c.name ~= nil and tokens.same(c.name, name)
    and (c.column ~= nil or enum_checks.read(parsed.tokens, c.inner[1], c.inner[2]) ~= nil)
end

kinds.add_enum_value = {
  tier = "edit",
  apply = function(state, step)
    for i = 1, #stored.all_constraints(state.parsed) do
      local c = stored.all_constraints(state.parsed)[i]
      if is_of_enum(state.parsed, c, step.name) then
        state:edited(widened(state.parsed, c, step))
      end
    end
  end,
}

return kinds
