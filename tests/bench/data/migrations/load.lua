--- The people of a CSV file

revision = "da7a00000002"
down_revision = "da7a00000001"

function upgrade()
  op.import_csv("users.csv", { table = "people" }, function(line)
    return {
      id = line.id,
      full_name = line.first .. " " .. line.last,
      email = text.lower(line, "email"),
      city = json.at(line, "payload", "city"),
    }
  end)
end

function downgrade() end
