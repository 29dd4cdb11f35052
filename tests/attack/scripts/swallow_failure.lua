-- on: sqlite postgres
-- A statement fails, the error is kept from luamig, and the rest goes on.
op.execute("CREATE TABLE t (a integer)")
local co = coroutine.create(function() db:execute("no such statement") end)
coroutine.resume(co)
pcall(db.execute, db, "INSERT INTO t VALUES (1)")
