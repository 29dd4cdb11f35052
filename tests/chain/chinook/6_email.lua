local names = require("names")

function upgrade()
  local customer, email = names.of(db.dialect, "Customer"), names.of(db.dialect, "Email")
  op.create_index("ux_customer_email", customer, { email }, { unique = true })
end

function downgrade()
  op.drop_index("ux_customer_email")
end
