-- on: sqlite postgres
-- Texts that a parser dislikes.
pcall(db.execute, db, ("("):rep(100000))
pcall(db.execute, db, "SELECT " .. ("1+"):rep(50000) .. "1")
pcall(db.execute, db, "SELECT '" .. ("x"):rep(2000000) .. "'")
pcall(db.execute, db, "SELECT \0 1")
pcall(db.execute, db, "\255\254")
pcall(db.execute, db, "/*" .. ("x"):rep(100000))
pcall(db.execute, db, ("SELECT 1;"):rep(20000))
