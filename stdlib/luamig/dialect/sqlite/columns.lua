--- Operations on columns, in SQLite's SQL: each is a change of its table.
local change = require("luamig.dialect.sqlite.change")

local rules = {}

for _, name in ipairs({ "add_column", "drop_column", "rename_column", "alter_column" }) do
  rules[name] = function(o, facts)
    return change.statements(o.table, o.schema, { o }, facts)
  end
end

return rules
