function upgrade()
  op.create_table("products", {
    sql.column("id", sql.integer, { nullable = false }),
    sql.column("name", sql.string(255), { nullable = false }),
    sql.column("sku", sql.string(50), { nullable = false }),
    sql.column("price", sql.numeric(10, 2), { nullable = false }),
    sql.column("account_id", sql.integer, { references = "accounts.id", ondelete = "CASCADE" }),
    sql.column("created_at", sql.datetime, { server_default = sql.now() }),
    sql.column("quantity", sql.integer, { nullable = false, server_default = 1 }),
    sql.primary_key({ "id" }),
    sql.unique({ "sku" }),
    sql.check("quantity >= 0", { name = "ck_products_quantity" }),
  })
  op.create_index("ix_products_sku", "products", { "sku" })
  op.execute("INSERT INTO products (name, sku, price, created_at) "
    .. "VALUES ('a', 's', 12.50, '2026-01-02 03:04:05')")
  op.assert_equal(db:scalar("SELECT id FROM products"), 1)
  op.assert_equal(exact(db:scalar("SELECT CAST(price AS text) FROM products")), exact("12.5"))
end

function downgrade()
  op.drop_index("ix_products_sku")
  op.drop_table("products")
end
