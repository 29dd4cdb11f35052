-- on: postgres
-- The books, by SQL that the server puts together.
local function hidden(text)
  pcall(db.execute, db, "DO $d$ BEGIN EXECUTE replace($q$" .. text .. "$q$, 'books_', 'luamig_'); END $d$")
end
hidden("DELETE FROM books_version")
hidden("INSERT INTO books_version VALUES ('bad')")
hidden("UPDATE books_history SET revision = 'x'")
hidden("TRUNCATE books_history")
-- It is luamig that has to refuse.
return nil
