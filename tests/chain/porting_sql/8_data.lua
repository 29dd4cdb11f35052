function upgrade()
  local bind = op.get_bind()
  op.assert_equal(
    bind:execute("UPDATE items SET new_field = 'default_value' WHERE new_field IS NULL"), 2)
  bind:execute(sql.raw("UPDATE accounts SET new_field = 'active' WHERE new_field IS NULL"))
  op.execute([[
    UPDATE accounts SET email = UPPER(email)
    WHERE email != UPPER(email)
  ]])
  local seen = {}
  for row in bind:rows("SELECT id, email FROM accounts ORDER BY id") do
    seen[#seen + 1] = row[2]
  end
  op.assert_equal(table.concat(seen, " "), "IT'S@EXAMPLE.ORG B@EXAMPLE.ORG")
end

function downgrade()
  op.execute("UPDATE accounts SET email = LOWER(email), new_field = NULL")
  op.execute("UPDATE items SET new_field = NULL")
end
