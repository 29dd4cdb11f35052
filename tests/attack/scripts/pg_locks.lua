-- on: postgres
-- Locks in everybody's way, and deadlocks.
for _, text in ipairs({ "LOCK TABLE pg_catalog.pg_class", "LOCK TABLE pg_catalog.pg_authid",
  "LOCK TABLE luamig_version", "LOCK TABLE luamig_history IN ACCESS EXCLUSIVE MODE",
  "SELECT * FROM luamig_version FOR UPDATE", "LOCK TABLE kept" }) do
  pcall(db.execute, db, text)
end
db:scalar("SELECT pg_sleep(100)")
