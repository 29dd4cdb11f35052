function upgrade()
  op.add_column("accounts", sql.column("new_field", sql.string(255), { nullable = true }))
  op.add_column("coffee_logs", sql.column("user_id", sql.integer, { nullable = true }))
  op.add_column("items", sql.column("new_field", sql.string(255)))
  op.add_column("users", sql.column("phone", sql.string(20), { nullable = true }))
end

function downgrade()
  op.drop_column("users", "phone")
  op.drop_column("items", "new_field")
  op.drop_column("coffee_logs", "user_id")
  op.drop_column("accounts", "new_field")
end
