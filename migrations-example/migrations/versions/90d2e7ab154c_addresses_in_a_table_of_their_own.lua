--- Addresses in a table of their own
--
-- "Heidestraße 17; 51147 Köln; DE" becomes a street, a post code, a city and a country.
-- lib/address.lua knows the spelling; a text that it cannot read stops the revision, and the
-- message has the text in it.

revision = "90d2e7ab154c"
down_revision = "1f8b3c6ed924"

local address = require("address")

function upgrade()
  op.create_table("addresses", function(t)
    t:id()
    t:bigint("customer_id", {
      nullable = false,
      references = "customers.id",
      ondelete = "CASCADE",
      index = true,
    })
    t:string("street", 200, { nullable = false })
    t:string("postcode", 20, { nullable = false })
    t:string("city", 100, { nullable = false })
    t:char("country", 2, { nullable = false })
  end)

  local moved = 0
  local query = "SELECT id, address FROM customers WHERE address IS NOT NULL ORDER BY id"
  for customer in db:rows(query) do
    local parts = address.parse(customer.address)
    parts.customer_id = customer.id
    moved = moved + db:execute([[
      INSERT INTO addresses (customer_id, street, postcode, city, country)
      VALUES (:customer_id, :street, :postcode, :city, :country)]], parts)
  end
  log("%d addresses moved", moved)

  op.drop_column("customers", "address")
end

function downgrade()
  op.add_column("customers", sql.column("address", sql.text))
  for row in db:rows("SELECT customer_id, street, postcode, city, country FROM addresses") do
    db:execute("UPDATE customers SET address = :address WHERE id = :id", {
      id = row.customer_id,
      address = address.format(row),
    })
  end
  op.drop_table("addresses")
end
