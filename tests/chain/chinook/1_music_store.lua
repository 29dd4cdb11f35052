local names = require("names")

function upgrade()
  for _, name in ipairs({ "Album", "Customer", "InvoiceLine", "PlaylistTrack" }) do
    op.assert_equal(db:has_table(names.of(db.dialect, name)), true, name)
  end
end

function downgrade()
end
