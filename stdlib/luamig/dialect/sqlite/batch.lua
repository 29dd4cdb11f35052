--- batch_alter_table in SQLite: one change after the other, all planned before the first is made.
local core = require("luamig.core")

local rules = {}

function rules.batch_alter_table(o, facts)
  local compile = require("luamig.compile")
  if o.recreate == "always" then
    core.fail(("batch_alter_table: '%s' cannot be made anew"):format(o.table),
      "leave 'recreate' out")
  end
  local statements = {}
  for _, change in ipairs(o.changes) do
    for _, statement in ipairs(compile.statements(change, facts)) do
      statements[#statements + 1] = statement
    end
  end
  return statements
end

return rules
