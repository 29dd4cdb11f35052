--- One spelling of an e-mail address
--
-- From here on an address is kept in lower case, and the database sees to it.
-- What it looked like before is kept for the way back.

revision = "f715c03d8ea9"
down_revision = "6d4c9b2ea071"

function upgrade()
  op.add_column("customers", sql.column("email_as_typed", sql.string(255)))

  op.assert_none([[
    SELECT lower(email) AS email, count(*) AS accounts
      FROM customers
     GROUP BY lower(email)
    HAVING count(*) > 1]], {}, "two accounts differ in upper and lower case only")

  op.execute([[
    UPDATE customers SET email_as_typed = email, email = lower(email) WHERE email <> lower(email)]])

  op.create_index("ux_customers_email", "customers", { sql.raw("lower(email)") }, { unique = true })
end

function downgrade()
  op.drop_index("ux_customers_email")
  op.execute("UPDATE customers SET email = email_as_typed WHERE email_as_typed IS NOT NULL")
  op.drop_column("customers", "email_as_typed")
end
