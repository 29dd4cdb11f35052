-- Virtual tables and functions that reach past the statement's own tables.
for _, text in ipairs({
  "CREATE VIRTUAL TABLE f USING fts5(version_num, content='luamig_version')",
  "INSERT INTO f(f) VALUES ('rebuild')", "INSERT INTO f(f) VALUES ('delete-all')",
  "CREATE VIRTUAL TABLE luamig_version_data USING fts5(a)",
  "CREATE VIRTUAL TABLE luamig USING fts5(a)", "DROP TABLE luamig",
  "CREATE VIRTUAL TABLE luamig_version USING fts5(a)",
  "CREATE VIRTUAL TABLE temp.luamig_history USING rtree(id, a, b)",
  "CREATE VIRTUAL TABLE d USING sqlite_dbpage", "UPDATE sqlite_dbpage SET data = zeroblob(4096)",
  "SELECT data FROM sqlite_dbpage", "SELECT * FROM dbstat", "CREATE VIRTUAL TABLE s USING dbstat",
  "CREATE VIRTUAL TABLE c USING csv(filename='/etc/passwd')", "SELECT readfile('/etc/passwd')",
  "SELECT writefile('../canary', 'x')", "SELECT * FROM fsdir('/')", "SELECT edit('x', 'sh')",
  "SELECT load_extension('libc.so.6')", "SELECT fts3_tokenizer('simple', x'4141414141414141')",
  "SELECT fts3_tokenizer('simple')", "CREATE VIRTUAL TABLE t3 USING fts3(a, tokenize=simple '/etc/passwd')",
  "VACUUM INTO '../canary'", "VACUUM INTO 'other.db'", "ATTACH 'file:../canary?mode=rwc' AS x",
  "PRAGMA writable_schema = ON", "PRAGMA temp_store_directory = '/tmp'", "PRAGMA data_store_directory = '/tmp'",
  "PRAGMA trusted_schema = ON", "PRAGMA journal_mode = OFF", "PRAGMA locking_mode = EXCLUSIVE",
  "PRAGMA hard_heap_limit = 0", "PRAGMA soft_heap_limit = 0", "PRAGMA mmap_size = 100000000000",
  "PRAGMA cache_spill = 0", "PRAGMA schema_version = 1", "PRAGMA foreign_keys = OFF", "PRAGMA key = 'x'",
  "UPDATE sqlite_schema SET sql = 'x'", "DELETE FROM sqlite_master", "INSERT INTO sqlite_sequence VALUES ('x', 1)",
  "CREATE TEMP TRIGGER g AFTER INSERT ON main.luamig_version BEGIN SELECT RAISE(IGNORE); END",
  "CREATE TEMP TRIGGER h AFTER UPDATE ON kept BEGIN DELETE FROM luamig_version; END",
  "CREATE VIEW v AS SELECT * FROM luamig_version",
  "CREATE TRIGGER i INSTEAD OF DELETE ON v BEGIN DELETE FROM luamig_version; END", "DELETE FROM v",
  "CREATE TEMP VIEW luamig_version AS SELECT 'x' AS version_num", "CREATE TEMP TABLE luamig_history (a)",
  "UPDATE kept SET a = 'x'", "ALTER TABLE kept RENAME TO luamig_progress", "ALTER TABLE luamig_version RENAME TO x",
  "WITH x AS (SELECT 1) DELETE FROM \"LUAMIG_VERSION\" RETURNING *", "REPLACE INTO [luamig_version] VALUES ('x')",
  "INSERT INTO kept SELECT 9, a.value FROM luamig_history, json_each(luamig_history.revision) AS a",
  "CREATE TABLE child (v TEXT REFERENCES luamig_version ON DELETE CASCADE)",
  "CREATE INDEX ix ON luamig_version (version_num)", "DROP INDEX sqlite_autoindex_luamig_version_1",
  "ANALYZE luamig_version", "REINDEX luamig_version", "DETACH main",
}) do
  local ok = pcall(db.execute, db, text)
  local is_file = text:find("INTO '", 1, true) or text:find("readfile", 1, true) or text:find("fsdir", 1, true)
  if ok and is_file and text:sub(1, 6) ~= "INSERT" then escaped(text) end
  pcall(op.execute, text)
  pcall(db.all, db, text)
end
