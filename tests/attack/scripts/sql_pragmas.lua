-- Settings that open doors.
for _, text in ipairs({ "PRAGMA writable_schema = ON", "PRAGMA temp_store_directory = '/tmp'",
  "PRAGMA journal_mode = OFF", "PRAGMA locking_mode = EXCLUSIVE",
  "UPDATE sqlite_master SET sql = 'x'", "PRAGMA data_store_directory = '/tmp'" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
