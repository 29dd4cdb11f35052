--- Merge preferences into one JSON column
--
-- A preference whose value is NULL is a JSON null, and one that is not there stays away. Who has
-- none at all gets NULL.

revision = "c00b00000002"
down_revision = "c00b00000001"

function upgrade()
  op.add_column("contacts", sql.column("preferences", sql.json))

  local query = "SELECT contact_id, name, value FROM preferences ORDER BY contact_id, name"
  for id, rows in db:groups(query, "contact_id") do
    local merged = {}
    for _, row in ipairs(rows) do
      merged[row.name] = coalesce(row.value, null)
    end
    db:execute("UPDATE contacts SET preferences = :merged WHERE id = :id", {
      id = id,
      merged = json.encode(merged),
    })
  end

  op.drop_table("preferences")
end

function downgrade()
  op.create_table("preferences", function(t)
    t:bigint("contact_id", { nullable = false, references = "contacts.id" })
    t:string("name", 50, { nullable = false })
    t:text("value")
    t:primary_key({ "contact_id", "name" })
  end)
  op.backfill("contacts", {
    read = { "preferences" },
    where = "preferences IS NOT NULL",
  }, function(contact, out)
    for name, value in pairs(json.decode(contact.preferences)) do
      out:insert("preferences", { contact_id = contact.id, name = name, value = value })
    end
  end)
  op.drop_column("contacts", "preferences")
end
