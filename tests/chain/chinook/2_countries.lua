local names = require("names")

function upgrade()
  op.create_table("countries", function(t)
    t:integer("id", { primary_key = true, autoincrement = false })
    t:string("name", 40, { nullable = false, unique = true })
  end)
  local id = 0
  for row in db:rows(names.fill(db.dialect, [[
    SELECT DISTINCT {Country} AS name FROM {Customer} WHERE {Country} IS NOT NULL ORDER BY 1]])) do
    id = id + 1
    db:execute("INSERT INTO countries (id, name) VALUES (:id, :name)", { id = id, name = row.name })
  end
  op.assert_equal(id, 24)
end

function downgrade()
  op.drop_table("countries")
end
