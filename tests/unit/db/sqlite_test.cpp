// What SQLite alone does.

#include <filesystem>
#include <fstream>
#include <limits>

#include "db/script_text.hpp"
#include "db/transaction.hpp"
#include "support/temporary_directory.hpp"
#include "unit/db/engines.hpp"

using namespace luamig;
using namespace luamig::db;
using namespace luamig::testing;

namespace {

namespace fs = std::filesystem;

/// A directory that goes away.
class scratch {
 public:
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }
  [[nodiscard]] url file(const char* name) const {
    return parse_url("sqlite:///" + std::string(name), path_);
  }

 private:
  testing::temporary_directory directory_;
  fs::path path_ = directory_.path();
};

std::unique_ptr<connection> memory(const open_options& how = {}) {
  return open_database(parse_url("sqlite://", "/"), how);
}

open_options impatient() {
  open_options how;
  how.busy_wait = std::chrono::milliseconds(1);
  return how;
}

void write(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace

TEST_CASE("sqlite: a missing file is an error unless it is asked for") {
  const scratch dir;
  const error e = failure_of([&] { (void)open_database(dir.file("a.db"), {}); });
  CHECK(e.code == errc::connection);
  CHECK(e.kind == "missing_database");
  CHECK_FALSE(fs::exists(dir / "a.db"));
  CHECK(failure_of([&] {
          (void)open_database(dir.file("no/a.db"), {});
        }).message.find("directory") != std::string::npos);
  CHECK(create_database(dir.file("a.db")));
  CHECK_FALSE(create_database(dir.file("a.db")));
  open_database(dir.file("a.db"), {})->execute("CREATE TABLE t (id integer)");
}

TEST_CASE("sqlite: what is no database is refused by name") {
  const scratch dir;
  write(dir / "a.txt", std::string(4096, 'x'));
  const error e = failure_of([&] { (void)open_database(dir.file("a.txt"), {}); });
  CHECK(e.code == errc::connection);
  CHECK(e.kind == "not_a_database");
  fs::create_directory(dir / "d");
  CHECK(failure_of([&] { (void)open_database(dir.file("d"), {}); }).message.find("directory") !=
        std::string::npos);
}

TEST_CASE("sqlite: values that would not come back are errors on the way in") {
  const auto on = memory();
  on->execute("CREATE TABLE t (x)");
  const auto refused = [&](const value& v) {
    return failure_of([&] { on->execute("INSERT INTO t VALUES (?1)", std::span(&v, 1)); }).code ==
           errc::migration;
  };
  CHECK(refused(value{std::numeric_limits<double>::quiet_NaN()}));
  CHECK(refused(value{decimal{"0.12345678901234567890"}}));
  CHECK(refused(value{decimal{"92233720368547758080.5"}}));
  CHECK(refused(value{decimal{"NaN"}}));
  CHECK(refused(value{array{}}));
  CHECK(count(*on, "t") == 0);
}

TEST_CASE("sqlite: a decimal is stored as the integer or the real that it is") {
  const auto on = memory();
  const auto stored = [&](const char* digits) {
    const value v{decimal{digits}};
    return *scalar(*on, "SELECT ?1", std::span(&v, 1));
  };
  CHECK(stored("42.00") == number(42));
  CHECK(stored("9223372036854775807") == number(std::numeric_limits<std::int64_t>::max()));
  CHECK(stored("-9223372036854775808") == number(std::numeric_limits<std::int64_t>::min()));
  CHECK(stored("1.50") == value{1.5});
  CHECK(stored("-0.1") == value{-0.1});
  CHECK(stored("0.000") == number(0));
}

TEST_CASE("sqlite: NUL and bytes that are no UTF-8 stay in text") {
  const auto on = memory();
  const value v{std::string("a\0\xff", 3)};
  CHECK(*scalar(*on, "SELECT ?1", std::span(&v, 1)) == v);
}

TEST_CASE("sqlite: only a column declared boolean gives booleans") {
  const auto on = memory();
  on->execute("CREATE TABLE t (a BOOLEAN, b INTEGER)");
  on->execute("INSERT INTO t VALUES (1, 1), (7, 0)");
  const auto rows = all(*on, "SELECT a, b, a FROM t");
  CHECK(rows[0] == std::vector<value>{value{true}, number(1), value{true}});
  CHECK(rows[1][0] == number(7));
  CHECK(*scalar(*on, "SELECT a = 1 FROM t") == number(1));
}

TEST_CASE("sqlite: a wrong number of values is an error, not a NULL") {
  const auto on = memory();
  CHECK(failure_of([&] { (void)scalar(*on, "SELECT ?1, ?2"); }).kind == "parameters");
}

TEST_CASE("sqlite: INSERT OR ROLLBACK loses the transaction, and the host notices") {
  const auto on = memory();
  on->execute("CREATE TABLE t (id integer PRIMARY KEY)");
  on->execute("BEGIN IMMEDIATE");
  on->act_as(authority::script);
  on->execute("INSERT INTO t VALUES (1)");
  CHECK(failure_of([&] { on->execute("INSERT OR ROLLBACK INTO t VALUES (1)"); }).kind == "unique");
  CHECK(on->state() == transaction_state::failed);
  CHECK(failure_of([&] { on->execute("INSERT INTO t VALUES (2)"); }).kind == "lost_transaction");
  CHECK(failure_of([&] { (void)on->open("SELECT 1", {}, true); }).kind == "lost_transaction");
  on->act_as(authority::host);
  CHECK(failure_of([&] { on->execute("COMMIT"); }).kind == "lost_transaction");
  on->execute("ROLLBACK");
  CHECK(on->state() == transaction_state::idle);
  CHECK(count(*on, "t") == 0);
}

TEST_CASE(
    "sqlite: a trigger's RAISE(ROLLBACK) is noticed too, and leaving the transaction is quiet") {
  const auto on = memory();
  on->execute("CREATE TABLE t (id integer)");
  on->execute(
      "CREATE TRIGGER no BEFORE INSERT ON t WHEN new.id = 9 "
      "BEGIN SELECT RAISE(ROLLBACK, 'never 9'); END");
  {
    transaction tx{*on};
    on->execute("INSERT INTO t VALUES (1)");
    const error e = failure_of([&] { on->execute("INSERT INTO t VALUES (9)"); });
    CHECK(e.kind == "raised");
    CHECK(e.message == "never 9");
    CHECK(on->state() == transaction_state::failed);
    CHECK(failure_of([&] { tx.commit(); }).kind == "lost_transaction");
  }
  CHECK(on->state() == transaction_state::idle);
  CHECK(count(*on, "t") == 0);
}

TEST_CASE("sqlite: dangerous PRAGMAs, ATTACH and load_extension are refused to scripts") {
  const auto on = memory();
  on->execute("CREATE TABLE t (id integer)");
  on->act_as(authority::script);
  for (const char* sql :
       {"PRAGMA writable_schema = 1", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = 0",
        "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys(0)", "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA legacy_alter_table = 1", "ATTACH ':memory:' AS x", "DETACH main",
        "SELECT load_extension('x')", "VACUUM INTO '/tmp/x.db'"}) {
    CAPTURE(sql);
    CHECK(failure_of([&] { on->execute(sql); }).kind == "refused");
    CHECK_FALSE(on->inspect(sql).refusal.empty());
  }
  CHECK(all(*on, "PRAGMA table_info(t)").size() == 1);
  CHECK(all(*on, "SELECT name FROM pragma_table_info('t')").size() == 1);
  on->execute("PRAGMA user_version = 7");
  CHECK(*scalar(*on, "PRAGMA user_version") == number(7));
  CHECK(*scalar(*on, "PRAGMA foreign_keys") == number(1));
}

TEST_CASE("sqlite: looking at a PRAGMA does not run it") {
  const auto on = memory();
  CHECK(on->inspect("PRAGMA foreign_keys = OFF").kind == statement_kind::setting);
  CHECK(on->inspect("PRAGMA table_info(t)").kind == statement_kind::query);
  CHECK(*scalar(*on, "PRAGMA foreign_keys") == number(1));
}

TEST_CASE("sqlite: the host switches foreign keys inside a transaction, reset switches them back") {
  const auto on = memory();
  on->execute("CREATE TABLE p (id integer PRIMARY KEY)");
  on->execute("CREATE TABLE c (p integer REFERENCES p (id))");
  transaction tx{*on};
  on->execute("PRAGMA foreign_keys = OFF");
  CHECK(*scalar(*on, "PRAGMA foreign_keys") == number(0));
  on->execute("INSERT INTO c VALUES (1)");
  on->execute("DELETE FROM c");
  on->reset_session();
  CHECK(*scalar(*on, "PRAGMA foreign_keys") == number(1));
  CHECK(failure_of([&] { on->execute("INSERT INTO c VALUES (1)"); }).kind == "foreign_key");
}

TEST_CASE("sqlite: what is packed is unpacked as it was, with its type") {
  const auto on = memory();
  for (const char* literal :
       {"NULL", "0", "-1", "9223372036854775807", "-9223372036854775808", "0.1", "-0.0", "9e999",
        "5e-324", "1.0", "''", "'a'", "CAST(x'610062' AS TEXT)", "CAST(x'fffe' AS TEXT)", "x''",
        "x'00ff'", "'0'", "hex(zeroblob(100000))"}) {
    CAPTURE(literal);
    const std::string unpacked = "luamig_unpack(luamig_join(luamig_pack(1, 'x'), luamig_pack(" +
                                 std::string(literal) + ", 2)), 3)";
    CHECK(scalar(*on, "SELECT typeof(" + unpacked + ") = typeof(" + literal + ") AND quote(" +
                          unpacked + ") = quote(" + literal + ")") == value(std::int64_t{1}));
    CHECK(scalar(*on, "SELECT luamig_hash(luamig_pack(" + std::string(literal) +
                          ")) <> luamig_hash(luamig_pack('another'))") == value(std::int64_t{1}));
  }
  CHECK(scalar(*on,
               "SELECT luamig_hash(luamig_pack(0.0)) = luamig_hash(luamig_pack(-0.0)) OR "
               "luamig_hash(luamig_pack('a', 'b')) = luamig_hash(luamig_pack('ab')) OR "
               "luamig_hash(luamig_pack('a')) = luamig_hash(luamig_pack(x'61')) OR "
               "luamig_hash(luamig_pack(1)) = luamig_hash(luamig_pack(1.0))") ==
        value(std::int64_t{0}));
  for (const char* damaged : {"x''", "NULL", "x'69'", "x'74ff00000000000000'", "'x'",
                              "luamig_pack(1, 2), 3", "luamig_pack(1), 0", "luamig_pack(1), -1"}) {
    CAPTURE(damaged);
    const std::string text(damaged);
    const std::string at = text.find("), ") == std::string::npos ? ", 1" : "";
    CHECK(failure_of([&] {
            (void)scalar(*on, "SELECT luamig_unpack(" + text + at + ")");
          }).message.find("damaged image") != std::string::npos);
  }
}

TEST_CASE("sqlite: a script's DROP of a referenced table names the referents") {
  const auto on = memory();
  on->execute("CREATE TABLE p (id integer PRIMARY KEY)");
  on->execute("CREATE TABLE c (p integer REFERENCES P (id) ON DELETE CASCADE)");
  on->act_as(authority::script);
  const error e = failure_of([&] { on->execute("DROP TABLE p"); });
  CHECK(e.kind == "referenced");
  CHECK(e.message == "'p' is referenced by foreign keys of 'c'");
  on->execute("DROP TABLE c");
  on->execute("DROP TABLE p");
  open_options how;
  how.foreign_keys = false;
  const auto plain = memory(how);
  plain->execute("CREATE TABLE p (id integer PRIMARY KEY)");
  plain->execute("CREATE TABLE c (p integer REFERENCES p (id))");
  plain->act_as(authority::script);
  plain->execute("DROP TABLE p");
}

TEST_CASE("sqlite: a trigger with several statements is one statement") {
  const auto on = memory();
  const std::string script =
      "CREATE TABLE t (a);\nCREATE TRIGGER x AFTER INSERT ON t BEGIN\n  UPDATE t SET a = CASE a "
      "WHEN 1 THEN 2 ELSE 3 END;\n  DELETE FROM t;\nEND;\nSELECT 1";
  const auto parts = split(script, engine::sqlite);
  REQUIRE(parts.size() == 3);
  for (const auto& part : parts) on->execute(part.sql);
}

TEST_CASE("sqlite: BEGIN IMMEDIATE gives up after its wait, with the lock's code") {
  const scratch dir;
  create_database(dir.file("a.db"));
  const auto first = open_database(dir.file("a.db"), {});
  const auto second = open_database(dir.file("a.db"), impatient());
  first->execute("BEGIN IMMEDIATE");
  const error e = failure_of([&] { second->execute("BEGIN IMMEDIATE"); });
  CHECK(e.code == errc::lock);
  CHECK(e.kind == "locked");
  CHECK(second->state() == transaction_state::idle);
  first->execute("ROLLBACK");
  second->execute("BEGIN IMMEDIATE");
  second->execute("ROLLBACK");
}

TEST_CASE("sqlite: a read-only database refuses writes") {
  const scratch dir;
  create_database(dir.file("a.db"));
  open_database(dir.file("a.db"), {})->execute("CREATE TABLE t (id integer)");
  open_options how;
  how.read_only = true;
  const auto on = open_database(dir.file("a.db"), how);
  CHECK(count(*on, "t") == 0);
  CHECK(failure_of([&] { on->execute("INSERT INTO t VALUES (1)"); }).kind == "read_only");
}

TEST_CASE("sqlite: more statements than are kept still work, and come back") {
  const auto on = memory();
  on->execute("CREATE TABLE t (id integer)");
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 300; ++i) {
      CHECK(*scalar(*on, "SELECT " + std::to_string(i)) == number(i));
    }
  }
}
