// The lines of a CSV file into a table of SQLite by a prepared INSERT, three columns made of them.
//
//     sqlite_load FILE CSV
#include <string>

#include "csv.hpp"
#include "person.hpp"
#include "sqlite.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sqlite3* const db = sqlite::open(argv[1]);
  csv::reader lines(argv[2], 5);
  lines.next();  // the header
  sqlite::run(db, "BEGIN IMMEDIATE");
  sqlite3_stmt* const insert = sqlite::prepare(db, "INSERT INTO people VALUES (?1, ?2, ?3, ?4)");
  while (const auto* const line = lines.next()) {
    const std::string full_name = person::full_name((*line)[1], (*line)[2]);
    const std::string email = person::lower((*line)[3]);
    sqlite3_bind_int64(insert, 1, std::strtoll((*line)[0].c_str(), nullptr, 10));
    sqlite::bind(insert, 2, full_name);
    sqlite::bind(insert, 3, email);
    sqlite::bind(insert, 4, person::city((*line)[4]));
    sqlite::step(db, insert);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sqlite::run(db, "COMMIT");
  sqlite::close(db);
}
