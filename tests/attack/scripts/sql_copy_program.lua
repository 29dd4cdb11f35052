-- on: sqlite postgres
-- The server's own shell and files.
for _, text in ipairs({ "COPY (SELECT 1) TO PROGRAM 'touch /tmp/luamig_attack'",
  "COPY kept FROM '/etc/passwd'", "COPY (SELECT 1) TO '/tmp/luamig_attack'",
  "SET SESSION AUTHORIZATION postgres", "SET ROLE postgres", "LOAD 'x'",
  "ALTER SYSTEM SET archive_command = 'x'", "LISTEN x; COMMIT" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
