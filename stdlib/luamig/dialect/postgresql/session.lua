--- PostgreSQL's rules for what a revision sets, rests and compares while it runs.
local core = require("luamig.core")
local d = require("luamig.dialect.postgresql.words")
local ident = require("luamig.dialect.ident")

local rules = {}

-- How luamig reads values, who it is, and the transaction that it keeps.
local REFUSED = {}
for name in ([[
  application_name bytea_output client_encoding datestyle role session_authorization
  standard_conforming_strings transaction_deferrable transaction_isolation transaction_read_only
]]):gmatch("%S+") do
  REFUSED[name] = true
end

-- A text with a comma would be one name with a comma in it.
local LISTS = { search_path = true, temp_tablespaces = true }

local function setting_text(o)
  local value = o.value
  if type(value) == "boolean" then
    return value and "on" or "off"
  elseif type(value) == "string" and LISTS[o.name:lower()] and value:find(",", 1, true) then
    core.fail(("setting: '%s' is a list, and '%s' one name"):format(o.name, value),
      ('{ "%s" }'):format(value:gsub("%s*,%s*", '", "')))
  end
  local list = {}
  for i, one in ipairs(type(value) == "table" and value or { value }) do
    list[i] = core.quote(one)
  end
  return table.concat(list, ", ")
end

local function quoted_names(triggers, template)
  local parts = {}
  for _, trigger in ipairs(triggers) do
    parts[#parts + 1] = template(trigger)
  end
  return table.concat(parts, ", ")
end

-- Those that rest already are left out, so that they rest afterwards too.
local function acting_triggers(o)
  local acting = {}
  for _, trigger in ipairs(require("luamig.reflect").triggers(o.table, o.schema)) do
    if trigger.enable then
      acting[#acting + 1] = trigger
    end
  end
  return acting
end

--- Statements that rest the triggers of a table, and those that undo it.
---@param o table without_triggers
---@return string[] off
---@return string[] on
local function rest_triggers(o)
  local alter = "ALTER TABLE " .. ident.qualified(o.schema, o.table)
  if not core.knows_schema() then
    return { alter .. " DISABLE TRIGGER USER" }, { alter .. " ENABLE TRIGGER USER" }
  end
  local acting = acting_triggers(o)
  if #acting == 0 then
    return {}, {}
  end
  return { alter .. " " .. quoted_names(acting, function(trigger)
    return "DISABLE TRIGGER " .. ident.quote(trigger.name)
  end) }, { alter .. " " .. quoted_names(acting, function(trigger)
    return ("%s TRIGGER %s"):format(trigger.enable, ident.quote(trigger.name))
  end) }
end

-- A sequence is never moved back: others may have drawn from it.
local MOVE = [[
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT s.seqrelid::regclass AS sequence, s.seqstart AS start, a.attname AS name
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_sequence AS s
        ON s.seqrelid = pg_catalog.pg_get_serial_sequence(%s, a.attname)::regclass
     WHERE a.attrelid = %s::regclass AND a.attname IN (%s) AND s.seqincrement > 0
  LOOP
    EXECUTE pg_catalog.format('SELECT pg_catalog.setval($1, n) FROM (SELECT max(%%I)::bigint AS n '
      'FROM %%s) AS greatest WHERE n > coalesce(pg_catalog.pg_sequence_last_value($1), $2 - 1)',
      one.name, %s) USING one.sequence, one.start;
  END LOOP;
END $$]]

local function move_sequences(o, columns)
  local whole, names = core.quote(ident.qualified(o.schema, o.table)), {}
  for i, column in ipairs(columns) do
    names[i] = core.quote(column)
  end
  return { MOVE:format(whole, whole, table.concat(names, ", "), whole) }
end

function rules.setting(o)
  if REFUSED[o.name:lower()] then
    core.fail(("setting: luamig itself relies on '%s'"):format(o.name))
  end
  local name = o.name:lower():gsub("[^%.]+", ident.quote)
  return { { sql = ("SET LOCAL %s = %s"):format(name, setting_text(o)) } }
end

d.rest_triggers = rest_triggers
d.move_sequences = move_sequences

--- A query of the rows that stand in one of two answers and not in the other.
function d.differing(before, after)
  return ([[
(SELECT * FROM %s EXCEPT ALL (
%s
)) UNION ALL ((
%s
) EXCEPT ALL SELECT * FROM %s)]]):format(before, after, after, before)
end

return rules
