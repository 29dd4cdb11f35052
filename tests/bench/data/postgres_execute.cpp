// One UPDATE a row for the first rows of a table of PostgreSQL: prepared, and pipelined in
// hundreds.
//
//     postgres_execute URL COUNT
#include <array>
#include <string>

#include "person.hpp"
#include "postgres.hpp"

namespace {

/// Reads the results of so many statements.
void read_results(PGconn* on, int count) {
  for (int i = 0; i < count; ++i) {
    PQclear(postgres::checked(on, PQgetResult(on)));
    if (PQgetResult(on) != nullptr) postgres::fail(on);
  }
}

class pipeline {
 public:
  explicit pipeline(PGconn* on) : on_(on) {
    if (PQenterPipelineMode(on) != 1) postgres::fail(on);
  }

  void send_update(const PGresult* r, int row) {
    using postgres::text;
    const std::string full_name = person::full_name(text(r, row, 1), text(r, row, 2));
    const std::string email = person::lower(text(r, row, 3));
    const std::string_view city = person::city(text(r, row, 4));
    const std::array<const char*, 4> values{full_name.data(), email.data(), city.data(),
                                            PQgetvalue(r, row, 0)};
    const std::array<int, 4> lengths{static_cast<int>(full_name.size()),
                                     static_cast<int>(email.size()), static_cast<int>(city.size()),
                                     8};
    constexpr std::array<int, 4> binary{1, 1, 1, 1};
    if (PQsendQueryPrepared(on_, "update", 4, values.data(), lengths.data(), binary.data(), 0) !=
        1) {
      postgres::fail(on_);
    }
    if (++sent_ == hundred) flush();
  }

  void end() {
    flush();
    read_results(on_, before_);
    if (PQpipelineSync(on_) != 1) postgres::fail(on_);
    PQclear(postgres::checked(on_, PQgetResult(on_)));
    if (PQexitPipelineMode(on_) != 1) postgres::fail(on_);
  }

 private:
  static constexpr int hundred = 100;

  /// The server works on what was sent now while the results of what was sent before are read.
  void flush() {
    if (PQsendFlushRequest(on_) != 1 || PQflush(on_) < 0) postgres::fail(on_);
    read_results(on_, before_);
    before_ = sent_;
    sent_ = 0;
  }

  PGconn* on_;
  int sent_ = 0;
  int before_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  PGconn* const on = postgres::open(argv[1]);
  const std::string cursor =
      "BEGIN; DECLARE c NO SCROLL CURSOR FOR SELECT id, first, last, email, payload FROM users "
      "WHERE id <= " +
      std::string(argv[2]);
  postgres::run(on, cursor.c_str());
  postgres::prepare(on, "update",
                    "UPDATE users SET full_name = $1, email = $2, city = $3 WHERE id = $4");
  while (true) {
    PGresult* const r = postgres::fetch(on);
    if (PQntuples(r) == 0) break;
    pipeline updates(on);
    for (int row = 0; row < PQntuples(r); ++row) updates.send_update(r, row);
    updates.end();
    PQclear(r);
  }
  postgres::run(on, "COMMIT");
  PQfinish(on);
}
