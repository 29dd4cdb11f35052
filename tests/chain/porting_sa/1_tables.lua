local sa = require("luamig.sa")

function upgrade()
  op.create_table("users", sa.Column("id", sa.UUID(), { nullable = false }),
    sa.Column("name", sa.String(100)), sa.Column("email", sa.String({ length = 255 })),
    sa.Column("legacy_field", sa.String(100)), sa.PrimaryKeyConstraint("id"))
  op.create_table("accounts", sa.Column("id", sa.Integer(), { primary_key = true }),
    sa.Column("email", sa.String(255)))
  op.create_table("coffee_logs", sa.Column("id", sa.Integer(), { primary_key = true }),
    sa.Column("coffee_type", sa.String(50)), sa.Column("old_field", sa.String()),
    sa.Column("old_name", sa.String()))
  op.create_table("items", sa.Column("id", sa.Integer, { primary_key = true }))
  op.execute("INSERT INTO accounts (email) VALUES ('it''s@example.org'), ('b@example.org')")
  op.execute("INSERT INTO items (id) VALUES (1), (2)")
end

function downgrade()
  op.drop_table("items")
  op.drop_table("coffee_logs")
  op.drop_table("accounts")
  op.drop_table("users")
end
