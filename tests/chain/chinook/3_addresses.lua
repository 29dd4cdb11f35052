local names = require("names")

local PARTS = { "Address", "City", "State", "Country", "PostalCode" }
local LENGTH = { Address = 70, City = 40, State = 40, Country = 40, PostalCode = 10 }

local function name(word)
  return names.of(db.dialect, word)
end

local function text_type(length)
  return (db.dialect == "sqlite" and "NVARCHAR(%d)" or "varchar(%d)"):format(length)
end

function upgrade()
  op.create_table("customer_addresses", function(t)
    t:integer("customer_id", {
      primary_key = true,
      references = name("Customer") .. "." .. name("CustomerId"),
      ondelete = "CASCADE",
    })
    t:string("street", 70)
    t:string("postal_code", 10)
    t:string("city", 40)
    t:string("state", 40)
    t:integer("country_id", { references = "countries.id" })
  end)

  local country = db:map("SELECT name, id FROM countries")
  local moved = 0
  for row in db:rows(names.fill(db.dialect, [[
    SELECT {CustomerId} AS id, {Address} AS street, {PostalCode} AS postal_code, {City} AS city,
           {State} AS state, {Country} AS country
      FROM {Customer}]])) do
    moved = moved + db:execute([[
      INSERT INTO customer_addresses (customer_id, street, postal_code, city, state, country_id)
      VALUES (:id, :street, :postal_code, :city, :state, :country)]], {
      id = row.id,
      street = coalesce(row.street, null),
      postal_code = coalesce(row.postal_code, null),
      city = coalesce(row.city, null),
      state = coalesce(row.state, null),
      country = row.country and country[row.country] or null,
    })
  end
  op.assert_equal(moved, 59)

  for _, part in ipairs(PARTS) do
    op.drop_column(name("Customer"), name(part))
  end
end

function downgrade()
  for _, part in ipairs(PARTS) do
    op.add_column(name("Customer"), sql.column(name(part), text_type(LENGTH[part])))
  end
  for row in db:rows([[
    SELECT a.customer_id, a.street, a.postal_code, a.city, a.state, c.name AS country
      FROM customer_addresses a LEFT JOIN countries c ON c.id = a.country_id]]) do
    local customer = row()
    for _, column in ipairs({ "street", "postal_code", "city", "state", "country" }) do
      customer[column] = coalesce(row[column], null)
    end
    db:execute(names.fill(db.dialect, [[
      UPDATE {Customer}
         SET {Address} = :street, {PostalCode} = :postal_code, {City} = :city, {State} = :state,
             {Country} = :country
       WHERE {CustomerId} = :customer_id]]), customer)
  end
  op.drop_table("customer_addresses")
end
