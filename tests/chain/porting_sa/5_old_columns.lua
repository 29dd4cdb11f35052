local sa = require("luamig.sa")

function upgrade()
  op.drop_column("coffee_logs", "old_field")
  op.drop_column("users", "legacy_field")
  op.add_column("coffee_logs", sa.Column("new_name", sa.String()))
  op.execute("UPDATE coffee_logs SET new_name = old_name")
  op.drop_column("coffee_logs", "old_name")
end

function downgrade()
  op.add_column("coffee_logs", sa.Column("old_name", sa.String()))
  op.execute("UPDATE coffee_logs SET old_name = new_name")
  op.drop_column("coffee_logs", "new_name")
  op.add_column("users", sa.Column("legacy_field", sa.String(100)))
  op.add_column("coffee_logs", sa.Column("old_field", sa.String()))
end
