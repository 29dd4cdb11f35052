function upgrade()
  op.create_table("places", function(t)
    t:id()
    t:string("city", 100, { nullable = false, unique = true })
  end)
  op.add_column("authors", sql.column("born_on", sql.date))
  op.add_column("authors", sql.column("born_in", sql.bigint, { references = "places.id" }))

  for author in db:rows("SELECT id, born FROM authors WHERE born IS NOT NULL ORDER BY id") do
    local day, city = author.born:match("^(%d+%-%d+%-%d+), (.+)$")
    local place = db:scalar("INSERT INTO places (city) VALUES ($1) RETURNING id", { city })
    db:execute("UPDATE authors SET born_on = :day, born_in = :place WHERE id = :id",
      { day = day, place = place, id = author.id })
  end
  op.drop_column("authors", "born")
end

function downgrade()
  op.add_column("authors", sql.column("born", sql.text))
  for author in db:rows([[
    SELECT a.id, CAST(a.born_on AS text) AS born_on, p.city
      FROM authors a JOIN places p ON p.id = a.born_in]]) do
    db:execute("UPDATE authors SET born = :born WHERE id = :id",
      { born = author.born_on .. ", " .. author.city, id = author.id })
  end
  op.drop_column("authors", "born_in")
  op.drop_column("authors", "born_on")
  op.drop_table("places")
end
