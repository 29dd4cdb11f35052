function upgrade()
  op.add_column("books", sql.column("isbn", sql.string(17)))
  op.execute("UPDATE books SET isbn = '978-0-00-00000' || id || '-0'")
  op.create_index("ux_books_isbn", "books", { "isbn" }, { unique = true })

  -- A unique index refuses a second one, a savepoint undoes it, and the row is as it was.
  local ok, err = db:try(function()
    db:execute("UPDATE books SET copies = 1")
    db:execute("UPDATE books SET isbn = 'same'")
  end)
  op.assert_equal(ok, false)
  op.assert_equal(err.kind, "unique")
  op.assert_none("SELECT id FROM books WHERE copies = 1 OR isbn = 'same'")
end

function downgrade()
  op.drop_index("ux_books_isbn", "books")
  op.drop_column("books", "isbn")
end
