function upgrade()
  op.create_table("user_preferences",
    sql.column("id", sql.uuid, { nullable = false }),
    sql.column("user_id", sql.uuid, { nullable = false }),
    sql.column("preference_key", sql.string, { nullable = false }),
    sql.column("preference_value", sql.string, { nullable = true }),
    sql.primary_key({ "id" }),
    sql.foreign_key({ "user_id" }, { "users.id" }))
  op.create_index("ix_user_preferences_user_id", "user_preferences", { "user_id" })
end

function downgrade()
  op.drop_index("ix_user_preferences_user_id", { table_name = "user_preferences" })
  op.drop_table("user_preferences")
end
