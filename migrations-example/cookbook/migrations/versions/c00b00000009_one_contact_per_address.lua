--- Merge contacts with the same address
--
-- Who logged in last stays, and everything that pointed to the others points there. What they
-- said themselves is kept in merged_contacts. Contacts without an address are merged with nobody.

revision = "c00b00000009"
down_revision = "c00b00000008"
irreversible = "what pointed to a merged contact does not say so any more"

function upgrade()
  op.backfill("contacts", {
    read = { "email" },
    write = { "email" },
    where = "email IS NOT NULL",
  }, function(contact)
    return { email = contact.email ~= "" and text.lower(contact.email) or null }
  end)

  op.execute([[
    CREATE TABLE merged_contacts AS
    SELECT *
      FROM (SELECT contacts.*, first_value(id) OVER (
                     PARTITION BY email ORDER BY last_login DESC NULLS LAST, id) AS keep
              FROM contacts
             WHERE email IS NOT NULL) AS ranked
     WHERE id <> keep]])

  -- Two of them may have the same tag, which the one that stays can have only once.
  op.execute([[
    INSERT INTO contact_tags (contact_id, tag, position)
    SELECT t.keep, g.tag, min(g.position)
      FROM contact_tags g JOIN merged_contacts t ON t.id = g.contact_id
     GROUP BY t.keep, g.tag
        ON CONFLICT DO NOTHING]])
  op.execute("DELETE FROM contact_tags WHERE contact_id IN (SELECT id FROM merged_contacts)")

  for _, fk in ipairs(db:references_to("contacts.id")) do
    op.execute(sql.format([[
      UPDATE %1$I
         SET %2$I = (SELECT keep FROM merged_contacts m WHERE m.id = %1$I.%2$I)
       WHERE %2$I IN (SELECT id FROM merged_contacts)]], fk.table, fk.column))
  end

  local merged = op.execute("DELETE FROM contacts WHERE id IN (SELECT id FROM merged_contacts)")
  log("%d contacts merged", merged)
  op.create_unique_constraint("contacts_email_key", "contacts", { "email" })
end
