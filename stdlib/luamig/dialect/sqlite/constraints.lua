--- Operations on constraints and comments, in SQLite: its ALTER TABLE knows none of them.
local core = require("luamig.core")

local rules = {}

local function refuse(what)
  return function(o)
    core.fail(("%s: SQLite's ALTER TABLE cannot %s '%s'"):format(o.op, what, o.table or o.source),
      "make the table anew with its constraints, copy the rows by op.execute, drop the old one, "
      .. "rename")
  end
end

for _, name in ipairs({ "create_foreign_key", "create_unique_constraint",
  "create_check_constraint", "create_primary_key" }) do
  rules[name] = refuse("add a constraint to")
end
rules.drop_constraint = refuse("drop a constraint of")
rules.rename_constraint = refuse("rename a constraint of")

-- A constraint that is there holds for every row.
function rules.validate_constraint()
  return {}
end

-- SQLite keeps no comments.
function rules.create_table_comment()
  return {}
end

rules.drop_table_comment = rules.create_table_comment

return rules
