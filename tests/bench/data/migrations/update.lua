--- Three columns of every user

revision = "da7a00000002"
down_revision = "da7a00000001"

function upgrade()
  if x.lock then op.execute("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE") end
  op.backfill("users", {
    read = { "first", "last", "email", "payload" },
    write = { "full_name", "email", "city" },
  }, function(user)
    return {
      full_name = user.first .. " " .. user.last,
      email = text.lower(user, "email"),
      city = json.at(user, "payload", "city"),
    }
  end)
end

function downgrade() end
