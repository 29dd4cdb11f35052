-- on: sqlite postgres
-- The books are luamig's.
for _, text in ipairs({ "DELETE FROM luamig_version", "UPDATE luamig_version SET version_num = 'x'",
  "INSERT INTO luamig_history (revision) VALUES ('x')", "DROP TABLE luamig_history",
  "ALTER TABLE luamig_version RENAME TO x", "TRUNCATE luamig_version",
  "CREATE TRIGGER t AFTER INSERT ON luamig_version BEGIN DELETE FROM kept; END",
  "CREATE TEMP TRIGGER t AFTER UPDATE ON luamig_version BEGIN SELECT 1; END",
  "CREATE RULE r AS ON UPDATE TO luamig_version DO INSTEAD NOTHING",
  "INSERT INTO \"main\".\"luamig_version\" VALUES ('x')",
  "WITH x AS (SELECT 1) DELETE FROM luamig_version" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
