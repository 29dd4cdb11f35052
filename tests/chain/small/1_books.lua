-- Values that a careless path would change: quotes, colons, percent signs, four-byte characters,
-- an empty text beside NULL, integers beyond what a double holds, bytes that are no text.
local BOOKS = {
  { id = 1, author = 1, title = "It's :title, 100 % \"quoted\"", copies = exact("9007199254740993"),
    cover = blob("\0\255\1--;'") },
  { id = 2, author = 1, title = "Ünïcödé 𝄞", copies = 0, cover = null },
  { id = 3, author = 2, title = "", copies = exact("-9223372036854775808"), cover = blob("") },
}

function upgrade()
  op.create_table("authors", function(t)
    t:id()
    t:string("name", 100, { nullable = false })
    t:text("born")
  end)
  op.create_table("books", function(t)
    t:integer("id", { primary_key = true, autoincrement = false })
    t:bigint("author_id", { nullable = false, references = "authors.id", ondelete = "CASCADE" })
    t:text("title", { nullable = false })
    t:bigint("copies", { nullable = false })
    t:binary("cover")
    t:text("notes")
    t:check("id > 0", { name = "books_id_positive" })
  end)

  for _, author in ipairs({ { "Ada", "1815-12-10, London" }, { "Grace", "1906-12-09, New York" },
    { "Nobody", null } }) do
    db:execute("INSERT INTO authors (name, born) VALUES ($1, $2)", author)
  end
  for _, book in ipairs(BOOKS) do
    db:execute([[
      INSERT INTO books (id, author_id, title, copies, cover)
      VALUES (:id, :author, :title, :copies, :cover)]], book)
  end

  for n, id, copies, cover in db:values("SELECT id, copies, cover FROM books ORDER BY id") do
    op.assert_equal(id, BOOKS[n].id)
    op.assert_equal(copies, BOOKS[n].copies)
    op.assert_equal(coalesce(cover, "NULL"), ({ "\0\255\1--;'", "NULL", "" })[n])
  end
end

function downgrade()
  op.drop_table("books")
  op.drop_table("authors")
end
