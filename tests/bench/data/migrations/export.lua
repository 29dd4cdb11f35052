--- The users into a CSV file, three columns made of them

revision = "da7a00000002"
down_revision = "da7a00000001"

function upgrade()
  op.export_csv("SELECT id, first, last, email, payload FROM users", "export.csv", function(user)
    return {
      id = user.id,
      full_name = user.first .. " " .. user.last,
      email = text.lower(user, "email"),
      city = json.at(user, "payload", "city"),
    }
  end)
end

function downgrade() end
