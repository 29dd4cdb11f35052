-- on: postgres
-- Errors of the server's with everything in them.
for _, state in ipairs({ "22012", "57P01", "08006", "25P02", "P0001" }) do
  pcall(db.execute, db, "DO $d$ BEGIN RAISE EXCEPTION USING ERRCODE = '" .. state
    .. "', MESSAGE = repeat(E'\\033[2J', 100000), DETAIL = repeat('x', 10000000), HINT = E'\\a\\r'; END $d$")
end
db:execute("DO $d$ BEGIN RAISE EXCEPTION USING MESSAGE = 'luamig: the books moved' || repeat(E'\\033[31m\\n', "
  .. "10000), HINT = E'\\033[2J', DETAIL = 'luamig: on the books: x'; END $d$")
