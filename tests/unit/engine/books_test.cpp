// The version table and its companions as they are met in the wild, on both engines.
#include <doctest/doctest.h>

#include <sstream>
#include <thread>

#include "db/script_text.hpp"
#include "fixture.hpp"
#include "support/postgres.hpp"

using namespace luamig;
using namespace luamig::test;
using graph::direction;
using ids = std::vector<std::string>;

namespace {

struct shop : project {
  std::optional<testing::postgres_database> server;
  fake_host host;
  engine::observer nobody;
  engine::run_options how;
  explicit shop(std::optional<testing::postgres_database> on) : server(std::move(on)) {
    how = options();
    if (server) how.where = db::parse_url(server->url(), root);
    add("a1", "");
    add("b2", "a1");
    host.up["a1"] = sql("CREATE TABLE t (n integer)");
    host.up["b2"] = sql("INSERT INTO t VALUES (1)");
  }
  engine::run_report go(std::string_view target = "heads") {
    return engine::run(how, scripts(), host, nobody, direction::upgrade, target);
  }
  [[nodiscard]] std::unique_ptr<db::connection> look() const {
    return db::open_database(how.where, how.how);
  }
  void run(const std::string& statement) const { look()->execute(statement); }
  [[nodiscard]] value ask(const std::string& query) const {
    return db::scalar(*look(), query).value_or(value(null_value{}));
  }
  error refusal(std::string_view target = "heads") {
    try {
      (void)go(target);
    } catch (const error& e) {
      return e;
    }
    FAIL("nothing was refused");
    return error(errc::usage, "");
  }
  /// The table as Alembic makes it.
  void add_alembic_version(const std::string& id) {
    how.where_books.version_table = "alembic_version";
    run("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))");
    if (!id.empty()) run("INSERT INTO alembic_version VALUES ('" + id + "')");
  }
};

void on_both(const std::function<void(shop&)>& doing) {
  SUBCASE("sqlite") {
    shop s{std::nullopt};
    doing(s);
  }
  SUBCASE("postgresql") {
    auto database = testing::postgres_database::make();
    if (!database) {
      MESSAGE("skipped: LUAMIG_TEST_PG is not set");
      return;
    }
    shop s{std::move(database)};
    doing(s);
  }
}

const std::string long_id = "a_revision_id_of_more_than_32_characters";

}  // namespace

TEST_CASE("books: rows that are NULL, empty, twice there or unknown end the command with exit 8") {
  on_both([](shop& s) {
    std::string row;
    std::string message;
    SUBCASE("NULL") {
      row = "(NULL)";
      message = "holds a row without a revision";
    }
    SUBCASE("empty") {
      row = "('')";
      message = "holds a row without a revision";
    }
    SUBCASE("twice") {
      row = "('a1'), ('a1')";
      message = "holds 'a1' twice";
    }
    SUBCASE("unknown") {
      row = "('feedbeef')";
      message = "feedbeef";
    }
    s.run("CREATE TABLE luamig_version (version_num TEXT)");
    s.run("INSERT INTO luamig_version VALUES " + row);
    const error e = s.refusal();
    CAPTURE(e.message);
    CHECK(exit_status(e.code) == 8);
    CHECK(e.message.find(message) != std::string::npos);
    CHECK_FALSE(e.hint.empty());
    CHECK(s.host.calls.empty());
  });
}

TEST_CASE("books: Alembic's own version table is used as it is") {
  on_both([](shop& s) {
    s.add_alembic_version("a1");
    s.run("CREATE TABLE t (n integer)");
    CHECK(s.go().applied == ids{"b2"});
    CHECK(s.ask("SELECT version_num FROM alembic_version") == value(std::string("b2")));
    if (s.server) {
      CHECK(s.ask("SELECT conname::text FROM pg_constraint WHERE conrelid = "
                  "'alembic_version'::regclass") == value(std::string("alembic_version_pkc")));
      CHECK(s.ask("SELECT to_regclass('luamig_version') IS NULL") == value(true));
    }
  });
}

TEST_CASE("books: an id too long for the version table is refused before the first statement" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  shop s{testing::postgres_database::make()};
  s.add_alembic_version("");
  s.add(long_id, "b2");
  const error e = s.refusal();
  CHECK(exit_status(e.code) == 8);
  CHECK(e.message.find("holds ids of 32 characters") != std::string::npos);
  CHECK(s.ask("SELECT to_regclass('t') IS NULL") == value(true));
  CHECK(s.ask("SELECT to_regclass('luamig_history') IS NULL") == value(true));
  CHECK(s.go("b2").applied == ids{"a1", "b2"});
  try {
    (void)engine::stamp(s.how, s.scripts(), s.nobody, {long_id}, false);
    FAIL("a stamp that does not fit was taken");
  } catch (const error& stamped) {
    CHECK(stamped.message.find("holds ids of 32 characters") != std::string::npos);
  }
  s.run("ALTER TABLE alembic_version ALTER COLUMN version_num TYPE text");
  CHECK(s.go().heads == ids{long_id});
}

TEST_CASE("books: --sql makes the history table where only a version table is there") {
  on_both([](shop& s) {
    s.add_alembic_version("a1");
    s.run("CREATE TABLE t (n integer)");
    std::ostringstream out;
    const auto on = s.look();
    (void)engine::write_sql(s.how, s.scripts(), s.host, s.nobody, direction::upgrade, "heads",
                            on.get(), out);
    const std::string text = out.str();
    for (const auto& statement : db::split(text, on->kind())) on->execute(statement.sql);
    CHECK(s.ask("SELECT version_num FROM alembic_version") == value(std::string("b2")));
    CHECK(s.ask("SELECT revision FROM luamig_history") == value(std::string("b2")));
  });
}

TEST_CASE("books: --sql refuses what an upgrade or downgrade would refuse") {
  shop s{std::nullopt};
  s.add("d4", "a1", "irreversible = \"no way back\"");
  std::ostringstream out;
  CHECK_THROWS_WITH_AS((void)engine::write_sql(s.how, s.scripts(), s.host, s.nobody,
                                               direction::downgrade, "d4:a1", nullptr, out),
                       "revision 'd4' is irreversible: no way back", error);
  CHECK(out.str().empty());
}

TEST_CASE("books: a schema of any name holds them" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  for (const std::string name : {"My Schema", "a\"b.c", "select", "Größe"}) {
    CAPTURE(name);
    shop s{testing::postgres_database::make()};
    s.how.where_books.schema = name;
    std::string quoted = "\"";
    for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    quoted += '"';
    s.run("CREATE SCHEMA " + quoted);
    CHECK(s.go().heads == ids{"b2"});
    CHECK(s.go().applied.empty());
    CHECK(s.ask("SELECT version_num FROM " + quoted + ".luamig_version") ==
          value(std::string("b2")));
    CHECK(s.ask("SELECT to_regclass('public.luamig_version') IS NULL") == value(true));
    s.host.down["b2"] = [&](engine::session& on) {
      on.execute_text("UPDATE " + quoted + ".luamig_version SET version_num = 'x'", {}, "b2.lua",
                      1);
    };
    const auto report =
        engine::run(s.how, s.scripts(), s.host, s.nobody, direction::downgrade, "-1");
    REQUIRE(report.failure);
    CHECK(report.failure->kind == "refused");
  }
}

TEST_CASE("books: two projects in one database know only their own rows") {
  on_both([](shop& s) {
    shop other{std::nullopt};
    other.how.where = s.how.where;
    other.how.where_books.version_table = "Other versions";
    other.host.up["a1"] = sql("CREATE TABLE u (n integer)");
    other.host.up["b2"] = sql("INSERT INTO u VALUES (1)");
    CHECK(s.go("a1").heads == ids{"a1"});
    CHECK(other.go().heads == ids{"b2"});
    CHECK(s.go().applied == ids{"b2"});
    const auto on = s.look();
    CHECK(engine::version_store(*on, s.how.where_books).history("", 99).size() == 2);
    CHECK(engine::version_store(*on, other.how.where_books).history("", 99).size() == 2);
  });
}

TEST_CASE("books: one project runs while another's revision is under way" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  shop s{testing::postgres_database::make()};
  shop other{std::nullopt};
  other.how.where = s.how.where;
  other.how.where_books.version_table = "other_version";
  other.host.up["a1"] = sql("CREATE TABLE u (n integer)");
  other.host.up["b2"] = sql("INSERT INTO u VALUES (1)");
  (void)s.go("a1");
  s.host.up["b2"] = [&](engine::session& on) {
    on.execute_text("INSERT INTO t VALUES (1)", {}, "b2.lua", 1);
    other.how.lock_wait = std::chrono::milliseconds(10);
    CHECK(other.go().heads == ids{"b2"});
  };
  CHECK(s.go().heads == ids{"b2"});
}

TEST_CASE("books: projects that begin at one instant in an empty database all end well" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  shop s{testing::postgres_database::make()};
  std::vector<std::thread> threads;
  std::vector<std::string> failures(6);
  for (std::size_t i = 0; i < failures.size(); ++i) {
    threads.emplace_back([&, i] {
      fake_host own;
      engine::observer quiet;
      engine::run_options how = s.how;
      how.where_books.version_table = "version_" + std::to_string(i);
      try {
        const auto report = engine::run(how, s.scripts(), own, quiet, direction::upgrade, "heads");
        if (report.failure) failures[i] = report.failure->message;
      } catch (const error& e) {
        failures[i] = e.message;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  for (const std::string& failure : failures) CHECK(failure == "");
  CHECK(s.ask("SELECT count(*) FROM luamig_history") == value(std::int64_t{12}));
}

TEST_CASE("books: reading them creates nothing") {
  on_both([](shop& s) {
    if (!s.server) s.run("CREATE TABLE mine (n integer)");
    const auto on = s.look();
    engine::version_store books(*on, s.how.where_books);
    CHECK(books.rows().empty());
    CHECK(books.history("", 10).empty());
    CHECK_FALSE(books.source("a1").has_value());
    CHECK(s.ask(s.server ? "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
                         : "SELECT count(*) FROM sqlite_schema WHERE name <> 'mine'") ==
          value(std::int64_t{0}));
  });
}

TEST_CASE("books: a revision that changes them by SQL of its own making fails at once" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  shop s{testing::postgres_database::make()};
  (void)s.go("a1");
  const auto hidden = [](const std::string& statement) {
    const std::size_t middle = statement.find("luamig_") + 3;
    return sql("DO $$ BEGIN EXECUTE '" + statement.substr(0, middle) + "' || '" +
               statement.substr(middle) + "'; END $$");
  };
  for (const char* statement :
       {"DELETE FROM luamig_version", "UPDATE luamig_version SET version_num = ''x''",
        "TRUNCATE luamig_version", "INSERT INTO luamig_history SELECT * FROM luamig_history",
        "DELETE FROM luamig_history", "TRUNCATE luamig_history",
        "UPDATE luamig_history SET who = ''x''"}) {
    CAPTURE(statement);
    s.host.up["b2"] = hidden(statement);
    for (const bool single : {false, true}) {
      s.how.single_transaction = single;
      const auto report = s.go();
      REQUIRE(report.failure);
      CHECK(exit_status(report.failure->code) == 1);
      CHECK(report.seconds < 20);
      CHECK(report.heads == ids{"a1"});
      if (std::string_view(statement).starts_with("INSERT")) continue;
      CHECK(report.failure->message.starts_with("the revision itself changed luamig's own tables"));
    }
  }
  CHECK(s.ask("SELECT count(*) FROM luamig_history WHERE outcome = 'applied'") ==
        value(std::int64_t{1}));
  s.host.up["b2"] =
      sql("DO $$ BEGIN EXECUTE 'CREATE TEMP TABLE luamig_' || 'version (v text)'; "
          "END $$");
  CHECK(s.go().heads == ids{"b2"});
  CHECK(s.ask("SELECT version_num FROM luamig_version") == value(std::string("b2")));
}
