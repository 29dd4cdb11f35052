--- Products have titles
--
-- products.name becomes products.title; the rows stay where they are.

revision = "2c95e1b8f47d"
down_revision = "d36a82f91b07"

function upgrade()
  op.rename_column("products", "name", "title")
  op.create_index("ix_products_title", "products", { sql.raw("lower(title)") })
end

function downgrade()
  op.drop_index("ix_products_title")
  op.rename_column("products", "title", "name")
end
