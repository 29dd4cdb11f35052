--- SQLite's rules for what a revision sets, rests and compares while it runs.
local core = require("luamig.core")
local d = require("luamig.dialect.sqlite.words")
local ident = require("luamig.dialect.ident")
local strict = require("luamig.strict")

local rules = {}

-- They hold for the connection, and the host puts them back.
local SETTINGS = {
  "analysis_limit", "automatic_index", "cache_size", "cache_spill", "case_sensitive_like",
  "cell_size_check", "defer_foreign_keys", "ignore_check_constraints", "recursive_triggers",
  "reverse_unordered_selects", "threads", "trusted_schema",
}
local settable = strict.set(SETTINGS)

local function check_setting(o)
  local name = o.name:lower()
  if not settable[name] then
    core.fail(("setting: a revision cannot set '%s' on SQLite%s"):format(
      o.name, strict.did_you_mean(name, SETTINGS)),
      name == "foreign_keys" and "[sqlite] foreign_keys in luamig.toml"
        or "it can: " .. table.concat(SETTINGS, ", "))
  elseif core.is_offline() and name ~= "defer_foreign_keys" then
    core.fail(("setting: in --sql nothing would put '%s' back at the end of the revision"):format(
      o.name), ("op.execute(\"PRAGMA %s = …\") sets it for the whole script"):format(o.name))
  end
end

local function setting_text(o)
  local value = o.value
  if type(value) == "table" then
    core.fail(("setting: '%s' is no list"):format(o.name))
  end
  return type(value) == "string" and not value:find("^%a+$") and core.quote(value)
    or type(value) == "string" and value or core.quote(value)
end

--- Statements that take the triggers of a table away, and those that make them anew from their own
-- text.
local function rest_triggers(o)
  local off, on = {}, {}
  for i, trigger in ipairs(require("luamig.reflect").triggers(o.table, o.schema)) do
    off[i] = "DROP TRIGGER " .. ident.qualified(trigger.schema, trigger.name)
    on[i] = trigger.sql
  end
  return off, on
end

function rules.setting(o)
  check_setting(o)
  return { { sql = ("PRAGMA %s = %s"):format(o.name:lower(), setting_text(o)) } }
end

d.rest_triggers = rest_triggers

--- A rowid moves by itself.
function d.move_sequences()
  return {}
end

--- A query of the rows that stand in one of two answers and not in the other. Rows that stand in
-- both, but not equally often, are seen where the answers differ in length.
function d.differing(before, after)
  return ([[
SELECT * FROM (SELECT * FROM %s EXCEPT SELECT * FROM (
%s
)) UNION ALL SELECT * FROM (SELECT * FROM (
%s
) EXCEPT SELECT * FROM %s) UNION ALL SELECT * FROM %s
 WHERE (SELECT count(*) FROM %s) <> (SELECT count(*) FROM (
%s
))]]):format(before, after, after, before, before, before, after)
end

return rules
