function upgrade()
  op.create_index("ix_works_name", "works", { sql.raw("lower(name)") }, { where = "name <> ''" })
  op.create_index("ix_works_notes", "works", { "author_id", "notes" })
  op.drop_index("ix_works_notes")
  op.drop_column("works", "notes")

  local names = {}
  for _, column in ipairs(db:columns("works")) do
    names[column.name] = true
  end
  op.assert_equal(names.notes == nil and names.isbn, true)
end

function downgrade()
  op.add_column("works", sql.column("notes", sql.text))
  op.drop_index("ix_works_name")
end
