// Three columns of every row, on PostgreSQL: 10,000 rows are fetched from a cursor and written by
// one UPDATE from arrays, pipelined: while the client works on a block the server writes the one
// before it and reads the next.
//
//     postgres_update URL
#include <array>
#include <string>

#include "person.hpp"
#include "postgres.hpp"

namespace {

constexpr unsigned int8 = 20;
constexpr unsigned text = 25;

void send(PGconn* on, int good) {
  if (good != 1 || PQsendFlushRequest(on) != 1 || PQflush(on) < 0) postgres::fail(on);
}

void send_fetch(PGconn* on) {
  send(on, PQsendQueryPrepared(on, "fetch", 0, nullptr, nullptr, nullptr, 1));
}

/// The one result of the oldest statement that is under way. The caller clears it.
PGresult* next_result(PGconn* on) {
  PGresult* const r = postgres::checked(on, PQgetResult(on));
  if (PQgetResult(on) != nullptr) postgres::fail(on);
  return r;
}

class block {
 public:
  void take(const PGresult* r) {
    for (postgres::column_array& column : columns_) column.clear();
    for (int row = 0; row < PQntuples(r); ++row) {
      using postgres::text;
      columns_[0].add(text(r, row, 0));
      columns_[1].add(person::full_name(text(r, row, 1), text(r, row, 2)));
      columns_[2].add(person::lower(text(r, row, 3)));
      columns_[3].add(person::city(text(r, row, 4)));
    }
  }

  void send_update(PGconn* on) {
    std::array<const char*, 4> values{};
    std::array<int, 4> lengths{};
    constexpr std::array<int, 4> binary{1, 1, 1, 1};
    for (std::size_t i = 0; i < 4; ++i) {
      values[i] = columns_[i].value().data();
      lengths[i] = static_cast<int>(columns_[i].value().size());
    }
    send(on, PQsendQueryPrepared(on, "update", 4, values.data(), lengths.data(), binary.data(), 0));
  }

 private:
  std::array<postgres::column_array, 4> columns_{
      postgres::column_array(int8), postgres::column_array(text), postgres::column_array(text),
      postgres::column_array(text)};
};

void update_all(PGconn* on) {
  block rows;
  send_fetch(on);
  send_fetch(on);
  for (bool first = true;; first = false) {
    PGresult* const r = next_result(on);
    const bool last = PQntuples(r) == 0;
    if (!last) {
      rows.take(r);
      rows.send_update(on);
      send_fetch(on);
    }
    PQclear(r);
    // The UPDATE of the block before was sent ahead of the FETCH that comes next.
    if (!first) PQclear(next_result(on));
    if (last) break;
  }
  PQclear(next_result(on));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  PGconn* const on = postgres::open(argv[1]);
  // Planned once, and for few rows: by their true number the server would scan the whole table for
  // every block.
  postgres::run(on, "SET plan_cache_mode = force_generic_plan");
  postgres::run(on, "BEGIN; LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE");
  postgres::run(on,
                "DECLARE c NO SCROLL CURSOR FOR SELECT id, first, last, email, payload FROM users");
  postgres::prepare(on, "fetch", "FETCH 10000 FROM c");
  postgres::prepare(on, "update",
                    "UPDATE users SET full_name = v.full_name, email = v.email, city = v.city "
                    "FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) "
                    "AS v (id, full_name, email, city) WHERE users.id = v.id");
  if (PQenterPipelineMode(on) != 1) postgres::fail(on);
  update_all(on);
  if (PQpipelineSync(on) != 1) postgres::fail(on);
  PQclear(postgres::checked(on, PQgetResult(on)));
  if (PQexitPipelineMode(on) != 1) postgres::fail(on);
  postgres::run(on, "COMMIT");
  PQfinish(on);
}
