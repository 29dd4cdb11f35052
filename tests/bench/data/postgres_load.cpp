// The lines of a CSV file into a table of PostgreSQL, three columns made of them on the way to
// COPY.
//
//     postgres_load URL FILE
#include "csv.hpp"
#include "person.hpp"
#include "postgres.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  PGconn* const on = postgres::open(argv[1]);
  csv::reader lines(argv[2], 5);
  lines.next();  // the header
  postgres::run(on, "BEGIN");
  postgres::copy_in rows(on, "COPY people (id, full_name, email, city) FROM STDIN (FORMAT binary)");
  while (const auto* const line = lines.next()) {
    rows.row(4);
    rows.field(std::int64_t{std::strtoll((*line)[0].c_str(), nullptr, 10)});
    rows.field(person::full_name((*line)[1], (*line)[2]));
    rows.field(person::lower((*line)[3]));
    rows.field(person::city((*line)[4]));
  }
  rows.end();
  postgres::run(on, "COMMIT");
  PQfinish(on);
}
