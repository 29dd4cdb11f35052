// Three columns of every row, on PostgreSQL, by a new table in the place of the old: blocks of
// 10,000 rows come from a cursor and go into COPY while they are made; then key and names.
//
//     postgres_rewrite URL
#include "person.hpp"
#include "postgres.hpp"

namespace {

void copy_block(PGconn* on, const PGresult* r) {
  using postgres::text;
  postgres::copy_in rows(
      on,
      "COPY new_users (id, first, last, email, payload, full_name, city) FROM STDIN (FORMAT "
      "binary)");
  for (int row = 0; row < PQntuples(r); ++row) {
    rows.row(7);
    rows.field(text(r, row, 0));
    rows.field(text(r, row, 1));
    rows.field(text(r, row, 2));
    rows.field(person::lower(text(r, row, 3)));
    rows.field(text(r, row, 4));
    rows.field(person::full_name(text(r, row, 1), text(r, row, 2)));
    rows.field(person::city(text(r, row, 4)));
  }
  rows.end();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  PGconn* const on = postgres::open(argv[1]);
  postgres::run(on,
                "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE; "
                "CREATE TABLE new_users (LIKE users INCLUDING ALL EXCLUDING INDEXES)");
  postgres::run(on,
                "DECLARE c NO SCROLL CURSOR FOR SELECT id, first, last, email, payload FROM users");
  while (true) {
    PGresult* const r = postgres::fetch(on);
    if (PQntuples(r) == 0) break;
    copy_block(on, r);
    PQclear(r);
  }
  postgres::run(on,
                "CLOSE c; DROP TABLE users; ALTER TABLE new_users RENAME TO users; "
                "ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY (id); COMMIT");
  PQfinish(on);
}
