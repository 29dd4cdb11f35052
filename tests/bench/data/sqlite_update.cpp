// Three columns of every row, on SQLite: one UPDATE, whose condition calls a function that works on
// the row, and whose SET gets what came of it.
//
//     sqlite_update FILE
#include <array>
#include <string>

#include "person.hpp"
#include "sqlite.hpp"

namespace {

/// What was made of the row that the UPDATE is at.
using changes = std::array<std::string, 3>;

void work(sqlite3_context* context, int, sqlite3_value** row) {
  changes& made = *static_cast<changes*>(sqlite3_user_data(context));
  made[0] = person::full_name(sqlite::text(row[0]), sqlite::text(row[1]));
  made[1] = person::lower(sqlite::text(row[2]));
  made[2] = person::city(sqlite::text(row[3]));
  sqlite3_result_int(context, 1);
}

void get(sqlite3_context* context, int, sqlite3_value** which) {
  const changes& made = *static_cast<changes*>(sqlite3_user_data(context));
  const std::string& value = made[static_cast<std::size_t>(sqlite3_value_int(which[0]))];
  sqlite3_result_text(context, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sqlite3* const db = sqlite::open(argv[1]);
  changes made;
  constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  sqlite3_create_function(db, "_run", 4, flags, &made, work, nullptr, nullptr);
  sqlite3_create_function(db, "_get", 1, flags, &made, get, nullptr, nullptr);
  sqlite::run(db, "BEGIN IMMEDIATE");
  sqlite::run(db,
              "UPDATE users SET full_name = _get(0), email = _get(1), city = _get(2) "
              "WHERE _run(first, last, email, payload)");
  sqlite::run(db, "COMMIT");
  sqlite::close(db);
}
