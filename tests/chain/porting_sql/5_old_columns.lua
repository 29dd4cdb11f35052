function upgrade()
  op.drop_column("coffee_logs", "old_field")
  op.drop_column("users", "legacy_field")
  op.add_column("coffee_logs", sql.column("new_name", sql.string()))
  op.execute("UPDATE coffee_logs SET new_name = old_name")
  op.drop_column("coffee_logs", "old_name")
end

function downgrade()
  op.add_column("coffee_logs", sql.column("old_name", sql.string()))
  op.execute("UPDATE coffee_logs SET old_name = new_name")
  op.drop_column("coffee_logs", "new_name")
  op.add_column("users", sql.column("legacy_field", sql.string(100)))
  op.add_column("coffee_logs", sql.column("old_field", sql.string()))
end
