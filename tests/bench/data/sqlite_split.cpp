// A row of a child table for every row, on SQLite: a cursor and a prepared INSERT.
//
//     sqlite_split FILE
#include "person.hpp"
#include "sqlite.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sqlite3* const db = sqlite::open(argv[1]);
  sqlite::run(db, "BEGIN IMMEDIATE");
  sqlite3_stmt* const rows = sqlite::prepare(db, "SELECT id, payload FROM users");
  sqlite3_stmt* const insert = sqlite::prepare(db, "INSERT INTO addresses VALUES (?1, ?2)");
  while (sqlite::step(db, rows)) {
    sqlite3_bind_int64(insert, 1, sqlite3_column_int64(rows, 0));
    sqlite::bind(insert, 2, person::city(sqlite::text(rows, 1)));
    sqlite::step(db, insert);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sqlite3_finalize(rows);
  sqlite::run(db, "COMMIT");
  sqlite::close(db);
}
