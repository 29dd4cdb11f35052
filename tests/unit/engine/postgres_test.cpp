// The migrator on a real PostgreSQL: locks, races, lost connections.
#include <doctest/doctest.h>

#include <mutex>
#include <thread>

#include "fixture.hpp"
#include "lossy_proxy.hpp"
#include "support/postgres.hpp"

using namespace luamig;
using namespace luamig::test;
using graph::direction;
using ids = std::vector<std::string>;

namespace {

bool no_server() { return std::getenv("LUAMIG_TEST_PG") == nullptr; }

struct shop : project {
  testing::postgres_database database = *testing::postgres_database::make();
  fake_host host;
  engine::observer nobody;
  shop() {
    add("a1", "");
    add("b2", "a1");
    add("c3", "b2");
    host.up["a1"] = sql("CREATE TABLE t (n bigint)");
    host.up["b2"] = sql("INSERT INTO t VALUES (1)");
    host.up["c3"] = sql("INSERT INTO t VALUES (2)");
    host.down["a1"] = sql("DROP TABLE t");
    host.down["b2"] = sql("DELETE FROM t WHERE n = 1");
    host.down["c3"] = sql("DELETE FROM t WHERE n = 2");
  }
  [[nodiscard]] engine::run_options options(const std::string& url = "") const {
    engine::run_options o;
    o.where = db::parse_url(url.empty() ? database.url() : url, root);
    return o;
  }
  engine::run_report go(direction way, std::string_view target, const std::string& url = "") {
    return engine::run(options(url), scripts(), host, nobody, way, target);
  }
  value ask(const std::string& query) {
    return db::scalar(*database.open(), query).value_or(value(null_value{}));
  }
  /// The same database through a proxy.
  [[nodiscard]] std::string url_through(const std::string& through) const {
    return "postgresql://postgres@/" + database.name() + "?host=" + through;
  }
  [[nodiscard]] std::string server_directory() const {
    const std::string url = database.url();
    return url.substr(url.find("host=") + 5);
  }
};

}  // namespace

TEST_CASE("postgres: up, base and up again leave what their words say" *
          doctest::skip(no_server())) {
  shop s;
  CHECK(s.go(direction::upgrade, "heads").applied == ids{"a1", "b2", "c3"});
  CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{2}));
  CHECK(s.go(direction::downgrade, "base").applied == ids{"c3", "b2", "a1"});
  CHECK(s.go(direction::upgrade, "heads").heads == ids{"c3"});
  CHECK(s.ask("SELECT count(*) FROM luamig_history") == value(std::int64_t{9}));
}

TEST_CASE("postgres: runners at one instant do each revision once, and all end well" *
          doctest::skip(no_server())) {
  shop s;
  s.host.up["b2"] = sql("SELECT pg_sleep(0.05); INSERT INTO t VALUES (1)");
  std::vector<std::thread> threads;
  std::vector<int> applied(10);
  for (std::size_t i = 0; i < applied.size(); ++i) {
    threads.emplace_back([&, i] {
      fake_host own = s.host;
      engine::observer quiet;
      const auto report =
          engine::run(s.options(), s.scripts(), own, quiet, direction::upgrade, "heads");
      applied[i] = report.failure ? -100 : static_cast<int>(report.applied.size());
    });
  }
  for (std::thread& t : threads) t.join();
  int total = 0;
  for (const int n : applied) total += n;
  CHECK(total == 3);
  CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{2}));
}

TEST_CASE("postgres: the lock names its holder and the revision, and ends with a held session" *
          doctest::skip(no_server())) {
  shop s;
  s.host.up["a1"] = [&](engine::session& on) {
    on.execute_text("CREATE TABLE t (n bigint)", {}, "a1.lua", 1);
    fake_host other = s.host;
    auto options = s.options();
    options.lock_wait = std::chrono::milliseconds(30);
    try {
      (void)engine::run(options, s.scripts(), other, s.nobody, direction::upgrade, "heads");
      FAIL("the lock was given twice");
    } catch (const error& e) {
      CHECK(e.code == errc::lock);
      CHECK(e.message.find("at a1'") != std::string::npos);
    }
  };
  CHECK(s.go(direction::upgrade, "+1").applied == ids{"a1"});
  CHECK(s.go(direction::upgrade, "heads").applied == ids{"b2", "c3"});
}

TEST_CASE("postgres: books that moved in the middle of a step undo it, and the plan is made again" *
          doctest::skip(no_server())) {
  shop s;
  (void)s.go(direction::upgrade, "a1");
  bool moved = false;
  s.host.up["b2"] = [&](engine::session& on) {
    on.execute_text("INSERT INTO t VALUES (1)", {}, "b2.lua", 1);
    if (std::exchange(moved, true)) return;
    s.database.open()->execute("DELETE FROM luamig_version");
    s.database.open()->execute("DROP TABLE IF EXISTS somewhere_else");
    s.database.open()->execute("INSERT INTO luamig_version VALUES ('a1')");
  };
  // The row was put back: the swap finds it, whoever wrote it.
  CHECK(s.go(direction::upgrade, "b2").heads == ids{"b2"});
  s.host.up["c3"] = [&](engine::session& on) {
    on.execute_text("INSERT INTO t VALUES (2)", {}, "c3.lua", 1);
    s.database.open()->execute("UPDATE luamig_version SET version_num = 'c3'");
  };
  const auto report = s.go(direction::upgrade, "heads");
  CHECK_FALSE(report.failure);
  CHECK(report.applied.empty());
  CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{1}));
}

TEST_CASE("postgres: a session ended in the middle of a step leaves nothing behind" *
          doctest::skip(no_server())) {
  shop s;
  s.host.up["b2"] = sql("INSERT INTO t VALUES (1); SELECT pg_sleep(0)");
  s.host.up["c3"] = [&](engine::session& on) {
    on.execute_text("INSERT INTO t VALUES (2)", {}, "c3.lua", 1);
    (void)db::all(*s.database.admin(),
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name "
                  "LIKE '% at c3' AND datname = '" +
                      s.database.name() + "'");
    on.execute_text("INSERT INTO t VALUES (3)", {}, "c3.lua", 2);
  };
  const auto report = s.go(direction::upgrade, "heads");
  REQUIRE(report.failure);
  CHECK(report.failure->code == errc::connection);
  CHECK(report.applied == ids{"a1", "b2"});
  CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{1}));
}

TEST_CASE("postgres: a step is not committed once the lock's session is gone" *
          doctest::skip(no_server())) {
  shop s;
  s.host.up["a1"] = [&](engine::session& on) {
    on.execute_text("CREATE TABLE t (n bigint)", {}, "a1.lua", 1);
    (void)db::all(*s.database.admin(),
                  "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database AS d "
                  "ON d.oid = database WHERE locktype = 'advisory' AND granted AND objid <> 0 "
                  "AND datname = '" +
                      s.database.name() + "'");
    (void)db::all(*s.database.admin(), "SELECT pg_sleep(0.1)");
  };
  const auto report = s.go(direction::upgrade, "heads");
  REQUIRE(report.failure);
  CHECK(report.failure->code == errc::lock);
  CHECK(s.ask("SELECT to_regclass('t') IS NULL") == value(true));
}

TEST_CASE("postgres: when the reply to COMMIT is lost, the truth is reported" *
          doctest::skip(no_server())) {
  shop s;
  (void)s.go(direction::upgrade, "a1");
  SUBCASE("it was committed: the run goes on") {
    const lossy_proxy proxy(s.server_directory(), lossy_proxy::loss::reply);
    const auto report = s.go(direction::upgrade, "heads", s.url_through(proxy.directory()));
    CHECK(proxy.has_lost());
    CHECK_FALSE(report.failure);
    CHECK(report.applied == ids{"b2", "c3"});
    CHECK_FALSE(report.warnings.empty());
  }
  SUBCASE("it was not: the step is said to have failed") {
    const lossy_proxy proxy(s.server_directory(), lossy_proxy::loss::request);
    const auto report = s.go(direction::upgrade, "heads", s.url_through(proxy.directory()));
    CHECK(proxy.has_lost());
    REQUIRE(report.failure);
    CHECK(report.failure->code == errc::connection);
    CHECK(report.applied.empty());
    CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{0}));
  }
}

TEST_CASE("postgres: another schema's books are another project's" * doctest::skip(no_server())) {
  shop s;
  s.database.open()->execute("CREATE SCHEMA other");
  auto options = s.options();
  options.where_books.schema = "other";
  (void)engine::stamp(options, s.scripts(), s.nobody, {"b2"}, false);
  CHECK(s.ask("SELECT version_num FROM other.luamig_version") == value(std::string("b2")));
  CHECK(s.ask("SELECT to_regclass('public.luamig_version') IS NULL") == value(true));
  options.where_books.schema = "nowhere";
  CHECK_THROWS_AS((void)engine::stamp(options, s.scripts(), s.nobody, {"b2"}, false), error);
}

TEST_CASE("postgres: what one revision sets does not reach the next" * doctest::skip(no_server())) {
  shop s;
  s.host.up["b2"] =
      sql("SET search_path = pg_catalog; SET work_mem = '1MB'; CREATE TEMP TABLE t2 (x int)");
  s.host.up["c3"] = sql("INSERT INTO t VALUES (2); CREATE TEMP TABLE t2 (x int)");
  CHECK_FALSE(s.go(direction::upgrade, "heads").failure);
}

TEST_CASE("postgres: what works outside a transaction only is refused before it is sent" *
          doctest::skip(no_server())) {
  shop s;
  (void)s.go(direction::upgrade, "a1");
  for (const char* text : {"CREATE INDEX CONCURRENTLY t_n ON t (n)", "VACUUM t"}) {
    s.host.up["b2"] = sql(text);
    const auto report = s.go(direction::upgrade, "b2");
    REQUIRE(report.failure);
    CHECK(report.failure->message == "this statement works outside a transaction only");
    CHECK(report.failure->sql == text);
    CHECK(report.failure->sqlstate.empty());
  }
  s.host.up["b2"] = sql("CREATE INDEX t_n ON t (n)");
  CHECK(s.go(direction::upgrade, "b2").applied == ids{"b2"});
}
