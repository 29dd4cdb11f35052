// A row of a child table for every row, on PostgreSQL: blocks of 10,000 rows come from a cursor and
// go into COPY while they are made.
//
//     postgres_split URL
#include "person.hpp"
#include "postgres.hpp"

namespace {

void copy_block(PGconn* on, const PGresult* r) {
  postgres::copy_in rows(on, "COPY addresses (user_id, city) FROM STDIN (FORMAT binary)");
  for (int row = 0; row < PQntuples(r); ++row) {
    rows.row(2);
    rows.field(postgres::text(r, row, 0));
    rows.field(person::city(postgres::text(r, row, 1)));
  }
  rows.end();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  PGconn* const on = postgres::open(argv[1]);
  postgres::run(on, "BEGIN; LOCK TABLE users IN SHARE MODE");
  postgres::run(on, "DECLARE c NO SCROLL CURSOR FOR SELECT id, payload FROM users");
  while (true) {
    PGresult* const r = postgres::fetch(on);
    if (PQntuples(r) == 0) break;
    copy_block(on, r);
    PQclear(r);
  }
  postgres::run(on, "COMMIT");
  PQfinish(on);
}
