--- Products have categories
--
-- Here the history parts: two people started from the same revision, one on addresses and money,
-- the other, on this branch, on the catalogue. Made by
--   luamig revision -m "Products have categories" --head 1f8b --splice --branch-label catalogue

revision = "d36a82f91b07"
down_revision = "1f8b3c6ed924"
branch_labels = "catalogue"

-- A SKU begins with its kind.
local CATEGORIES = { TEA = "Tea", CUP = "Cups" }

function upgrade()
  op.create_table("categories", function(t)
    t:string("code", 10, { primary_key = true })
    t:string("name", 100, { nullable = false, unique = true })
  end)
  for code, name in sorted_pairs(CATEGORIES) do
    db:execute("INSERT INTO categories (code, name) VALUES ($1, $2)", { code, name })
  end

  op.add_column("products",
    sql.column("category", sql.string(10), { references = "categories.code" }))
  for product in db:rows("SELECT id, sku FROM products") do
    local code = product.sku:match("^(%u+)%-")
    if CATEGORIES[code] then
      db:execute("UPDATE products SET category = $1 WHERE id = $2", { code, product.id })
    end
  end
  op.create_index("ix_products_category", "products", { "category" })
end

function downgrade()
  op.drop_index("ix_products_category")
  op.drop_column("products", "category")
  op.drop_table("categories")
end
