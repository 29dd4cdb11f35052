// SQLite as the hand-written programs use it: any fault ends the program.
#pragma once

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace sqlite {

inline void check(sqlite3* db, bool good) {
  if (good) return;
  std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
  std::exit(1);
}

inline sqlite3* open(const char* path) {
  sqlite3* db = nullptr;
  check(db, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) ==
                SQLITE_OK);
  return db;
}

inline void run(sqlite3* db, const char* sql) {
  check(db, sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
}

/// The caller finalizes it.
inline sqlite3_stmt* prepare(sqlite3* db, const char* sql) {
  sqlite3_stmt* s = nullptr;
  check(db, sqlite3_prepare_v2(db, sql, -1, &s, nullptr) == SQLITE_OK);
  return s;
}

/// Whether there is a row.
inline bool step(sqlite3* db, sqlite3_stmt* s) {
  const int state = sqlite3_step(s);
  check(db, state == SQLITE_DONE || state == SQLITE_ROW);
  return state == SQLITE_ROW;
}

inline std::string_view text(sqlite3_stmt* s, int column) {
  const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(s, column))};
}

inline std::string_view text(sqlite3_value* v) {
  const auto* const bytes = reinterpret_cast<const char*>(sqlite3_value_text(v));
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(v))};
}

/// The bytes must stay until the statement has run.
inline void bind(sqlite3_stmt* s, int i, std::string_view value) {
  sqlite3_bind_text(s, i, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}

inline void close(sqlite3* db) { check(db, sqlite3_close(db) == SQLITE_OK); }

}  // namespace sqlite
