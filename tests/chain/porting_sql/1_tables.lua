function upgrade()
  op.create_table("users", sql.column("id", sql.uuid, { nullable = false }),
    sql.column("name", sql.string(100)), sql.column("email", sql.string(255)),
    sql.column("legacy_field", sql.string(100)), sql.primary_key({ "id" }))
  op.create_table("accounts", sql.column("id", sql.integer, { primary_key = true }),
    sql.column("email", sql.string(255)))
  op.create_table("coffee_logs", sql.column("id", sql.integer, { primary_key = true }),
    sql.column("coffee_type", sql.string(50)), sql.column("old_field", sql.string),
    sql.column("old_name", sql.string))
  op.create_table("items", sql.column("id", sql.integer, { primary_key = true }))
  op.execute("INSERT INTO accounts (email) VALUES ('it''s@example.org'), ('b@example.org')")
  op.execute("INSERT INTO items (id) VALUES (1), (2)")
end

function downgrade()
  op.drop_table("items")
  op.drop_table("coffee_logs")
  op.drop_table("accounts")
  op.drop_table("users")
end
