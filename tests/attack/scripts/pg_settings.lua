-- on: postgres
-- Settings that luamig relies on, by name and out of texts.
for _, text in ipairs({ "SET client_encoding = 'SQL_ASCII'", "SET standard_conforming_strings = off",
  "SET DateStyle = 'German'", "SET bytea_output = 'escape'" }) do
  if pcall(db.execute, db, text) then escaped(text) end
  pcall(db.execute, db, "DO $d$ BEGIN EXECUTE '" .. text:gsub("'", "''") .. "'; END $d$")
end
pcall(db.execute, db, "SET idle_in_transaction_session_timeout = 1")
pcall(db.execute, db, "SET LOCAL transaction_read_only = on")
pcall(db.execute, db, "SET default_transaction_isolation = serializable")
pcall(db.execute, db, "INSERT INTO kept VALUES (3, E'\\xc3\\x28')")
