// Loops over rows beside savepoints and writes, on both engines.
#include <doctest/doctest.h>

#include "engine/live_sink.hpp"
#include "engine/session.hpp"
#include "fixture.hpp"
#include "support/postgres.hpp"

using namespace luamig;

namespace {

using numbers = std::vector<std::int64_t>;

/// A session in a transaction, over a table of 1 … 2500: more rows than one fetch brings.
struct door {
  std::unique_ptr<db::connection> on;
  engine::observer nobody;
  engine::live_sink sink{*on, nobody};
  engine::session session{sink};
  explicit door(std::unique_ptr<db::connection> to) : on(std::move(to)) {
    on->execute("CREATE TABLE t (n integer, m integer)");
    on->execute("CREATE INDEX by_n ON t (n)");
    on->execute(
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2500) "
        "INSERT INTO t SELECT n, 0 FROM c");
    on->execute("BEGIN");
  }
  std::int64_t run(const std::string& sql) { return session.execute_text(sql, {}, "x.lua", 1); }
  std::unique_ptr<engine::row_source> query(std::string_view sql) {
    return session.query(sql, {}, true, "x.lua", 1);
  }
  std::int64_t number(const std::string& sql) {
    return std::get<std::int64_t>(*db::scalar(*on, sql));
  }
  /// What a script's pcall does around something that fails.
  void undone(const std::function<void()>& inside) {
    const std::size_t depth = session.enter();
    inside();
    session.leave(depth, false);
  }
};

void on_both(const std::function<void(door&)>& doing) {
  SUBCASE("sqlite") {
    door d(db::open_database(db::parse_url("sqlite://", "/"), {}));
    doing(d);
  }
  SUBCASE("postgresql") {
    const auto database = testing::postgres_database::make();
    if (!database) {
      MESSAGE("skipped: LUAMIG_TEST_PG is not set");
      return;
    }
    door d(database->open());
    doing(d);
  }
}

std::int64_t integer(const engine::row_source& r) { return r.block().at(r.row(), 0).integer; }

/// Goes to the end and counts; -1: a row was seen twice, or out of order.
std::int64_t count_rest(engine::row_source& r, std::int64_t last) {
  std::int64_t count = 0;
  while (r.next()) {
    if (integer(r) <= last) return -1;
    last = integer(r);
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("cursor: a loop opened outside a pcall goes on after one that was undone inside it") {
  on_both([](door& d) {
    auto rows = d.query("SELECT n FROM t ORDER BY n");
    REQUIRE(rows->next());
    d.undone([&] { d.run("UPDATE t SET m = 1 WHERE n > 5"); });
    d.undone([&] {
      d.run("DELETE FROM t WHERE n = 7");
      CHECK_THROWS_AS(d.run("INSERT INTO nowhere VALUES (1)"), error);
    });
    CHECK(count_rest(*rows, 1) == 2499);
    CHECK(d.number("SELECT count(*) FROM t WHERE m = 0") == 2500);
  });
}

TEST_CASE("cursor: a loop opened inside a pcall that was undone says so, and does not just end") {
  on_both([](door& d) {
    std::unique_ptr<engine::row_source> rows;
    d.undone([&] {
      d.run("UPDATE t SET m = 1 WHERE n = 1");
      rows = d.query("SELECT n FROM t ORDER BY n");
      REQUIRE(rows->next());
    });
    CHECK_THROWS_WITH_AS(rows->next(), "the rows of this query went with a call that was undone",
                         error);
    rows->close();
    CHECK(d.run("UPDATE t SET m = 2 WHERE n = 1") == 1);
  });
}

TEST_CASE("cursor: a loop that left a pcall which was kept belongs to what is around it") {
  on_both([](door& d) {
    const std::size_t kept = d.session.enter();
    d.run("UPDATE t SET m = 1 WHERE n = 1");
    auto rows = d.query("SELECT n FROM t ORDER BY n");
    REQUIRE(rows->next());
    d.session.leave(kept, true);
    d.undone([&] { d.run("UPDATE t SET m = 2 WHERE n = 2"); });
    CHECK(count_rest(*rows, 1) == 2499);
  });
}

TEST_CASE("cursor: a loop of many rows that writes what it reads visits each row once") {
  on_both([](door& d) {
    auto rows = d.query("SELECT n FROM t WHERE n > 0");
    std::int64_t seen = 0;
    while (rows->next()) {
      d.run("UPDATE t SET n = n + 10000 WHERE n = " + std::to_string(integer(*rows)));
      REQUIRE(++seen <= 2500);
    }
    CHECK(seen == 2500);
    CHECK(d.number("SELECT count(*) FROM t WHERE n BETWEEN 10001 AND 12500") == 2500);
  });
}

TEST_CASE("cursor: a trigger's write to the table that a loop reads is not seen by the loop") {
  door d(db::open_database(db::parse_url("sqlite://", "/"), {}));
  d.run(
      "CREATE TABLE u (n); CREATE TRIGGER tr AFTER INSERT ON u BEGIN "
      "INSERT INTO t VALUES (new.n + 100000, 0); END");
  auto rows = d.query("SELECT n FROM t WHERE n > 0");
  std::int64_t seen = 0;
  while (rows->next()) {
    d.run("INSERT INTO u VALUES (" + std::to_string(integer(*rows)) + ")");
    REQUIRE(++seen <= 2500);
  }
  CHECK(seen == 2500);
}

TEST_CASE(
    "cursor: rows that fail in the middle leave the session failed, unless a pcall is around") {
  on_both([](door& d) {
    const bool sqlite = d.on->kind() == db::engine::sqlite;
    // A value that cannot be computed, on row 2001.
    const std::string bad =
        sqlite ? "SELECT n, CASE n WHEN 2001 THEN abs(-9223372036854775807 - 1) END FROM t"
               : "SELECT n, 1 / (2001 - n) FROM t";
    auto rows = d.query(bad);
    const auto read_all = [&] {
      while (rows->next()) {
      }
    };
    SUBCASE("a pcall around the loop's body only cures it") {
      const std::size_t depth = d.session.enter();
      CHECK_THROWS_AS(read_all(), error);
      d.session.leave(depth, false);
      CHECK_FALSE(d.session.failed());
      CHECK_THROWS_AS(rows->next(), error);
      CHECK(d.run("UPDATE t SET m = 2 WHERE n = 1") == 1);
    }
    SUBCASE("none is around") {
      CHECK_THROWS_AS(read_all(), error);
      CHECK(d.session.failed());
    }
  });
}
