-- on: postgres
-- Something on the books that works later.
local function hidden(text)
  pcall(db.execute, db, "DO $d$ BEGIN EXECUTE replace($q$" .. text .. "$q$, 'books_', 'luamig_'); END $d$")
end
hidden("CREATE TRIGGER x AFTER DELETE ON books_version FOR EACH ROW EXECUTE FUNCTION "
  .. "suppress_redundant_updates_trigger()")
hidden("CREATE RULE r AS ON DELETE TO books_version DO INSTEAD NOTHING")
hidden("CREATE TABLE sister () INHERITS (books_version)")
hidden("GRANT ALL ON books_history TO PUBLIC")
-- It is luamig that has to refuse.
return nil
