--- Customers and products
--
-- Where every shop begins: who buys, and what there is to buy.
-- A name is one text and an address another; later revisions take both apart.

revision = "7c1e0a4b92d3"
down_revision = nil

function upgrade()
  op.create_table("customers", function(t)
    t:id()
    t:string("email", 255, { nullable = false, unique = true })
    t:string("name", 200, { nullable = false, server_default = "" })
    t:text("address")
    t:timestamps()
  end)

  op.create_table("products", function(t)
    t:id()
    t:string("sku", 20, { nullable = false, unique = true })
    t:string("name", 200, { nullable = false })
    t:numeric("price", 10, 2, { nullable = false, server_default = 0 })
  end)
end

function downgrade()
  op.drop_table("products")
  op.drop_table("customers")
end
