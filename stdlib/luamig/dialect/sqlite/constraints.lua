--- Operations on constraints and comments, in SQLite: a constraint is a change of its table.
local change = require("luamig.dialect.sqlite.change")

local rules = {}

for _, name in ipairs({ "create_unique_constraint", "create_check_constraint",
  "create_primary_key", "drop_constraint", "rename_constraint" }) do
  rules[name] = function(o, facts)
    return change.statements(o.table, o.schema, { o }, facts)
  end
end

function rules.create_foreign_key(o, facts)
  return change.statements(o.source, o.source_schema, { o }, facts)
end

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
