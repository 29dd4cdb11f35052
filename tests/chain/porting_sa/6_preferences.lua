local sa = require("luamig.sa")

function upgrade()
  op.create_table("user_preferences",
    sa.Column("id", sa.UUID(), { nullable = false }),
    sa.Column("user_id", sa.UUID(), { nullable = false }),
    sa.Column("preference_key", sa.String(), { nullable = false }),
    sa.Column("preference_value", sa.String(), { nullable = true }),
    sa.PrimaryKeyConstraint("id"),
    sa.ForeignKeyConstraint({ "user_id" }, { "users.id" }))
  op.create_index(op.f("ix_user_preferences_user_id"), "user_preferences", { "user_id" },
    { unique = false })
end

function downgrade()
  op.drop_index(op.f("ix_user_preferences_user_id"), { table_name = "user_preferences" })
  op.drop_table("user_preferences")
end
