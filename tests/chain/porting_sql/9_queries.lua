local accounts = sql.table("accounts", sql.column("id", sql.integer), sql.column("email", sql.string),
  sql.column("new_field", sql.string))

function upgrade()
  op.execute(accounts:update():values({ new_field = "it's" }):where(accounts.c.id:eq(1)))
  op.execute(accounts:insert():values({ { email = "c" }, { email = "d" } }))
  op.execute(accounts:delete():where(accounts.c.email:eq("d")))
end

function downgrade()
  op.execute(accounts:delete():where("email = $1", { "c" }))
  op.execute(accounts:update():set({ new_field = "active" }):all())
end
