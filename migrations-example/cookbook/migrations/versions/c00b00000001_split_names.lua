--- Split contacts.name
--
-- What stands behind the last blank is the last name; a single word is a first name. No blank is
-- tidied away, so that the two make the old name again, to the letter.

revision = "c00b00000001"
down_revision = "c00b00000000"

local JOINED = "coalesce(first_name || ' ' || last_name, first_name)"

function upgrade()
  op.add_column("contacts", sql.column("first_name", sql.text))
  op.add_column("contacts", sql.column("last_name", sql.text))

  op.backfill("contacts", {
    read = { "name" },
    write = { "first_name", "last_name" },
    where = "name IS NOT NULL",
  }, function(contact)
    local first, last = contact.name:match("^(.*) (%S+)$")
    return { first_name = first or contact.name, last_name = last or null }
  end)

  op.assert_none("SELECT id, name FROM contacts WHERE name <> " .. JOINED
    .. " OR (name IS NULL) <> (first_name IS NULL)")
  op.drop_column("contacts", "name")
end

function downgrade()
  op.add_column("contacts", sql.column("name", sql.text))
  op.backfill("contacts", { set = { name = sql.raw(JOINED) } })
  op.drop_column("contacts", "last_name")
  op.drop_column("contacts", "first_name")
end
