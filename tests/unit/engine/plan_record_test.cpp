#include "engine/plan_record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace luamig;
using engine::destruction_of;
using engine::locks_of;

namespace {

std::vector<std::string> on_postgres(std::string_view sql) {
  return locks_of(sql, db::engine::postgresql);
}

using locks = std::vector<std::string>;

}  // namespace

TEST_CASE("plan record: a statement's locks are those of its words") {
  CHECK(on_postgres("ALTER TABLE users ADD COLUMN a int") == locks{"ACCESS EXCLUSIVE on users"});
  CHECK(on_postgres("alter table if exists only app.users alter a type text") ==
        locks{"ACCESS EXCLUSIVE on app.users"});
  CHECK(on_postgres("ALTER TABLE users VALIDATE CONSTRAINT k") ==
        locks{"SHARE UPDATE EXCLUSIVE on users"});
  CHECK(on_postgres("ALTER TABLE pets ADD CONSTRAINT k FOREIGN KEY (o) REFERENCES users (id)") ==
        locks{"SHARE ROW EXCLUSIVE on pets", "SHARE ROW EXCLUSIVE on users"});
  CHECK(on_postgres("CREATE UNIQUE INDEX ix ON users (a)") == locks{"SHARE on users"});
  CHECK(on_postgres("CREATE INDEX CONCURRENTLY ix ON users (a)") ==
        locks{"SHARE UPDATE EXCLUSIVE on users"});
  CHECK(on_postgres("DROP TABLE IF EXISTS users") == locks{"ACCESS EXCLUSIVE on users"});
  CHECK(on_postgres("TRUNCATE TABLE users") == locks{"ACCESS EXCLUSIVE on users"});
  CHECK(on_postgres("UPDATE users SET a = 1") == locks{"ROW EXCLUSIVE on users"});
  CHECK(on_postgres("DELETE FROM ONLY users") == locks{"ROW EXCLUSIVE on users"});
  CHECK(on_postgres("CREATE TABLE pets (o int REFERENCES users)") ==
        locks{"SHARE ROW EXCLUSIVE on users"});
  CHECK(on_postgres("SELECT 'ALTER TABLE users'").empty());
  CHECK(on_postgres("").empty());
}

TEST_CASE("plan record: of several parts and several tables, the strongest lock on each") {
  CHECK(on_postgres("ALTER TABLE t VALIDATE CONSTRAINT k, ALTER b SET NOT NULL") ==
        locks{"ACCESS EXCLUSIVE on t"});
  CHECK(on_postgres("ALTER TABLE t SET (fillfactor = 90), ADD COLUMN z numeric(10, 2)") ==
        locks{"ACCESS EXCLUSIVE on t"});
  CHECK(on_postgres("ALTER TABLE t ALTER a SET STATISTICS 10, VALIDATE CONSTRAINT k") ==
        locks{"SHARE UPDATE EXCLUSIVE on t"});
  CHECK(on_postgres("ALTER TABLE t RESET (fillfactor)") == locks{"SHARE UPDATE EXCLUSIVE on t"});
  CHECK(on_postgres("ALTER TABLE w ADD PRIMARY KEY (id), ADD FOREIGN KEY (id) REFERENCES t") ==
        locks{"ACCESS EXCLUSIVE on w", "SHARE ROW EXCLUSIVE on t"});
  CHECK(on_postgres("TRUNCATE u, app.t CASCADE") ==
        locks{"ACCESS EXCLUSIVE on u", "ACCESS EXCLUSIVE on app.t"});
  CHECK(on_postgres("DROP TABLE IF EXISTS nope, u") ==
        locks{"ACCESS EXCLUSIVE on nope", "ACCESS EXCLUSIVE on u"});
  CHECK(on_postgres("CREATE TABLE x (a int REFERENCES t, b int REFERENCES u)") ==
        locks{"SHARE ROW EXCLUSIVE on t", "SHARE ROW EXCLUSIVE on u"});
}

TEST_CASE("plan record: statements that change a table by the way") {
  CHECK(on_postgres("WITH d AS (DELETE FROM t RETURNING *) SELECT 1") ==
        locks{"ROW EXCLUSIVE on t"});
  CHECK(on_postgres("SELECT 1 FROM t WHERE a = 1 FOR UPDATE") == locks{"ROW SHARE on t"});
  CHECK(on_postgres("LOCK TABLE t, u IN SHARE ROW EXCLUSIVE MODE") ==
        locks{"SHARE ROW EXCLUSIVE on t", "SHARE ROW EXCLUSIVE on u"});
  CHECK(on_postgres("LOCK t") == locks{"ACCESS EXCLUSIVE on t"});
  CHECK(on_postgres("CLUSTER t USING ix") == locks{"ACCESS EXCLUSIVE on t"});
  CHECK(on_postgres("DROP TRIGGER g ON t") == locks{"ACCESS EXCLUSIVE on t"});
  CHECK(on_postgres("CREATE POLICY p ON t USING (a > 1)") == locks{"ACCESS EXCLUSIVE on t"});
  CHECK(on_postgres("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE") ==
        locks{"ROW EXCLUSIVE on t"});
  CHECK(on_postgres("COMMENT ON COLUMN app.t.a IS 'x'") ==
        locks{"SHARE UPDATE EXCLUSIVE on app.t"});
}

TEST_CASE("plan record: SQLite locks no table") {
  CHECK(locks_of("ALTER TABLE users ADD COLUMN a", db::engine::sqlite).empty());
}

TEST_CASE("plan record: what destroys is marked, and nothing else") {
  const auto of = [](std::string_view sql) {
    return std::string(destruction_of(sql, db::engine::postgresql));
  };
  CHECK(of("DROP TABLE users") == "drops a table");
  CHECK(of("ALTER TABLE users DROP COLUMN a") == "drops a column");
  CHECK(of("ALTER TABLE users DROP a") == "drops a column");
  CHECK(of("ALTER TABLE users DROP CONSTRAINT k") == "");
  CHECK(of("ALTER TABLE users ALTER a DROP NOT NULL") == "");
  CHECK(of("ALTER TABLE users ALTER COLUMN a TYPE int") == "changes a type");
  CHECK(of("TRUNCATE users") == "empties a table");
  CHECK(of("DELETE FROM users WHERE a = 1") == "deletes rows");
  CHECK(of("UPDATE users SET a = 1") == "");
  CHECK(of("ALTER TABLE t VALIDATE CONSTRAINT k, DROP COLUMN b") == "drops a column");
  CHECK(of("ALTER TABLE t DROP CONSTRAINT k, ALTER a TYPE bigint") == "changes a type");
  CHECK(of("WITH d AS (DELETE FROM t RETURNING *) SELECT 1") == "deletes rows");
  CHECK(of("WITH d AS (SELECT 1) DELETE FROM t USING d") == "deletes rows");
  CHECK(of("DELETE FROM ONLY t") == "deletes rows");
  CHECK(of("DELETE FROM luamig_undo WHERE pass = 1") == "");
  CHECK(of("DELETE FROM \"app\".\"luamig_undo\" AS p WHERE pass = 1") == "");
  CHECK(of("DELETE FROM \"app.luamig_undo\"") == "deletes rows");
  CHECK(of("WITH c AS (DELETE FROM t RETURNING a) INSERT INTO luamig_undo SELECT * FROM c") ==
        "deletes rows");
  CHECK(of("WITH c AS (UPDATE t SET a = 1 RETURNING a) INSERT INTO luamig_undo SELECT * FROM c") ==
        "");
  CHECK(of("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE") == "deletes rows");
  CHECK(of("DROP TYPE mood CASCADE") == "cannot be told");
  CHECK(of("DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$") == "cannot be told");
  CHECK(of("CREATE TABLE users (a int)") == "");
}

TEST_CASE("plan record: statements of one line are one operation, with its name") {
  engine::plan_record record;
  record.begin_step("aaaa");
  record.name_operation(
      {"drop_column", "drop column users.a", "drops a column", "versions/a.lua", 4});
  record.add({.sql = "CREATE TABLE n (b)",
              .values = {},
              .comment = {},
              .file = "versions/a.lua",
              .line = 4},
             db::engine::sqlite);
  record.add(
      {.sql = "DROP TABLE users", .values = {}, .comment = {}, .file = "versions/a.lua", .line = 4},
      db::engine::sqlite);
  const auto& operations = record.steps().at("aaaa");
  REQUIRE(operations.size() == 1);
  CHECK(operations[0].summary == "drop column users.a");
  CHECK(operations[0].statements == 2);
  CHECK(operations[0].destroys == "drops a column");
}

TEST_CASE("plan record: a table that is made anew is not dropped") {
  engine::plan_record record;
  record.begin_step("aaaa");
  const auto add = [&](std::string sql, int line) {
    record.add({.sql = std::move(sql),
                .values = {},
                .comment = {},
                .file = "versions/a.lua",
                .line = line},
               db::engine::sqlite);
  };
  record.rebuild(true);
  add("DROP TABLE luamig_old_users", 4);
  record.rebuild(false);
  add("DROP TABLE users", 5);
  const auto& operations = record.steps().at("aaaa");
  REQUIRE(operations.size() == 2);
  CHECK(operations[0].destroys.empty());
  CHECK(operations[1].destroys == "drops a table");
}
