--- Three columns of every user, batch by batch

revision = "da7a00000002"
down_revision = "da7a00000001"
transactional = false

function upgrade()
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
