function upgrade()
  op.create_index("ix_accounts_email", "accounts", { "email" })
  op.create_index("ix_coffee_logs_user_id", "coffee_logs", { "user_id" })
  op.create_index("ix_users_email", "users", { "email" }, { unique = true })
end

function downgrade()
  op.drop_index("ix_users_email")
  op.drop_index("ix_coffee_logs_user_id", { table_name = "coffee_logs" })
  op.drop_index("ix_accounts_email", "accounts")
end
