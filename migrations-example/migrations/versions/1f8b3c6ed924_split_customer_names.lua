--- Split customer names
--
-- customers.name becomes first_name and last_name: the last word is the last name, and whoever has
-- one word only keeps it as the first.
-- The loop may update the table it reads: it goes over a snapshot.

revision = "1f8b3c6ed924"
down_revision = "e41d7750a6fb"

-- A column of a filled table is never NULL only where the database has something to fill in.
local function name_column(name, length)
  return sql.column(name, sql.string(length), { nullable = false, server_default = "" })
end

function upgrade()
  op.add_column("customers", name_column("first_name", 100))
  op.add_column("customers", name_column("last_name", 100))

  for customer in db:rows("SELECT id, name FROM customers") do
    local first, last = customer.name:match("^(.+)%s+(%S+)$")
    db:execute("UPDATE customers SET first_name = :first, last_name = :last WHERE id = :id", {
      id = customer.id,
      first = first or customer.name,
      last = last or "",
    })
  end

  -- Before the old column goes: is every name still there, to the letter?
  op.assert_none([[
    SELECT id, name, first_name, last_name
      FROM customers
     WHERE trim(first_name || ' ' || last_name) <> name]])
  op.drop_column("customers", "name")
end

function downgrade()
  op.add_column("customers", name_column("name", 200))
  op.execute("UPDATE customers SET name = trim(first_name || ' ' || last_name)")
  op.drop_column("customers", "last_name")
  op.drop_column("customers", "first_name")
end
