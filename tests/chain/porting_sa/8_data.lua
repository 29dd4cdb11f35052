local sa = require("luamig.sa")

function upgrade()
  local connection = op.get_bind()
  connection:execute("UPDATE items SET new_field = 'default_value' WHERE new_field IS NULL")
  connection:execute(sa.text("UPDATE accounts SET new_field = 'active' WHERE new_field IS NULL"))
  op.execute([[
    UPDATE accounts SET email = UPPER(email)
    WHERE email != UPPER(email)
  ]])
end

function downgrade()
  op.execute(sa.text("UPDATE accounts SET email = LOWER(email), new_field = NULL"))
  op.execute("UPDATE items SET new_field = NULL")
end
