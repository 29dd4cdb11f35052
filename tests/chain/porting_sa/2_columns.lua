local sa = require("luamig.sa")

function upgrade()
  op.add_column("accounts", sa.Column("new_field", sa.String(255), { nullable = true }))
  op.add_column("coffee_logs", sa.Column("user_id", sa.Integer(), { nullable = true }))
  op.add_column("items", sa.Column("new_field", sa.String(255)))
  op.add_column("users", sa.Column("phone", sa.String(20), { nullable = true }))
end

function downgrade()
  op.drop_column("users", "phone")
  op.drop_column("items", "new_field")
  op.drop_column("coffee_logs", "user_id")
  op.drop_column("accounts", "new_field")
end
