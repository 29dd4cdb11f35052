#include "engine/session.hpp"

#include <doctest/doctest.h>

#include "engine/live_sink.hpp"
#include "fixture.hpp"

using namespace luamig;

namespace {

/// A session inside a transaction, on SQLite in memory.
struct door {
  std::unique_ptr<db::connection> on = db::open_database(db::parse_url("sqlite://", "/"), {});
  engine::observer nobody;
  engine::live_sink sink{*on, nobody};
  engine::session session{sink};
  door() {
    on->execute("CREATE TABLE t (n INTEGER UNIQUE, s TEXT)");
    on->execute("INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three')");
    on->execute("BEGIN IMMEDIATE");
  }
  std::int64_t run(std::string_view sql) { return session.execute_text(sql, {}, "x.lua", 1); }
  std::unique_ptr<engine::row_source> query(std::string_view sql) {
    return session.query(sql, {}, true, "x.lua", 1);
  }
  std::int64_t number(const std::string& sql) {
    return std::get<std::int64_t>(*db::scalar(*on, sql));
  }
};

std::int64_t integer(const engine::row_source& r) { return r.block().at(r.row(), 0).integer; }

}  // namespace

TEST_CASE("session: a savepoint that is left undone takes its statements along, and only those") {
  door d;
  d.run("INSERT INTO t VALUES (4, 'four')");
  const std::size_t outer = d.session.enter();
  d.run("INSERT INTO t VALUES (5, 'five')");
  const std::size_t inner = d.session.enter();
  CHECK_THROWS_AS(d.run("INSERT INTO t VALUES (5, 'again')"), error);
  d.session.leave(inner, false);
  CHECK_FALSE(d.session.failed());
  d.session.leave(outer, true);
  CHECK(d.number("SELECT count(*) FROM t") == 5);
}

TEST_CASE("session: an inner savepoint does not cure an outer failure") {
  door d;
  CHECK_THROWS_AS(d.run("INSERT INTO t VALUES (1, 'twice')"), error);
  CHECK(d.session.failed());
  const std::size_t depth = d.session.enter();
  CHECK_THROWS_AS(d.run("SELECT 1"), error);
  d.session.leave(depth, false);
  CHECK(d.session.failed());
  CHECK_THROWS_AS(d.session.require_whole(), error);
}

TEST_CASE("session: a loop that writes the table it reads visits each row once") {
  door d;
  auto rows = d.query("SELECT n FROM t");
  std::vector<std::int64_t> seen;
  while (rows->next()) {
    seen.push_back(integer(*rows));
    d.run("UPDATE t SET n = n + 100 WHERE n = " + std::to_string(seen.back()));
    REQUIRE(seen.size() < 10);
  }
  CHECK(seen == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("session: a table that a loop reads can be dropped in its body") {
  door d;
  auto rows = d.query("SELECT n FROM t");
  REQUIRE(rows->next());
  d.run("DROP TABLE t");
  int more = 0;
  while (rows->next()) ++more;
  CHECK(more == 2);
}

TEST_CASE("session: a loop left in the middle leaves nothing open") {
  door d;
  {
    auto rows = d.query("SELECT n FROM t");
    REQUIRE(rows->next());
  }
  d.run("DROP TABLE t");
  d.on->execute("COMMIT");
}

TEST_CASE("session: a text of several statements runs whole, a trigger's body is one of them") {
  door d;
  CHECK(d.run("CREATE TABLE log (n);\n"
              "CREATE TRIGGER tr AFTER DELETE ON t BEGIN INSERT INTO log VALUES (old.n); END;\n"
              "DELETE FROM t WHERE n > 1; -- the end\n") == 2);
  CHECK(d.number("SELECT count(*) FROM log") == 2);
  CHECK(d.session.take_counters().statements == 3);
}

TEST_CASE("session: a NUL in SQL is refused, for the databases stop reading there") {
  door d;
  d.on->execute("CREATE TABLE n (i integer)");
  for (const std::string& sql :
       {std::string("INSERT INTO n VALUES (1);\0INSERT INTO n VALUES (2)", 50),
        std::string("INSERT INTO n VALUES (1)\0", 25), std::string("\0", 1)}) {
    CHECK_THROWS_WITH_AS(d.run(sql),
                         ("the SQL has a NUL at offset " + std::to_string(sql.find('\0')) +
                          ", and no database reads on behind one")
                             .c_str(),
                         error);
  }
  CHECK_FALSE(d.session.failed());
  CHECK(d.number("SELECT count(*) FROM n") == 0);
}

TEST_CASE("session: transaction control and the books are refused") {
  door d;
  d.on->protect({"luamig_version"});
  d.on->execute("CREATE TABLE luamig_version (version_num TEXT)");
  d.on->execute("CREATE TABLE n (i integer)");
  d.run("CREATE TABLE fine (v TEXT DEFAULT 'references luamig_version')");
  for (const char* sql :
       {"COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT x", "ATTACH ':memory:' AS x",
        "UPDATE luamig_version SET version_num = 'x'", "DROP TABLE luamig_version",
        "PRAGMA writable_schema = 1", "CREATE TEMP TABLE luamig_version (version_num TEXT)",
        "CREATE TABLE c (v TEXT REFERENCES luamig_version)",
        "CREATE TABLE c (v TEXT, FOREIGN KEY (v) references /* x */ \"LUAMIG_version\" "
        "(version_num))",
        "ALTER TABLE n ADD COLUMN v REFERENCES [luamig_version] (version_num)"}) {
    CAPTURE(sql);
    const std::size_t depth = d.session.enter();
    CHECK_THROWS_AS(d.run(sql), error);
    d.session.leave(depth, false);
  }
  CHECK(d.on->state() == db::transaction_state::open);
  CHECK(d.number("SELECT count(*) FROM luamig_version") == 0);
}

TEST_CASE("spool: rows past the memory limit come back from the file in order") {
  engine::spool s(1);
  db::row_block block;
  for (int i = 0; i < 3; ++i) {
    block.clear(5);
    block.add_integer(i);
    block.add_null();
    block.add_real(0.5);
    block.add_boolean(i == 1);
    block.add_bytes(db::cell_kind::blob, std::string_view("\0x", 2));
    s.add(block);
  }
  for (int i = 0; i < 3; ++i) {
    REQUIRE(s.next(block));
    CHECK(block.at(0, 0).integer == i);
    CHECK(block.at(0, 1).kind == db::cell_kind::null);
    CHECK(block.at(0, 2).real == 0.5);
    CHECK(block.at(0, 3).integer == (i == 1 ? 1 : 0));
    CHECK(block.bytes(block.at(0, 4)) == std::string_view("\0x", 2));
  }
  CHECK_FALSE(s.next(block));
}

TEST_CASE("session: what the database would pass over in silence is refused, and nothing has run") {
  door d;
  const auto refusal = [&](auto action) {
    try {
      action();
    } catch (const error& e) {
      CHECK(e.code == errc::migration);
      return e.file + ":" + std::to_string(e.line) + " " + e.message;
    }
    return std::string("no error");
  };
  CHECK(refusal([&] { d.run(""); }) == "x.lua:1 the text is empty: there is no statement to run");
  CHECK(refusal([&] { d.run("-- a;\n/* b */;"); }) ==
        "x.lua:1 there is no statement in the text, only comments");
  CHECK(
      refusal([&] { d.run("DELETE FROM t;\n/* DELETE FROM t"); }) ==
      "x.lua:1 the comment that begins here, in line 2 of the text, never ends: what stands below "
      "it would not run");
  CHECK(refusal(
            [&] { d.session.execute_script("DELETE FROM t;\n\n/* DELETE FROM t", "x.sql", 4); }) ==
        "x.sql:6 the comment that begins here never ends: what stands below it would not run");
  CHECK(refusal([&] { d.session.check_query("DELETE FROM t RETURNING n", {}, "x.lua", 7); }) ==
        "x.lua:7 this takes a query, and the statement does more than read: it was not run");
  d.session.check_query("WITH a AS (SELECT 1) SELECT * FROM a, t", {}, "x.lua", 7);
  d.session.check_query("PRAGMA foreign_key_check", {}, "x.lua", 7);
  CHECK_FALSE(d.session.failed());
  CHECK(d.number("SELECT count(*) FROM t") == 3);
}
