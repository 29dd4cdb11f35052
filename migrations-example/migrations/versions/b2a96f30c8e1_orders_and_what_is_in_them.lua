--- Orders and what is in them
--
-- An order belongs to a customer and cannot outlive him; its items cannot outlive the order.
-- A product that was ever ordered stays: its foreign key has no ondelete.

revision = "b2a96f30c8e1"
down_revision = "7c1e0a4b92d3"

function upgrade()
  op.create_table("orders", function(t)
    t:id()
    t:bigint("customer_id", {
      nullable = false,
      references = "customers.id",
      ondelete = "CASCADE",
      index = true,
    })
    t:date("ordered_on", { nullable = false })
    t:string("status", 20, { nullable = false, server_default = "open" })
    t:check("status IN ('open', 'paid', 'sent')", { name = "orders_status" })
  end)

  op.create_table("order_items", function(t)
    t:id()
    t:bigint("order_id", { nullable = false, references = "orders.id", ondelete = "CASCADE" })
    t:bigint("product_id", { nullable = false, references = "products.id" })
    t:integer("quantity", { nullable = false, server_default = 1, check = "quantity > 0" })
    t:numeric("unit_price", 10, 2, { nullable = false, server_default = 0 })
    t:unique({ "order_id", "product_id" }, { name = "order_items_once" })
  end)
end

function downgrade()
  op.drop_table("order_items")
  op.drop_table("orders")
end
