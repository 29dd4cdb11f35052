-- on: sqlite postgres
-- A table of the script's is none of luamig's by another name.
db:execute("CREATE TABLE mine (revision text, n integer)")
for _, name in ipairs({ "luamig_progress", "luamig_undo", "luamig_rejects", "luamig_version", "LUAMIG_HISTORY" }) do
  for _, text in ipairs({ "ALTER TABLE mine RENAME TO %s", 'ALTER TABLE mine RENAME TO "%s"' }) do
    local another = db.dialect == "postgresql" and name ~= name:lower() and text:find('"', 1, true)
    if not another and pcall(db.execute, db, text:format(name)) then escaped(text:format(name)) end
  end
  local is_own = name == name:lower() or db.dialect == "sqlite"
  if is_own and pcall(op.rename_table, "mine", name) then escaped("op.rename_table to " .. name) end
end
