function upgrade()
  -- The loop changes what it reads, and must still meet each row once.
  local visits = 0
  for review in db:rows("SELECT author, stars FROM reviews") do
    visits = visits + 1
    db:execute("UPDATE reviews SET stars = :stars, author = :new WHERE author = :author",
      { stars = review.stars - 1, new = review.author .. "z", author = review.author })
  end
  op.assert_equal(visits, 2)
end

function downgrade()
  op.execute("UPDATE reviews SET stars = stars + 1, author = substr(author, 1, 1)")
end
