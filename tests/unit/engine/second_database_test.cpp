// A second database: one snapshot, whatever others write meanwhile, and failures that savepoints
// cure.
#include "engine/second_database.hpp"

#include <doctest/doctest.h>

#include "db/transaction.hpp"
#include "engine/live_sink.hpp"
#include "fixture.hpp"
#include "support/postgres.hpp"

using namespace luamig;
using namespace luamig::test;

namespace {

/// A revision under way on a SQLite file, and somewhere for another database.
struct shop {
  testing::temporary_directory directory;
  std::filesystem::path root = directory.path();
  engine::observer nobody;
  std::unique_ptr<db::connection> on = open("sqlite:///app.db");
  db::transaction under_way{*on};
  engine::live_sink sink{*on, nobody};
  engine::session main{sink};

  [[nodiscard]] std::unique_ptr<db::connection> open(const std::string& url) const {
    db::open_options how;
    how.create = true;
    how.busy_wait = std::chrono::milliseconds(50);
    return db::open_database(db::parse_url(url, root), how);
  }
  [[nodiscard]] engine::second_place place(const std::string& url) const {
    engine::second_place made;
    made.name = "legacy";
    made.where = db::parse_url(url, root);
    made.how.busy_wait = std::chrono::milliseconds(50);
    return made;
  }
};

std::int64_t counted(shop& s, engine::second_database& in, const std::string& sql) {
  const auto answer = in.query(s.main, {.sql = sql, .values = {}, .comment = {}, .file = {}}, true);
  REQUIRE(answer->next());
  return answer->block().at(answer->row(), 0).integer;
}

error failure(shop& s, engine::second_database& in, const std::string& sql) {
  try {
    (void)counted(s, in, sql);
  } catch (const error& e) {
    return e;
  }
  FAIL("no error");
  return {errc::usage, ""};
}

/// What must hold of either engine: `old` is a connection of others to the database of `url`.
void check_snapshot(shop& s, db::connection& old, const std::string& url) {
  old.execute("CREATE TABLE t (n INTEGER)");
  old.execute("INSERT INTO t VALUES (1)");
  engine::second_databases all;
  engine::second_database& legacy = all.open(s.place(url), s.main, s.nobody);
  old.execute("INSERT INTO t VALUES (2)");
  CHECK(counted(s, legacy, "SELECT count(*) FROM t") == 1);
  CHECK(all.find("legacy") == &legacy);
  CHECK(all.find("other") == nullptr);
  all.close();
  CHECK(all.find("legacy") == nullptr);
  CHECK(counted(s, all.open(s.place(url), s.main, s.nobody), "SELECT count(*) FROM t") == 2);
}

void check_savepoints(shop& s, const std::string& url) {
  engine::second_databases all;
  const std::size_t outer = s.main.enter();
  engine::second_database& legacy = all.open(s.place(url), s.main, s.nobody);
  const std::size_t inner = s.main.enter();
  all.enter();
  CHECK(failure(s, legacy, "SELECT nosuch FROM t").kind == "missing_column");
  s.main.leave(inner, false);
  all.leave(inner, false);
  CHECK(counted(s, legacy, "SELECT count(*) FROM t") == 2);
  CHECK(failure(s, legacy, "SELECT nosuch FROM t").kind == "missing_column");
  // Nobody has undone that: as of any session, nothing comes after it.
  CHECK(failure(s, legacy, "SELECT count(*) FROM t").message.starts_with("an earlier statement"));
  s.main.leave(outer, true);
  all.leave(outer, true);
}

}  // namespace

TEST_CASE("second database: it is read as it stood when it was opened, and a failure is cured") {
  shop s;
  const auto old = s.open("sqlite:///old.db");
  old->execute("PRAGMA journal_mode = WAL");
  check_snapshot(s, *old, "sqlite:///old.db");
  check_savepoints(s, "sqlite:///old.db");
}

TEST_CASE("second database: the same on PostgreSQL" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  shop s;
  const auto database = testing::postgres_database::make();
  const auto old = database->open();
  check_snapshot(s, *old, database->url());
  check_savepoints(s, database->url());
}

TEST_CASE("second database: a file is not changed, made or kept locked") {
  shop s;
  const auto old = s.open("sqlite:///old.db");
  old->execute("CREATE TABLE t (n INTEGER)");
  engine::second_databases all;
  engine::second_database& legacy = all.open(s.place("sqlite:///old.db"), s.main, s.nobody);
  CHECK_THROWS_AS(old->execute("INSERT INTO t VALUES (1)"), error);  // the snapshot is a read lock
  CHECK(failure(s, legacy, "INSERT INTO t VALUES (1) RETURNING n").code == errc::migration);
  CHECK_THROWS_AS(
      legacy.door().execute({.sql = "DELETE FROM t", .values = {}, .comment = {}, .file = {}}),
      error);
  all.close();
  CHECK(old->execute("INSERT INTO t VALUES (1)") == 1);
  CHECK_THROWS_AS(all.open(s.place("sqlite:///gone.db"), s.main, s.nobody), error);
  CHECK(!std::filesystem::exists(s.root / "gone.db"));
}

TEST_CASE(
    "second database: an error says once which one it is about, and leaves the run its code") {
  error e(errc::connection, "cannot open it", "luamig upgrade --create-db makes it");
  e.kind = "missing_database";
  engine::name_second(e, "legacy");
  engine::name_second(e, "other");
  CHECK(e.message == "database 'legacy': cannot open it");
  CHECK(e.hint == "correct the URL of [databases.legacy] in luamig.toml");
  CHECK(e.code == errc::migration);
  error own(errc::connection, "the connection to the database was lost");
  engine::name_second(own, "");
  CHECK(own.code == errc::connection);
  CHECK(!engine::is_of_second(own));
}
