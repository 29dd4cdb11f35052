function upgrade()
  op.rename_table("books", "works")
  op.rename_column("works", "title", "name")
  op.alter_column("works", "copies", { new_column_name = "printed" })
  op.assert_equal(db:has_table("books"), false)
  op.assert_equal(db:has_column("works", "name"), true)
end

function downgrade()
  op.alter_column("works", "printed", { new_column_name = "copies" })
  op.rename_column("works", "name", "title")
  op.rename_table("works", "books")
end
