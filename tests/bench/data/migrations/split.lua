--- The city of every user into a table of its own

revision = "da7a00000002"
down_revision = "da7a00000001"

function upgrade()
  if x.lock then op.execute("LOCK TABLE users IN SHARE MODE") end
  op.backfill("users", { read = { "payload" } }, function(user, out)
    out:insert("addresses", { user_id = user.id, city = json.at(user, "payload", "city") })
  end)
end

function downgrade() end
