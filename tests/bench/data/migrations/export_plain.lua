--- The users into a CSV file

revision = "da7a00000002"
down_revision = "da7a00000001"

function upgrade()
  op.export_csv("SELECT id, first, last, email, payload FROM users", "export.csv")
end

function downgrade() end
