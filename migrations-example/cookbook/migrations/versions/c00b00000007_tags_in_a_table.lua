--- Move tags to a table of their own
--
-- A tag that a contact has twice, whatever its letters' case, is kept as it stood there first.
-- The way back makes a tidy list.

revision = "c00b00000007"
down_revision = "c00b00000006"

function upgrade()
  op.create_table("contact_tags", function(t)
    t:bigint("contact_id", { nullable = false, references = "contacts.id", ondelete = "CASCADE" })
    t:text("tag", { nullable = false })
    t:integer("position", { nullable = false })
    t:primary_key({ "contact_id", "tag" })
  end)

  op.backfill("contacts", { read = { "tags" }, where = "tags IS NOT NULL" }, function(contact, out)
    local seen, position = {}, 0
    for tag in text.split(contact, "tags", ",") do
      tag = tag:match("^%s*(.-)%s*$")
      local key = text.lower(tag)
      if tag ~= "" and not seen[key] then
        seen[key], position = true, position + 1
        out:insert("contact_tags", { contact_id = contact.id, tag = tag, position = position })
      end
    end
  end)
  op.drop_column("contacts", "tags")
end

function downgrade()
  op.add_column("contacts", sql.column("tags", sql.text))
  local query = "SELECT contact_id, tag FROM contact_tags ORDER BY contact_id, position"
  for id, rows in db:groups(query, "contact_id") do
    local tags = {}
    for at, row in ipairs(rows) do
      tags[at] = row.tag
    end
    db:execute("UPDATE contacts SET tags = :tags WHERE id = :id", {
      id = id,
      tags = table.concat(tags, ","),
    })
  end
  op.drop_table("contact_tags")
end
