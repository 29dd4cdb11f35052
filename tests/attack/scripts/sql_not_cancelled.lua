-- A function of the database that looks at no interrupt, for minutes.
db:scalar("SELECT instr(:a, :b)", { a = ("a"):rep(4000000), b = ("a"):rep(2000000) .. "b" })
