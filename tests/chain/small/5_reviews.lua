function upgrade()
  op.create_table("reviews", {
    sql.column("author", sql.string(50)),
    sql.column("stars", sql.smallint, { nullable = false, server_default = 3 }),
    sql.column("written", sql.timestamptz, { server_default = sql.now() }),
    sql.column("text", sql.text, { server_default = "it's fine" }),
    sql.primary_key({ "author" }),
    sql.check("stars BETWEEN 0 AND 5", { name = "reviews_stars" }),
  })
  db:execute("INSERT INTO reviews (author, stars, written) VALUES ($1, $2, NULL)", { "a", 5 })
  db:execute("INSERT INTO reviews (author, written) VALUES ($1, NULL)", { "b" })
end

function downgrade()
  op.drop_table("reviews")
end
