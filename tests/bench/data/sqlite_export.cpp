// The rows of a table of SQLite into a CSV file: three columns made of them on the way, or as they
// are.
//
//     sqlite_export FILE CSV made|plain
#include "csv.hpp"
#include "person.hpp"
#include "sqlite.hpp"

namespace {

using sqlite::text;

void made(csv::writer& to, sqlite3_stmt* row) {
  to.field(text(row, 0));
  to.field(person::full_name(text(row, 1), text(row, 2)));
  to.field(person::lower(text(row, 3)));
  to.field(person::city(text(row, 4)));
  to.end_line();
}

void plain(csv::writer& to, sqlite3_stmt* row) {
  for (int i = 0; i < 5; ++i) to.field(text(row, i));
  to.end_line();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  sqlite3* const db = sqlite::open(argv[1]);
  csv::writer to(argv[2]);
  const bool is_plain = std::string_view(argv[3]) == "plain";
  to.raw(is_plain ? "id,first,last,email,payload\n" : "id,full_name,email,city\n");
  sqlite3_stmt* const rows =
      sqlite::prepare(db, "SELECT id, first, last, email, payload FROM users");
  while (sqlite::step(db, rows)) is_plain ? plain(to, rows) : made(to, rows);
  sqlite3_finalize(rows);
  to.close();
  sqlite::close(db);
}
