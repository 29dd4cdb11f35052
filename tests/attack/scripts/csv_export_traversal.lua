-- on: sqlite postgres
-- Files that must not be written.
op.execute("CREATE TABLE csv_out (a integer)")
for _, path in ipairs({ "../canary", "/tmp/luamig_attack", "out/../../canary", "link/x", "\0" }) do
  pcall(function() db:export_csv("SELECT 'overwritten' AS a", path, { overwrite = true }) end)
  pcall(function() op.export_csv("SELECT 'overwritten' AS a", path, { overwrite = true }) end)
end
