--- Three columns of the first users, one statement each

revision = "da7a00000002"
down_revision = "da7a00000001"

function upgrade()
  local users = db:rows("SELECT id, first, last, email, payload FROM users WHERE id <= :most",
    { most = tonumber(x.count) })
  for user in users do
    db:execute([[
      UPDATE users SET full_name = :full_name, email = :email, city = :city WHERE id = :id]], {
      id = user.id,
      full_name = user.first .. " " .. user.last,
      email = text.lower(user, "email"),
      city = json.at(user, "payload", "city"),
    })
  end
end

function downgrade() end
