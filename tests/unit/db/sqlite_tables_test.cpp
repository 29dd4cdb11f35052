// What changing a table of SQLite needs: the guarded switches, the stored text.

#include "db/sqlite_tables.hpp"
#include "db/transaction.hpp"
#include "unit/db/engines.hpp"

using namespace luamig;
using namespace luamig::db;

namespace {

/// A rebuild under way, ended on every way out.
class sqlite_rebuild {
 public:
  explicit sqlite_rebuild(sqlite_tables& of) : of_(of) { of_.begin_rebuild(); }
  ~sqlite_rebuild() { of_.end_rebuild(); }
  sqlite_rebuild(const sqlite_rebuild&) = delete;
  sqlite_rebuild& operator=(const sqlite_rebuild&) = delete;

 private:
  sqlite_tables& of_;
};

struct family {
  std::unique_ptr<connection> on = open_database(parse_url("sqlite://", "/"), {});

  family() {
    on->execute("CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT)");
    on->execute("CREATE TABLE c (p INT REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)");
  }
  [[nodiscard]] bool deferred_violation_is_seen() const {
    try {
      const sqlite_rebuild rebuild{*on->tables()};
      return false;
    } catch (const error&) {
      return true;
    }
  }
  [[nodiscard]] std::string text() const {
    return std::get<std::string>(*scalar(*on, "SELECT sql FROM sqlite_schema WHERE name = 'p'"));
  }
};

const stored_text strict_name{.schema = "main",
                              .table = "p",
                              .sql = "CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT NOT NULL)"};

}  // namespace

TEST_CASE("sqlite tables: foreign keys rest during a rebuild and are back after it") {
  const family f;
  transaction t{*f.on};
  {
    const sqlite_rebuild rebuild{*f.on->tables()};
    f.on->execute("INSERT INTO c VALUES (1)");
  }
  CHECK_FALSE(f.deferred_violation_is_seen());  // nobody looked at it
  f.on->execute("INSERT INTO c VALUES (2)");
  CHECK(f.deferred_violation_is_seen());
}

TEST_CASE("sqlite tables: a connection without foreign keys has none after a rebuild") {
  open_options how;
  how.foreign_keys = false;
  const auto on = open_database(parse_url("sqlite://", "/"), how);
  { const sqlite_rebuild rebuild{*on->tables()}; }
  CHECK(scalar(*on, "PRAGMA foreign_keys") == value(std::int64_t{0}));
  CHECK(scalar(*on, "PRAGMA legacy_alter_table") == value(std::int64_t{0}));
}

TEST_CASE("sqlite tables: a rewritten text holds at once, and catalogs stay closed") {
  const family f;
  f.on->tables()->rewrite(strict_name);
  CHECK(f.text() == strict_name.sql);
  CHECK_THROWS_AS(f.on->execute("INSERT INTO p (name) VALUES (NULL)"), error);
  CHECK(scalar(*f.on, "PRAGMA writable_schema") == value(std::int64_t{0}));
}

TEST_CASE("sqlite tables: a rewrite that is rolled back is forgotten, by a savepoint too") {
  const family f;
  f.on->execute("BEGIN");
  f.on->execute("SAVEPOINT one");
  f.on->tables()->rewrite(strict_name);
  f.on->execute("ROLLBACK TO one");
  CHECK(f.on->execute("INSERT INTO p (name) VALUES (NULL)") == 1);
  f.on->tables()->rewrite(strict_name);
  f.on->execute("ROLLBACK");
  CHECK(f.on->execute("INSERT INTO p (name) VALUES (NULL)") == 1);
  CHECK(f.text() == "CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT)");
}

TEST_CASE("sqlite tables: a text that SQLite cannot read is an error, cured by a rollback") {
  const family f;
  f.on->execute("BEGIN");
  CHECK_THROWS_AS(
      f.on->tables()->rewrite({.schema = "main", .table = "p", .sql = "CREATE TABLE p (("}), error);
  f.on->execute("ROLLBACK");
  CHECK(f.on->execute("INSERT INTO p (name) VALUES ('x')") == 1);
}

TEST_CASE("sqlite tables: luamig's own tables are not rewritten") {
  const family f;
  f.on->protect({"main.p"});
  CHECK_THROWS_WITH_AS(f.on->tables()->rewrite(strict_name),
                       "a script may not change 'p', which is one of luamig's own tables", error);
}

TEST_CASE("sqlite tables: a problem is told without running anything") {
  const family f;
  CHECK(f.on->tables()->problem("SELECT nosuch FROM p") == "no such column: nosuch");
  CHECK(f.on->tables()->problem("DROP TABLE p").empty());
  CHECK(f.text() != "");
}
