-- Tables that hide the functions by which the schema is read.
for _, text in ipairs({ "CREATE TABLE pragma_table_info (a)", "CREATE TEMP TABLE \"PRAGMA_index_list\" (a)",
  "CREATE VIEW pragma_foreign_key_list AS SELECT 1" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
db:execute("CREATE TABLE plain (pragma_x int)")
db:execute("ALTER TABLE plain RENAME COLUMN pragma_x TO y")
if pcall(db.execute, db, "ALTER TABLE plain RENAME TO pragma_table_xinfo") then escaped("renamed") end
