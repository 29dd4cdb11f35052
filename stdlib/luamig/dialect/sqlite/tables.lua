--- Operations on whole tables, in SQLite's SQL.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.sqlite.words")
local ident = require("luamig.dialect.ident")
local whole = require("luamig.dialect.table")

local rules = {}

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

-- DROP TABLE deletes the rows first: by their foreign keys, rows that refer to them would be
-- deleted, changed or in the way. PostgreSQL leaves them alone.
local function refuse_losing_rows(o, facts)
  for _, referent in ipairs(facts and facts.references_to(o.name, o.schema) or {}) do
    if not referent.same_table
      and facts.has_values(referent.table, referent.column, o.schema) then
      core.fail(("drop_table: rows of %s.%s refer to '%s', and SQLite would not leave them as they "
        .. "are"):format(referent.table, referent.column, o.name),
        ("set %s.%s to NULL or drop '%s' first"):format(
          referent.table, referent.column, referent.table))
    end
  end
end

function rules.drop_table(o, facts)
  refuse_losing_rows(o, facts)
  return { { sql = ("DROP TABLE %s%s"):format(o.if_exists and "IF EXISTS " or "",
    ident.qualified(o.schema, o.name)) } }
end

function rules.rename_table(o, facts)
  if common.is_absent(d, o, facts, nil, o.old) then
    return {}
  end
  return { d.alter(o, o.old, "RENAME TO %s", common.new_name(d, o.new)) }
end

return rules
