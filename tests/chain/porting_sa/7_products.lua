local sa = require("luamig.sa")

function upgrade()
  op.create_table("products",
    sa.Column("id", sa.Integer(), { nullable = false }),
    sa.Column("name", sa.String(255), { nullable = false }),
    sa.Column("sku", sa.String(50), { nullable = false }),
    sa.Column("price", sa.Numeric(10, 2), { nullable = false }),
    sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id", { ondelete = "CASCADE" })),
    sa.Column("created_at", sa.DateTime(), { server_default = sa.text("now()") }),
    sa.Column("quantity", sa.Integer(), { nullable = false, server_default = sa.text("1") }),
    sa.PrimaryKeyConstraint("id"),
    sa.UniqueConstraint("sku"),
    sa.CheckConstraint("quantity >= 0", { name = "ck_products_quantity" }))
  op.create_index("ix_products_sku", "products", { "sku" })
  op.get_bind():execute(sa.text("INSERT INTO products (name, sku, price, created_at) "
    .. "VALUES ('a', 's', 12.50, '2026-01-02 03:04:05')"))
end

function downgrade()
  op.drop_index("ix_products_sku")
  op.drop_table("products")
end
