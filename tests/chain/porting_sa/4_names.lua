function upgrade()
  op.alter_column("coffee_logs", "coffee_type", { new_column_name = "beverage_type" })
  op.rename_column("users", "name", "full_name")
end

function downgrade()
  op.rename_column("users", "full_name", "name")
  op.alter_column("coffee_logs", "beverage_type", { new_column_name = "coffee_type" })
end
