--- Operations on whole tables, in SQLite's SQL.
local change = require("luamig.dialect.sqlite.change")
local common = require("luamig.dialect.common")
local d = require("luamig.dialect.sqlite.words")
local ident = require("luamig.dialect.ident")
local tokens = require("luamig.dialect.sqlite.tokens")
local whole = require("luamig.dialect.table")

local rules = {}

-- What a table is called while only the letters of its name change.
local ASIDE = "luamig_aside"

function rules.create_table(o)
  local options = {}
  if o.strict then
    options[1] = "STRICT"
  end
  if o.without_rowid then
    options[#options + 1] = "WITHOUT ROWID"
  end
  return whole.create(d, o, {}, #options > 0 and { table.concat(options, ", ") } or {})
end

-- DROP TABLE deletes the rows first: by foreign keys that are left, rows that refer to them would
-- be deleted, changed or in the way. As on PostgreSQL, those foreign keys go and the rows stay.
local function drop_references(o, facts)
  local statements, seen = {}, {}
  for _, referent in ipairs(facts.references_to(o.name, o.schema)) do
    if not referent.same_table and not seen[referent.table] then
      seen[referent.table] = true
      statements[#statements + 1] = {
        comment = ("drop the foreign keys of %s to %s"):format(referent.table, o.name),
        later = function()
          return change.statements(referent.table, o.schema,
            { { op = "drop_references", referent = o.name } }, facts)
        end,
      }
    end
  end
  return statements
end

function rules.drop_table(o, facts)
  local statements = o.cascade and facts and drop_references(o, facts) or {}
  statements[#statements + 1] = {
    sql = ("DROP TABLE %s%s"):format(o.if_exists and "IF EXISTS " or "",
      ident.qualified(o.schema, o.name)),
    comment = "drop table " .. o.name,
  }
  return statements
end

function rules.rename_table(o, facts)
  if common.is_absent(d, o, facts, nil, o.old) then
    return {}
  end
  local name = common.new_name(d, o.new)
  if o.old ~= o.new and tokens.same(o.old, o.new) then
    -- SQLite takes the new name for one that another table has.
    return { d.alter(o, o.old, "RENAME TO %s", ASIDE), d.alter(o, ASIDE, "RENAME TO %s", name) }
  end
  return { d.alter(o, o.old, "RENAME TO %s", name) }
end

function rules.alter_table(o, facts)
  return change.statements(o.table, o.schema, { o }, facts)
end

return rules
