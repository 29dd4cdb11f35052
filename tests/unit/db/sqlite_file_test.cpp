// SQLite's files: journals, rights, locks, and who may commit.

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "db/transaction.hpp"
#include "support/temporary_directory.hpp"
#include "unit/db/engines.hpp"

using namespace luamig;
using namespace luamig::db;
using namespace luamig::testing;

namespace {

namespace fs = std::filesystem;

/// A directory with a database a.db of one table with one row, gone in the end.
struct place {
  testing::temporary_directory directory;
  fs::path path = directory.path();
  url where = parse_url("sqlite:///a.db", path);
  place() {
    create_database(where);
    const auto on = open_database(where, {});
    on->execute("CREATE TABLE t (id integer)");
    on->execute("INSERT INTO t VALUES (1)");
  }
};

/// To root nothing is read-only: becomes somebody else for a while, who owns the directory.
class nobody {
 public:
  explicit nobody(const fs::path& path) : before_(geteuid()) {
    if (before_ != 0) return;
    constexpr uid_t other = 65534;
    REQUIRE(chown(path.c_str(), other, other) == 0);
    REQUIRE(chown((path / "a.db").c_str(), other, other) == 0);
    REQUIRE(seteuid(other) == 0);
  }
  ~nobody() { CHECK(seteuid(before_) == 0); }
  nobody(const nobody&) = delete;
  nobody& operator=(const nobody&) = delete;

 private:
  uid_t before_;
};

/// The handle of the connection that `sqlite3_auto_extension` was told of last.
sqlite3*& handle() {
  static sqlite3* last = nullptr;
  return last;
}

int remember(sqlite3* on, const char**, const sqlite3_api_routines*) {
  handle() = on;
  return SQLITE_OK;
}

}  // namespace

TEST_CASE("sqlite: the commit hook refuses every commit but the host's own") {
  const auto entry = reinterpret_cast<void (*)()>(&remember);
  sqlite3_auto_extension(entry);
  const auto on = open_database(parse_url("sqlite://", "/"), {});
  sqlite3_cancel_auto_extension(entry);
  on->execute("CREATE TABLE t (id integer)");
  on->execute("BEGIN IMMEDIATE");
  SUBCASE("right behind BEGIN") {}
  SUBCASE("after a statement") { on->execute("INSERT INTO t VALUES (1)"); }
  SUBCASE("after a savepoint") {
    on->execute("INSERT INTO t VALUES (1)");
    on->execute("SAVEPOINT s");
    on->execute("RELEASE s");
  }
  // Past everything that looks at statements, as an extension's code would.
  CHECK(sqlite3_exec(handle(), "INSERT INTO t VALUES (2); COMMIT", nullptr, nullptr, nullptr) ==
        SQLITE_CONSTRAINT_COMMITHOOK);
  CHECK(on->state() == transaction_state::failed);
  CHECK(failure_of([&] { on->execute("INSERT INTO t VALUES (3)"); }).kind == "lost_transaction");
  on->execute("ROLLBACK");
  CHECK(count(*on, "t") == 0);
  transaction own{*on};
  on->execute("INSERT INTO t VALUES (4)");
  own.commit();
  CHECK(count(*on, "t") == 1);
}

TEST_CASE("sqlite: a hot journal is rolled back by the next who opens the database") {
  const place dir;
  const fs::path copy = dir.path / "copy.db";
  {
    const auto on = open_database(dir.where, {});
    on->execute("PRAGMA cache_size = 1");
    on->execute("BEGIN IMMEDIATE");
    on->execute(
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) "
        "INSERT INTO t SELECT n FROM c");
    on->execute("UPDATE t SET id = -id");
    // What a killed process leaves: pages written, a journal beside them, no lock.
    REQUIRE(fs::exists(dir.path / "a.db-journal"));
    fs::copy_file(dir.path / "a.db", copy);
    fs::copy_file(dir.path / "a.db-journal", dir.path / "copy.db-journal");
  }
  REQUIRE(fs::file_size(copy) > 100'000);
  const auto on = open_database(parse_url("sqlite:///copy.db", dir.path), {});
  CHECK(count(*on, "t") == 1);
  CHECK(*scalar(*on, "PRAGMA integrity_check") == text("ok"));
}

TEST_CASE("sqlite: a database in WAL mode stays in it, and readers do not wait") {
  const place dir;
  const auto on = open_database(dir.where, {});
  CHECK(*scalar(*on, "PRAGMA journal_mode = WAL") == text("wal"));
  transaction own{*on};
  on->execute("INSERT INTO t VALUES (2)");
  open_options how;
  how.busy_wait = std::chrono::milliseconds(1);
  const auto other = open_database(dir.where, how);
  CHECK(count(*other, "t") == 1);
  CHECK(failure_of([&] { transaction blocked{*other}; }).code == errc::lock);
  own.commit();
  CHECK(count(*other, "t") == 2);
  CHECK(*scalar(*other, "PRAGMA journal_mode") == text("wal"));
}

TEST_CASE("sqlite: where the rights are missing, reading works and writing says why") {
  const place dir;
  SUBCASE("the file is read-only") { chmod((dir.path / "a.db").c_str(), 0444); }
  SUBCASE("the directory is read-only") { chmod(dir.path.c_str(), 0555); }
  {
    const nobody who(dir.path);
    const auto on = open_database(dir.where, {});
    CHECK(count(*on, "t") == 1);
    const error e = failure_of([&] {
      transaction own{*on};
      on->execute("INSERT INTO t VALUES (2)");
      own.commit();
    });
    CAPTURE(e.message);
    CHECK((e.kind == "read_only" || e.kind == "io"));
    CHECK(e.hint.find("rights") != std::string::npos);
  }
  chmod(dir.path.c_str(), 0755);
  CHECK(count(*open_database(dir.where, {}), "t") == 1);
}

TEST_CASE("sqlite: a COMMIT that fails leaves nothing, and the connection can be used again") {
  const place dir;
  const auto on = open_database(dir.where, {});
  on->execute("CREATE TABLE p (id integer PRIMARY KEY)");
  on->execute("CREATE TABLE c (p integer REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)");
  transaction own{*on};
  on->execute("INSERT INTO c VALUES (7)");
  CHECK(failure_of([&] { own.commit(); }).kind == "foreign_key");
  CHECK(on->state() == transaction_state::idle);
  CHECK(count(*on, "c") == 0);
}
