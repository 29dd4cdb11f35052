-- on: postgres
-- What waits for the end of the transaction.
pcall(db.execute, db, "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN EXECUTE "
  .. "replace('DELETE FROM books_version', 'books_', 'luamig_'); RETURN NULL; END $f$")
pcall(db.execute, db, "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON kept DEFERRABLE INITIALLY "
  .. "DEFERRED FOR EACH ROW EXECUTE FUNCTION late()")
db:execute("INSERT INTO kept VALUES (3, 'three')")
db:execute("SET CONSTRAINTS ALL DEFERRED")
-- It is luamig that has to refuse.
return nil
