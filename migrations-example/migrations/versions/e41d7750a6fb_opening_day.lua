--- Opening day
--
-- The first customers, products and orders. Rows belong into a migration when the program cannot do
-- without them; here they are what the later revisions have to move about. No id is written down:
-- the database gives them out, and db:map finds them again by what people call things.

revision = "e41d7750a6fb"
down_revision = "b2a96f30c8e1"

local CUSTOMERS = {
  {
    email = "Ada@Example.org",
    name = "Ada Lovelace",
    address = "St James's Square 12; SW1Y 4LE London; GB",
  },
  {
    email = "grace@example.org",
    name = "Grace Brewster Hopper",
    address = "Navy Yard 1; 20374 Washington; US",
  },
  {
    email = "erika@example.org",
    name = "Erika Mustermann",
    address = "Heidestraße 17; 51147 Köln; DE",
  },
  { email = "madonna@example.org", name = "Madonna", address = null },
}

-- Prices are texts, so that 0.10 is what the database is told, and not a neighbour of it.
local PRODUCTS = {
  { sku = "TEA-GREEN", name = "Green tea, 100 g", price = "4.90" },
  { sku = "TEA-BLACK", name = "Black tea, 100 g", price = "3.35" },
  { sku = "CUP-BLUE", name = "Blue cup", price = "12.00" },
  { sku = "CUP-SAMPLE", name = "Shard of a blue cup", price = "0.10" },
}

local ORDERS = {
  {
    by = "Ada@Example.org",
    on = "2026-03-02",
    status = "sent",
    items = { { "TEA-GREEN", 2 }, { "CUP-BLUE", 1 } },
  },
  {
    by = "grace@example.org",
    on = "2026-03-02",
    status = "paid",
    items = { { "CUP-SAMPLE", 3 } },
  },
  {
    by = "Ada@Example.org",
    on = "2026-03-09",
    status = "open",
    items = { { "TEA-BLACK", 10 } },
  },
}

local function insert_order(order, customers, products)
  local id = db:scalar([[
    INSERT INTO orders (customer_id, ordered_on, status) VALUES (:customer, :day, :status)
    RETURNING id]], { customer = customers[order.by], day = order.on, status = order.status })
  for _, item in ipairs(order.items) do
    local sku, quantity = item[1], item[2]
    db:execute([[
      INSERT INTO order_items (order_id, product_id, quantity, unit_price)
      SELECT :order, id, :quantity, price FROM products WHERE id = :product]],
      { order = id, product = products[sku], quantity = quantity })
  end
end

function upgrade()
  for _, customer in ipairs(CUSTOMERS) do
    db:execute(
      "INSERT INTO customers (email, name, address) VALUES (:email, :name, :address)", customer)
  end
  for _, product in ipairs(PRODUCTS) do
    db:execute(
      "INSERT INTO products (sku, name, price) VALUES (:sku, :name, :price)", product)
  end

  local customers = db:map("SELECT email, id FROM customers")
  local products = db:map("SELECT sku, id FROM products")
  for _, order in ipairs(ORDERS) do
    insert_order(order, customers, products)
  end
end

function downgrade()
  op.execute("DELETE FROM order_items")
  op.execute("DELETE FROM orders")
  op.execute("DELETE FROM products")
  op.execute("DELETE FROM customers")
end
