// N tiny revisions on SQLite as a person would write them for speed: the statements and commits
// that luamig makes for each, prepared once, and nothing else.
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

void check(sqlite3* db, bool good) {
  if (good) return;
  std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
  std::exit(1);
}

void run(sqlite3* db, const std::string& sql) {
  check(db, sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

sqlite3_stmt* prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* s = nullptr;
  check(db, sqlite3_prepare_v2(db, sql.c_str(), -1, &s, nullptr) == SQLITE_OK);
  return s;
}

void step(sqlite3* db, sqlite3_stmt* s) {
  const int state = sqlite3_step(s);
  check(db, state == SQLITE_DONE || state == SQLITE_ROW);
  sqlite3_reset(s);
}

void text(sqlite3_stmt* s, int i, const std::string& value) {
  sqlite3_bind_text(s, i, value.c_str(), -1, SQLITE_TRANSIENT);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sqlite3* db = nullptr;
  check(db, sqlite3_open(argv[1], &db) == SQLITE_OK);
  const int count = std::atoi(argv[2]);
  run(db, "CREATE TABLE t (n INTEGER)");
  run(db, "CREATE TABLE luamig_version (version_num TEXT NOT NULL PRIMARY KEY)");
  run(db,
      "CREATE TABLE luamig_history (id INTEGER PRIMARY KEY, version_table TEXT NOT NULL, revision "
      "TEXT NOT NULL, direction TEXT NOT NULL, outcome TEXT NOT NULL, began_at TEXT NOT NULL, "
      "seconds DOUBLE PRECISION NOT NULL, who TEXT NOT NULL, host TEXT NOT NULL, luamig TEXT NOT "
      "NULL, checksum TEXT, required TEXT, source BLOB, statement_count BIGINT NOT NULL, row_count "
      "BIGINT NOT NULL, error TEXT)");
  run(db, "INSERT INTO luamig_version VALUES ('base')");
  sqlite3_stmt* const begin = prepare(db, "BEGIN IMMEDIATE");
  sqlite3_stmt* const look = prepare(db, "SELECT version_num FROM luamig_version");
  sqlite3_stmt* const edit =
      prepare(db, "UPDATE luamig_version SET version_num = ?2 WHERE version_num = ?1");
  sqlite3_stmt* const record = prepare(
      db,
      "INSERT INTO luamig_history (version_table, revision, direction, outcome, began_at, seconds, "
      "who, host, luamig, checksum, required, source, statement_count, row_count, error) VALUES "
      "('luamig_version', ?1, 'upgrade', 'applied', '2026-03-01T10:20:30.123Z', 0.001, 'user', "
      "'host', '0.1.0', ?2, NULL, ?3, 1, 1, NULL)");
  sqlite3_stmt* const read_again = prepare(
      db,
      "SELECT 1 FROM luamig_history WHERE id = last_insert_rowid() AND (version_table, revision, "
      "direction, outcome, checksum, required, source) IS ('luamig_version', ?1, 'upgrade', "
      "'applied', ?2, NULL, ?3)");
  sqlite3_stmt* const commit = prepare(db, "COMMIT");
  const std::string checksum(64, 'a');
  const std::string source(130, 'x');
  std::string before = "base";
  for (int i = 0; i < count; ++i) {
    const std::string id = "rev" + std::to_string(100000 + i);
    step(db, begin);
    step(db, look);
    run(db, "INSERT INTO t VALUES (" + std::to_string(i) + ")");
    text(edit, 1, before);
    text(edit, 2, id);
    step(db, edit);
    for (sqlite3_stmt* s : {record, read_again}) {
      text(s, 1, id);
      text(s, 2, checksum);
      sqlite3_bind_blob(s, 3, source.data(), static_cast<int>(source.size()), SQLITE_STATIC);
      step(db, s);
    }
    step(db, look);
    step(db, commit);
    before = id;
  }
  for (sqlite3_stmt* s : {begin, look, edit, record, read_again, commit}) sqlite3_finalize(s);
  return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
