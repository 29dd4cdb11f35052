local sa = require("luamig.sa")
local table, column = sa.table, sa.column

local accounts = table("accounts", column("id", sa.Integer), column("email", sa.String),
  column("new_field", sa.String))

function upgrade()
  op.execute(accounts:update():values({ new_field = "it's" }):where(accounts.c.id:eq(1)))
  op.execute(sa.insert(accounts):values({ { email = "c" }, { email = "d" } }))
  op.execute(sa.delete(accounts):where(accounts.c.email:eq("d")))
end

function downgrade()
  op.execute(accounts:delete():where("email = $1", { "c" }))
  op.execute(accounts:update():values({ new_field = "active" }):all())
end
