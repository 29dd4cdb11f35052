// Entries by hand: what is undone, what is kept, and who is kept waiting meanwhile.
#include "engine/shell.hpp"

#include <doctest/doctest.h>

#include "db/transaction.hpp"
#include "fixture.hpp"
#include "support/postgres.hpp"

using namespace luamig;
using namespace luamig::test;

namespace {

/// An entry is SQL, statement by statement.
struct sql_entries final : fake_host {
  std::optional<std::string> enter(const engine::step_context&, engine::session& on,
                                   const engine::shell_entry& entry) override {
    if (entry.text.empty()) return std::nullopt;
    on.execute_text(entry.text, {}, std::string(entry.name), 1);
    return "done";
  }
};

struct table {
  project p;
  engine::observer nobody;
  sql_entries host;
  engine::run_options options = p.options();
  script::script_directory scripts = p.scripts();
  std::unique_ptr<db::connection> others;

  table() : others(open()) { others->execute("CREATE TABLE t (n INTEGER PRIMARY KEY)"); }
  explicit table(const std::string& url) {
    options.where = db::parse_url(url, p.root);
    others = open();
    others->execute("CREATE TABLE t (n INTEGER PRIMARY KEY)");
  }

  [[nodiscard]] std::unique_ptr<db::connection> open() const {
    db::open_options how;
    how.create = true;
    how.busy_wait = std::chrono::milliseconds(50);
    how.lock_timeout = std::chrono::milliseconds(50);
    return db::open_database(options.where, how);
  }
  [[nodiscard]] std::int64_t rows() const {
    return std::get<std::int64_t>(*db::scalar(*others, "SELECT count(*) FROM t"));
  }
};

std::optional<std::string> type(engine::shell& into, std::string_view text) {
  return into.enter({text, "entry 1"});
}

error failure(engine::shell& into, std::string_view text) {
  try {
    (void)type(into, text);
  } catch (const error& e) {
    return e;
  }
  FAIL("no error");
  return {errc::usage, ""};
}

void check_entries(table& of) {
  engine::shell shell(of.options, of.scripts, of.host, of.nobody);
  CHECK(type(shell, "") == std::nullopt);
  CHECK(type(shell, "SELECT 1") == "done");
  CHECK(!shell.has_changes());
  CHECK(of.others->execute("INSERT INTO t VALUES (100)") == 1);  // nobody waits for a look

  CHECK(type(shell, "INSERT INTO t VALUES (1)") == "done");
  CHECK(shell.has_changes());
  const error twice = failure(shell, "INSERT INTO t VALUES (2); INSERT INTO t VALUES (1)");
  CHECK(twice.kind == "unique");
  CHECK(twice.state_after ==
        "this entry is undone; what came before it is there, and not committed yet");
  CHECK(type(shell, "INSERT INTO t VALUES (3)") == "done");
  CHECK(of.rows() == 1);
  shell.commit();
  CHECK(!shell.has_changes());
  CHECK(of.rows() == 3);

  CHECK(type(shell, "DELETE FROM t") == "done");
  shell.rollback();
  CHECK(failure(shell, "INSERT INTO t VALUES (1)").state_after == "nothing was changed");
  CHECK(type(shell, "DELETE FROM t") == "done");
  shell.end();
  CHECK(of.rows() == 3);
}

}  // namespace

TEST_CASE("shell: an entry that fails is undone alone, and nothing is kept without a commit") {
  table of;
  check_entries(of);
}

TEST_CASE("shell: the same on PostgreSQL" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  const auto database = testing::postgres_database::make();
  table of(database->url());
  check_entries(of);
}

TEST_CASE("shell: where the database ends the transaction, all of it is gone, and said to be") {
  table of;
  engine::shell shell(of.options, of.scripts, of.host, of.nobody);
  CHECK(type(shell, "INSERT INTO t VALUES (1)") == "done");
  const error e = failure(shell, "INSERT OR ROLLBACK INTO t VALUES (1)");
  CHECK(e.state_after == "everything since the last \\commit is rolled back");
  CHECK(!shell.has_changes());
  CHECK(type(shell, "INSERT INTO t VALUES (1)") == "done");
  shell.commit();
  CHECK(of.rows() == 1);
}

TEST_CASE("shell: who looks does not wait for a migration; who changes has its lock" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  const auto database = testing::postgres_database::make();
  table of(database->url());
  of.options.lock_wait = std::chrono::milliseconds(50);
  engine::shell one(of.options, of.scripts, of.host, of.nobody);
  engine::shell other(of.options, of.scripts, of.host, of.nobody);
  CHECK(type(one, "INSERT INTO t VALUES (1)") == "done");
  CHECK(type(other, "SELECT 1") == "done");
  CHECK(failure(other, "INSERT INTO t VALUES (2)").code == errc::lock);
  for (int again = 0; again < 20; ++again) {
    one.rollback();
    CHECK(type(one, "INSERT INTO t VALUES (1)") == "done");  // it is given back at once
  }
  one.rollback();
  CHECK(type(other, "INSERT INTO t VALUES (2)") == "done");
  other.commit();
  CHECK(of.rows() == 1);
}

TEST_CASE("shell: a dry run is asked for, and commits nothing") {
  table of;
  of.options.rehearses = true;
  of.options.measures = true;
  engine::shell shell(of.options, of.scripts, of.host, of.nobody);
  CHECK(type(shell, "INSERT INTO t VALUES (1)") == "done");
  CHECK_THROWS_WITH_AS(shell.commit(), "a dry run commits nothing", error);
  CHECK(failure(shell, "INSERT INTO t VALUES (1)").kind == "unique");
  CHECK(shell.has_changes());
  shell.end();
  CHECK(of.rows() == 0);
}
