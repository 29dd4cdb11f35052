local names = require("names")

local function name(word)
  return names.of(db.dialect, word)
end

function upgrade()
  op.rename_table(name("Employee"), "staff")
  op.rename_column("staff", name("Fax"), "second_phone")

  local referents = {}
  for _, fk in ipairs(db:references_to("staff." .. name("EmployeeId"))) do
    referents[#referents + 1] = fk.table .. "." .. fk.column
  end
  table.sort(referents)
  op.assert_equal(table.concat(referents, " "),
    names.of(db.dialect, "Customer") .. "." .. names.of(db.dialect, "SupportRepId") .. " staff."
      .. names.of(db.dialect, "ReportsTo"))
end

function downgrade()
  op.rename_column("staff", "second_phone", name("Fax"))
  op.rename_table("staff", name("Employee"))
end
