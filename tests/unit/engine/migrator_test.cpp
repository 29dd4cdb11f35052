#include "engine/migrator.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <thread>

#include "fixture.hpp"

using namespace luamig;
using namespace luamig::test;
using graph::direction;

namespace {

using ids = std::vector<std::string>;

struct shop : project {
  fake_host host;
  engine::observer nobody;
  shop() {
    add("a1", "");
    add("b2", "a1");
    add("c3", "b2");
    host.up["a1"] = sql("CREATE TABLE t (n INTEGER UNIQUE)");
    host.up["b2"] = sql("INSERT INTO t VALUES (1)");
    host.up["c3"] = sql("INSERT INTO t VALUES (2)");
    host.down["a1"] = sql("DROP TABLE t");
    host.down["b2"] = sql("DELETE FROM t WHERE n = 1");
    host.down["c3"] = sql("DELETE FROM t WHERE n = 2");
  }
  engine::run_report go(direction way, std::string_view target) {
    return engine::run(options(), scripts(), host, nobody, way, target);
  }
  value ask(const std::string& query) {
    return db::scalar(*open(), query).value_or(value(null_value{}));
  }
};

}  // namespace

TEST_CASE("migrator: up, one back, base and up again leave what their words say") {
  shop s;
  CHECK(s.go(direction::upgrade, "heads").applied == ids{"a1", "b2", "c3"});
  CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{2}));
  CHECK(s.go(direction::downgrade, "-1").heads == ids{"b2"});
  CHECK(s.go(direction::downgrade, "base").applied == ids{"b2", "a1"});
  CHECK(s.ask("SELECT count(*) FROM sqlite_schema WHERE name = 't'") == value(std::int64_t{0}));
  CHECK(s.go(direction::upgrade, "+1").heads == ids{"a1"});
  CHECK(s.ask("SELECT count(*) FROM luamig_history") == value(std::int64_t{7}));
}

TEST_CASE("migrator: nothing to do runs nothing and writes nothing") {
  shop s;
  (void)s.go(direction::upgrade, "heads");
  s.host.calls.clear();
  const value before = s.ask("PRAGMA data_version");
  const auto report = s.go(direction::upgrade, "heads");
  CHECK(report.applied.empty());
  CHECK(s.host.calls.empty());
  CHECK(s.ask("SELECT count(*) FROM luamig_history") == value(std::int64_t{3}));
}

TEST_CASE("migrator: a step that fails is rolled back whole, and those before it stay") {
  shop s;
  s.host.up["c3"] = sql("INSERT INTO t VALUES (7); CREATE TABLE u (x); INSERT INTO t VALUES (1)");
  const auto report = s.go(direction::upgrade, "heads");
  REQUIRE(report.failure);
  CHECK(report.failure->code == errc::migration);
  CHECK(report.failure->kind == "unique");
  CHECK(report.failure->revision == "c3");
  CHECK(report.failure->state_after ==
        "this revision is rolled back, 2 revisions before it stay; now at b2");
  CHECK(report.applied == ids{"a1", "b2"});
  CHECK(report.pending == ids{"c3"});
  CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{1}));
  CHECK(s.ask("SELECT count(*) FROM sqlite_schema WHERE name = 'u'") == value(std::int64_t{0}));
  CHECK(s.ask("SELECT version_num FROM luamig_version") == value(std::string("b2")));
  CHECK(s.ask("SELECT outcome FROM luamig_history ORDER BY id DESC") ==
        value(std::string("failed")));
  CHECK(s.host.calls.back().starts_with("on_error"));
}

TEST_CASE("migrator: a single transaction keeps all steps or none") {
  shop s;
  auto options = s.options();
  options.single_transaction = true;
  s.host.up["c3"] = sql("INSERT INTO t VALUES (1)");
  const auto report =
      engine::run(options, s.scripts(), s.host, s.nobody, direction::upgrade, "heads");
  REQUIRE(report.failure);
  CHECK(report.applied.empty());
  CHECK(report.heads.empty());
  CHECK(s.ask("SELECT count(*) FROM sqlite_schema WHERE name = 't'") == value(std::int64_t{0}));
  s.host.up["c3"] = sql("INSERT INTO t VALUES (2)");
  CHECK(engine::run(options, s.scripts(), s.host, s.nobody, direction::upgrade, "heads").heads ==
        ids{"c3"});
}

TEST_CASE("migrator: a swallowed failure still ends the revision") {
  shop s;
  s.host.up["b2"] = [](engine::session& on) {
    try {
      on.execute_text("INSERT INTO nowhere VALUES (1)", {}, "b2.lua", 4);
    } catch (const error&) {
    }
  };
  const auto report = s.go(direction::upgrade, "heads");
  REQUIRE(report.failure);
  CHECK(report.failure->message.find("caught outside pcall") != std::string::npos);
  CHECK(report.failure->line == 4);
  CHECK(report.heads == ids{"a1"});
}

TEST_CASE("migrator: INSERT OR ROLLBACK cannot end the transaction unnoticed") {
  shop s;
  s.host.up["b2"] = [](engine::session& on) {
    on.execute_text("INSERT INTO t VALUES (5)", {}, "b2.lua", 1);
    const std::size_t depth = on.enter();
    try {
      on.execute_text("INSERT OR ROLLBACK INTO t VALUES (5)", {}, "b2.lua", 2);
    } catch (const error&) {
      on.leave(depth, false);
    }
  };
  const auto report = s.go(direction::upgrade, "heads");
  REQUIRE(report.failure);
  CHECK(report.heads == ids{"a1"});
  CHECK(s.ask("SELECT count(*) FROM t") == value(std::int64_t{0}));
}

TEST_CASE("migrator: an irreversible revision is refused before the first statement") {
  shop s;
  s.add("d4", "c3", "irreversible = \"the old spelling is not kept\"");
  (void)s.go(direction::upgrade, "heads");
  s.host.calls.clear();
  CHECK_THROWS_WITH_AS((void)s.go(direction::downgrade, "base"),
                       "revision 'd4' is irreversible: the old spelling is not kept", error);
  CHECK(s.ask("SELECT version_num FROM luamig_version") == value(std::string("d4")));
}

TEST_CASE("migrator: runners at one instant do each revision exactly once") {
  shop s;
  std::vector<std::thread> threads;
  std::vector<int> applied(8);
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
  CHECK(s.ask("SELECT count(*) FROM luamig_history WHERE outcome = 'applied'") ==
        value(std::int64_t{3}));
}

TEST_CASE("migrator: down and up again end where they began") {
  shop s;
  (void)s.go(direction::upgrade, "heads");
  const auto redo = engine::run_both(s.options(), s.scripts(), s.host, s.nobody, "-2", "");
  CHECK(redo.applied == ids{"c3", "b2", "b2", "c3"});
  CHECK(redo.heads == ids{"c3"});
}

TEST_CASE("migrator: a stamp changes the books and nothing else, over unknown rows too") {
  shop s;
  CHECK(engine::stamp(s.options(), s.scripts(), s.nobody, {"b2"}, false).heads == ids{"b2"});
  CHECK(s.host.calls.empty());
  s.open()->execute("UPDATE luamig_version SET version_num = 'feedbeef'");
  const auto report = engine::stamp(s.options(), s.scripts(), s.nobody, {"a1"}, false);
  CHECK(report.heads == ids{"a1"});
  CHECK_FALSE(report.warnings.empty());
  CHECK(s.ask("SELECT version_num FROM luamig_version") == value(std::string("a1")));
}

TEST_CASE("migrator: --sql writes the road and runs none of it") {
  shop s;
  std::ostringstream out;
  const auto report = engine::write_sql(s.options(), s.scripts(), s.host, s.nobody,
                                        direction::upgrade, "a1:b2", nullptr, out);
  CHECK(report.applied == ids{"b2"});
  CHECK(out.str().find("INSERT INTO t VALUES (1);") != std::string::npos);
  CHECK(
      out.str().find(
          "UPDATE \"main\".\"luamig_version\" SET version_num = 'b2' WHERE version_num = 'a1';") !=
      std::string::npos);
  CHECK_FALSE(std::filesystem::exists(s.root / "app.db"));
}

TEST_CASE("migrator: a request to stop ends the run before the next step") {
  shop s;
  engine::cancel stop;
  auto options = s.options();
  options.stop = &stop;
  s.host.up["b2"] = [&](engine::session&) { stop.request(15); };
  const auto report =
      engine::run(options, s.scripts(), s.host, s.nobody, direction::upgrade, "heads");
  REQUIRE(report.failure);
  CHECK(report.failure->code == errc::interrupted);
  CHECK(report.failure->signal == 15);
  CHECK(report.heads == ids{"a1"});
}

TEST_CASE("migrator: what one revision sets does not reach the next") {
  shop s;
  s.host.up["b2"] = sql("CREATE TEMP TABLE aside (x); INSERT INTO t VALUES (1)");
  s.host.up["c3"] = sql("CREATE TEMP TABLE aside (x); INSERT INTO t VALUES (2)");
  CHECK_FALSE(s.go(direction::upgrade, "heads").failure);
}
