// What a run leaves, and says, when something goes wrong at its edges, on both engines.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "fixture.hpp"
#include "support/postgres.hpp"

using namespace luamig;
using namespace luamig::test;
using graph::direction;
using ids = std::vector<std::string>;
using steady = std::chrono::steady_clock;

namespace {

/// A project of three revisions whose second is the test's.
struct chain : project {
  std::optional<testing::postgres_database> server;
  fake_host host;
  engine::observer nobody;
  engine::run_options how;
  explicit chain(std::optional<testing::postgres_database> on) : server(std::move(on)) {
    how = options();
    if (server) how.where = db::parse_url(server->url(), root);
    add("a1", "");
    add("b2", "a1");
    add("c3", "b2");
    host.up["a1"] =
        sql("CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (n integer CONSTRAINT t_p "
            "REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)");
    host.up["b2"] = sql("INSERT INTO p VALUES (1); INSERT INTO t VALUES (7)");
    host.up["c3"] = sql("INSERT INTO p VALUES (3)");
  }
  engine::run_report go(std::string_view target = "heads") {
    return engine::run(how, scripts(), host, nobody, direction::upgrade, target);
  }
  [[nodiscard]] std::unique_ptr<db::connection> look() const {
    return db::open_database(how.where, {});
  }
  [[nodiscard]] std::int64_t number(const std::string& query) const {
    return std::get<std::int64_t>(*db::scalar(*look(), query));
  }
  [[nodiscard]] std::string text(const std::string& query) const {
    const auto found = db::scalar(*look(), query);
    return found ? std::get<std::string>(*found) : "";
  }
  [[nodiscard]] bool postgresql() const { return server.has_value(); }
};

void on_both(const std::function<void(chain&)>& doing) {
  SUBCASE("sqlite") {
    chain c{std::nullopt};
    doing(c);
  }
  SUBCASE("postgresql") {
    auto database = testing::postgres_database::make();
    if (!database) {
      MESSAGE("skipped: LUAMIG_TEST_PG is not set");
      return;
    }
    chain c{std::move(database)};
    doing(c);
  }
}

}  // namespace

TEST_CASE("fault: a deferred constraint that fails at COMMIT is that revision's own error") {
  on_both([](chain& c) {
    const auto report = c.go();
    REQUIRE(report.failure);
    CHECK(report.failure->code == errc::migration);
    CHECK(report.failure->kind == "foreign_key");
    if (c.postgresql()) CHECK(report.failure->constraint == "t_p");
    CHECK(report.failure->revision == "b2");
    CHECK(report.failure->state_after ==
          "this revision is rolled back, 1 revision before it stays; now at a1");
    CHECK(report.applied == ids{"a1"});
    CHECK(report.pending == ids{"b2", "c3"});
    CHECK(c.number("SELECT (SELECT count(*) FROM p) + (SELECT count(*) FROM t)") == 0);
    CHECK(c.text("SELECT version_num FROM luamig_version") == "a1");
    CHECK(c.number("SELECT count(*) FROM luamig_history WHERE outcome = 'applied'") == 1);
    CHECK(c.text("SELECT outcome FROM luamig_history WHERE revision = 'b2'") == "failed");
  });
}

TEST_CASE("fault: a single transaction that fails at COMMIT leaves nothing and says so") {
  on_both([](chain& c) {
    c.how.single_transaction = true;
    const auto report = c.go();
    REQUIRE(report.failure);
    CHECK(report.failure->code == errc::migration);
    CHECK(report.failure->kind == "foreign_key");
    CHECK(report.failure->state_after ==
          "database unchanged, still at base: all steps are one transaction");
    CHECK(report.applied.empty());
    CHECK(report.heads.empty());
    CHECK(report.pending == ids{"a1", "b2", "c3"});
    const auto on = c.look();
    engine::version_store books(*on, {});
    CHECK(books.rows().empty());
    c.host.up["b2"] = sql("INSERT INTO p VALUES (1)");
    CHECK(c.go().heads == ids{"c3"});
  });
}

TEST_CASE("fault: a full SQLite database undoes the revision and names the reason") {
  chain c{std::nullopt};
  // To SQLite a table that has used up its numbers is as full as a disk.
  c.host.up["b2"] =
      sql("CREATE TABLE big (id INTEGER PRIMARY KEY AUTOINCREMENT);"
          "INSERT INTO big VALUES (9223372036854775807); INSERT INTO big VALUES (NULL)");
  const auto report = c.go();
  REQUIRE(report.failure);
  CHECK(report.failure->kind == "full");
  CHECK(report.failure->code == errc::migration);
  CHECK(report.failure->revision == "b2");
  CHECK(report.applied == ids{"a1"});
  CHECK(c.number("SELECT count(*) FROM sqlite_schema WHERE name = 'big'") == 0);
  CHECK(c.text("SELECT version_num FROM luamig_version") == "a1");
}

TEST_CASE("fault: the failed row of the history is written after the rollback") {
  on_both([](chain& c) {
    // Written inside the revision's own transaction it would be undone, or it would see the table.
    c.host.up["b2"] = sql("CREATE TABLE made (n integer); INSERT INTO nowhere VALUES (1)");
    const auto report = c.go();
    REQUIRE(report.failure);
    CHECK(report.failure->kind == "missing_table");
    CHECK(c.number("SELECT count(*) FROM luamig_history WHERE outcome = 'failed'") == 1);
    CHECK(c.text("SELECT error FROM luamig_history WHERE outcome = 'failed'") ==
          report.failure->message);
    c.host.up["b2"] = sql("CREATE TABLE made (n integer)");
    CHECK_FALSE(c.go().failure);
  });
}

TEST_CASE("fault: a first revision that fails leaves its failed row and no version") {
  on_both([](chain& c) {
    c.host.up["a1"] = sql("INSERT INTO nowhere VALUES (1)");
    const auto report = c.go();
    REQUIRE(report.failure);
    CHECK(report.failure->state_after == "database unchanged, still at base");
    CHECK(c.number("SELECT count(*) FROM luamig_version") == 0);
    CHECK(c.number("SELECT count(*) FROM luamig_history WHERE outcome = 'failed'") == 1);
  });
}

TEST_CASE("fault: SQLite's wait for another process ends with the lock's code, and only once") {
  chain c{std::nullopt};
  (void)c.go("a1");
  c.how.how.busy_wait = std::chrono::milliseconds(300);
  const auto other = c.look();
  other->execute("BEGIN IMMEDIATE");
  const auto began = steady::now();
  const auto report = c.go();
  const auto waited = steady::now() - began;
  REQUIRE(report.failure);
  CHECK(report.failure->code == errc::lock);
  CHECK(report.failure->hint.find("another process") != std::string::npos);
  CHECK(report.failure->state_after == "database unchanged, still at a1");
  // The failed row of the history cannot be written either, and is not waited for.
  CHECK(waited < std::chrono::milliseconds(550));
  other->execute("ROLLBACK");
}

TEST_CASE("fault: an interrupt ends a long statement, and the next run goes on") {
  on_both([](chain& c) {
    engine::cancel stop;
    c.how.stop = &stop;
    std::atomic<bool> running{false};
    c.host.up["b2"] = [&](engine::session& on) {
      // A result that stays open: with one, SQLite ends a statement that was just about to begin.
      const auto open = on.query(
          "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) "
          "SELECT n FROM c",
          {}, true, "b2.lua", 1);
      REQUIRE(open->next());
      running = true;
      on.execute_text(c.postgresql()
                          ? "SELECT pg_sleep(30)"
                          : "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
                            "SELECT count(*) FROM c",
                      {}, "b2.lua", 2);
    };
    steady::time_point asked;
    std::thread other([&] {
      while (!running) std::this_thread::yield();
      if (c.postgresql()) {
        const auto admin = c.look();
        while (db::scalar(*admin,
                          "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") !=
               value(std::int64_t{1})) {
        }
      }
      asked = steady::now();
      stop.request(2);
    });
    const auto report = c.go();
    const auto ended = steady::now();
    other.join();
    CHECK(ended - asked < std::chrono::seconds(2));
    REQUIRE(report.failure);
    CHECK(report.failure->code == errc::interrupted);
    CHECK(report.failure->signal == 2);
    CHECK(report.failure->revision == "b2");
    CHECK(report.heads == ids{"a1"});
    c.how.stop = nullptr;
    c.host.up["b2"] = sql("INSERT INTO p VALUES (1)");
    CHECK(c.go().heads == ids{"c3"});
  });
}

TEST_CASE("fault: an interrupt while SQLite waits for its lock is an interrupt") {
  chain c{std::nullopt};
  (void)c.go("a1");
  const auto holder = c.look();
  holder->execute("BEGIN IMMEDIATE");
  engine::cancel stop;
  engine::observer watching;
  c.how.stop = &stop;
  c.how.how.busy_wait = std::chrono::seconds(20);
  c.how.how.waiting = [&](double) { stop.request(15); };
  const auto began = steady::now();
  const auto report =
      engine::run(c.how, c.scripts(), c.host, watching, direction::upgrade, "heads");
  holder->execute("ROLLBACK");
  CHECK(steady::now() - began < std::chrono::seconds(10));
  REQUIRE(report.failure);
  CHECK(report.failure->code == errc::interrupted);
  CHECK(report.failure->signal == 15);
}
