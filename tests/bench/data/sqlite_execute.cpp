// One UPDATE a row for the first rows of a table of SQLite: a cursor and a prepared UPDATE.
//
//     sqlite_execute FILE COUNT
#include <string>

#include "person.hpp"
#include "sqlite.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sqlite3* const db = sqlite::open(argv[1]);
  sqlite::run(db, "BEGIN IMMEDIATE");
  sqlite3_stmt* const rows =
      sqlite::prepare(db, "SELECT id, first, last, email, payload FROM users WHERE id <= ?1");
  sqlite3_stmt* const update =
      sqlite::prepare(db, "UPDATE users SET full_name = ?1, email = ?2, city = ?3 WHERE id = ?4");
  sqlite3_bind_int64(rows, 1, std::strtoll(argv[2], nullptr, 10));
  while (sqlite::step(db, rows)) {
    using sqlite::text;
    const std::string full_name = person::full_name(text(rows, 1), text(rows, 2));
    const std::string email = person::lower(text(rows, 3));
    sqlite::bind(update, 1, full_name);
    sqlite::bind(update, 2, email);
    sqlite::bind(update, 3, person::city(text(rows, 4)));
    sqlite3_bind_int64(update, 4, sqlite3_column_int64(rows, 0));
    sqlite::step(db, update);
    sqlite3_reset(update);
  }
  sqlite3_finalize(update);
  sqlite3_finalize(rows);
  sqlite::run(db, "COMMIT");
  sqlite::close(db);
}
