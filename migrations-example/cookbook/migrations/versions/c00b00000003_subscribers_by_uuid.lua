--- Re-key subscribers by UUID
--
-- The number stays beside the new key: links that are out in the world have it, and the way back
-- needs it.

revision = "c00b00000003"
down_revision = "c00b00000002"

-- The columns that refer to a subscriber, and the constraint of each.
local REFERENCES = {
  { table = "subscribers", column = "invited_by", name = "subscribers_invited_by" },
  { table = "visits", column = "subscriber_id", name = "visits_subscriber" },
}

--- Puts the column `new` of subscribers, of that type, in the place of `id`, which is then `old`.
local function change_key(new, old, type)
  for _, fk in ipairs(REFERENCES) do
    op.add_column(fk.table, sql.column("new_key", type))
    op.execute(sql.format([[
      UPDATE %1$I SET new_key = (SELECT s.%3$I FROM subscribers s WHERE s.id = %1$I.%2$I)]],
      fk.table, fk.column, new))
    op.assert_none(sql.format("SELECT %2$I FROM %1$I WHERE (new_key IS NULL) <> (%2$I IS NULL)",
      fk.table, fk.column))
    op.drop_constraint(fk.name, fk.table)
    op.drop_column(fk.table, fk.column)
    op.rename_column(fk.table, "new_key", fk.column)
  end

  op.drop_constraint("subscribers_pkey", "subscribers")
  op.alter_column("subscribers", "id", { new_column_name = old, nullable = true })
  op.rename_column("subscribers", new, "id")
  op.create_primary_key("subscribers_pkey", "subscribers", { "id" })
  for _, fk in ipairs(REFERENCES) do
    op.create_foreign_key(fk.name, fk.table, "subscribers", { fk.column }, { "id" })
  end
end

function upgrade()
  op.assert_equal(#db:references_to("subscribers.id"), #REFERENCES, "a foreign key is not listed")

  op.add_column("subscribers", sql.column("new_id", sql.uuid))
  op.backfill("subscribers", { read = { "id" }, write = { "new_id" } }, function()
    return { new_id = uuid.v7() }
  end)
  change_key("new_id", "number", sql.uuid)
end

function downgrade()
  -- Who came after the upgrade has no number yet.
  op.execute([[
    UPDATE subscribers
       SET number = fresh.number
      FROM (SELECT id, row_number() OVER (ORDER BY id)
                     + (SELECT coalesce(max(number), 0) FROM subscribers) AS number
              FROM subscribers
             WHERE number IS NULL) AS fresh
     WHERE fresh.id = subscribers.id]])
  change_key("number", "old_id", sql.bigint)
  op.drop_column("subscribers", "old_id")
end
