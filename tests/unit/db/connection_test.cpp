// What both engines promise alike.

#include "db/connection.hpp"

#include <atomic>
#include <cstring>
#include <limits>
#include <thread>

#include "db/parameters.hpp"
#include "db/script_text.hpp"
#include "db/transaction.hpp"
#include "unit/db/engines.hpp"

using namespace luamig;
using namespace luamig::db;
using namespace luamig::testing;

namespace {

/// What comes back when the value is stored in a column of this type.
value stored(connection& on, const std::string& type, const value& v) {
  on.execute("CREATE TABLE v (x " + type + ")");
  on.execute(
      on.kind() == engine::sqlite ? "INSERT INTO v VALUES (?1)" : "INSERT INTO v VALUES ($1)",
      std::span(&v, 1));
  const value out = *scalar(on, "SELECT x FROM v");
  on.execute("DROP TABLE v");
  return out;
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::vector<std::string> texts_of(const std::vector<script_statement>& all) {
  std::vector<std::string> texts;
  for (const script_statement& one : all) texts.emplace_back(one.sql);
  return texts;
}

}  // namespace

TEST_CASE("connection: integers come back whole up to the limits of int64") {
  on_both([](connection& on) {
    for (const std::int64_t i :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
          std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 31, (std::int64_t{1} << 53) + 1}) {
      CHECK(stored(on, "bigint", number(i)) == number(i));
    }
  });
}

TEST_CASE("connection: doubles come back bit by bit") {
  on_both([](connection& on) {
    using limits = std::numeric_limits<double>;
    for (const double d : {0.1, -0.1, limits::max(), limits::min(), limits::denorm_min(),
                           limits::infinity(), -limits::infinity(), 1e22, 123456789.123456789}) {
      CHECK(same_bits(std::get<double>(stored(on, "double precision", value{d})), d));
    }
  });
}

TEST_CASE("connection: text and bytes come back byte by byte") {
  on_both([](connection& on) {
    for (const char* s : {"", "it's \\ \"q\"", "\xf0\x9f\x90\x98 \xc3\xa4", "a\nb\tc", "$1 :a ?"}) {
      CHECK(stored(on, "text", text(s)) == text(s));
    }
    const char* const bytes = on.kind() == engine::sqlite ? "blob" : "bytea";
    for (const std::string& b : {std::string(), std::string("\0\xff\\x\0", 5)}) {
      CHECK(stored(on, bytes, value{blob{b}}) == value{blob{b}});
    }
    CHECK(stored(on, "text", value{null_value{}}) == value{null_value{}});
    CHECK(stored(on, "boolean", value{true}) == value{true});
    CHECK(stored(on, "boolean", value{false}) == value{false});
  });
}

TEST_CASE("connection: execute returns the rows affected, and 0 for DDL") {
  on_both([](connection& on) {
    CHECK(on.execute("CREATE TABLE t (id integer PRIMARY KEY)") == 0);
    CHECK(on.execute("INSERT INTO t VALUES (1), (2), (3)") == 3);
    CHECK(on.execute("UPDATE t SET id = id + 10 WHERE id > 1") == 2);
    CHECK(on.execute("DELETE FROM t WHERE id = 99") == 0);
    CHECK(on.execute("CREATE INDEX i ON t (id)") == 0);
    CHECK(on.execute("INSERT INTO t VALUES (50) RETURNING id") == 1);
  });
}

TEST_CASE("connection: a result streams in blocks while other statements run") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE t (id integer PRIMARY KEY, name text)");
    on.execute("CREATE TABLE u (id integer)");
    transaction tx{on};
    for (int i = 0; i < 2500; ++i) {
      on.enqueue("INSERT INTO t VALUES (" + std::to_string(i) + ", 'n" + std::to_string(i) + "')");
    }
    const cursor c = on.open("SELECT id, name FROM t ORDER BY id", {}, true);
    REQUIRE(on.columns(c).size() == 2);
    CHECK(on.columns(c)[1].name == "name");
    CHECK(on.columns(c)[0].kind == cell_kind::integer);
    row_block block;
    std::int64_t next = 0;
    while (on.fetch(c, block)) {
      CHECK(block.rows() < 2500);
      for (std::size_t row = 0; row < block.rows(); ++row, ++next) {
        REQUIRE(block.at(row, 0).integer == next);
      }
      on.execute("INSERT INTO u VALUES (1)");
    }
    CHECK(next == 2500);
    CHECK_FALSE(on.fetch(c, block));
    CHECK(block.rows() == 0);
    on.close(c);
    on.execute("DROP TABLE t");
    tx.commit();
    CHECK(count(on, "u") >= 3);
  });
}

TEST_CASE("connection: a streamed result that is left early does not hinder DDL") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE t (id integer)");
    transaction tx{on};
    for (int i = 0; i < 3000; ++i) on.enqueue("INSERT INTO t VALUES (1)");
    const cursor c = on.open("SELECT id FROM t", {}, true);
    row_block block;
    REQUIRE(on.fetch(c, block));
    on.close(c);
    on.execute("ALTER TABLE t ADD COLUMN y integer");
    on.execute("DROP TABLE t");
    tx.commit();
  });
}

TEST_CASE("connection: the empty result has columns and no rows") {
  on_both([](connection& on) {
    const cursor c = on.open("SELECT 1 AS a WHERE 1 = 0", {}, false);
    CHECK(on.columns(c).at(0).name == "a");
    row_block block;
    CHECK_FALSE(on.fetch(c, block));
    on.close(c);
    CHECK_FALSE(scalar(on, "SELECT 1 WHERE 1 = 0").has_value());
    CHECK(all(on, "SELECT 1, 'a' UNION ALL SELECT 2, 'b' ORDER BY 1").size() == 2);
  });
}

TEST_CASE("connection: errors have the same kinds on both engines") {
  on_both([](connection& on) {
    on.execute(
        "CREATE TABLE p (id integer PRIMARY KEY, e text UNIQUE, n integer NOT NULL "
        "CONSTRAINT positive CHECK (n > 0))");
    on.execute("CREATE TABLE c (p integer REFERENCES p (id))");
    on.execute("INSERT INTO p VALUES (1, 'a', 1)");
    const auto kind = [&](const char* sql) { return failure_of([&] { on.execute(sql); }).kind; };
    CHECK(kind("INSERT INTO p VALUES (1, 'b', 1)") == "unique");
    CHECK(kind("INSERT INTO p VALUES (2, 'a', 1)") == "unique");
    CHECK(kind("INSERT INTO p VALUES (2, 'b', NULL)") == "not_null");
    CHECK(kind("INSERT INTO p VALUES (2, 'b', 0)") == "check");
    CHECK(kind("INSERT INTO c VALUES (9)") == "foreign_key");
    CHECK(kind("SELECT * FROM nowhere") == "missing_table");
    CHECK(kind("SELECT nope FROM p") == "missing_column");
    CHECK(kind("INSERT INTO p (nope) VALUES (1)") == "missing_column");
    CHECK(kind("CREATE TABLE p (id integer)") == "table_exists");
    CHECK(kind("ALTER TABLE p ADD COLUMN n integer") == "column_exists");
    CHECK(kind("SELEC 1") == "syntax");
    CHECK(kind("SELECT 1; SELECT 2") == "syntax");
    CHECK(kind("SELECT nofunction(1)") == "missing_function");
    const error e = failure_of([&] { on.execute("INSERT INTO p VALUES (2, 'b', NULL)"); });
    CHECK(e.code == errc::sql);
    CHECK(e.table == "p");
    CHECK(e.column == "n");
    CHECK(e.sql == "INSERT INTO p VALUES (2, 'b', NULL)");
    CHECK_FALSE(e.sqlstate.empty());
    CHECK(failure_of([&] { on.execute("INSERT INTO p VALUES (2, 'b', 0)"); }).constraint ==
          "positive");
  });
}

TEST_CASE("transaction: commits, and rolls back when it is left") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE t (id integer)");
    CHECK(on.state() == transaction_state::idle);
    {
      transaction tx{on};
      on.execute("INSERT INTO t VALUES (1)");
      CHECK(on.state() == transaction_state::open);
    }
    CHECK(on.state() == transaction_state::idle);
    CHECK(count(on, "t") == 0);
    transaction tx{on};
    on.execute("INSERT INTO t VALUES (1)");
    tx.commit();
    CHECK(count(on, "t") == 1);
    CHECK(on.state() == transaction_state::idle);
  });
}

TEST_CASE("transaction: DDL is undone with it") {
  on_both([](connection& on) {
    {
      transaction tx{on};
      on.execute("CREATE TABLE t (id integer)");
    }
    CHECK(failure_of([&] { on.execute("SELECT * FROM t"); }).kind == "missing_table");
  });
}

TEST_CASE("transaction: after a savepoint's rollback the rest goes on") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE t (id integer PRIMARY KEY)");
    transaction tx{on};
    on.execute("INSERT INTO t VALUES (1)");
    on.enqueue("SAVEPOINT s1");
    (void)failure_of([&] { on.execute("INSERT INTO t VALUES (1)"); });
    on.execute("ROLLBACK TO SAVEPOINT s1");
    on.enqueue("RELEASE SAVEPOINT s1");
    on.execute("INSERT INTO t VALUES (2)");
    tx.commit();
    CHECK(count(on, "t") == 2);
  });
}

TEST_CASE("connection: a script cannot end or begin a transaction") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE t (id integer)");
    transaction tx{on};
    on.execute("INSERT INTO t VALUES (1)");
    on.act_as(authority::script);
    for (const char* sql : {"COMMIT", "commit ;", "/* x */ ROLLBACK", "BEGIN", "END", "SAVEPOINT a",
                            "RELEASE a", "ROLLBACK TO a"}) {
      CAPTURE(sql);
      CHECK(failure_of([&] { on.execute(sql); }).kind == "refused");
      CHECK_FALSE(on.inspect(sql).refusal.empty());
      CHECK(on.inspect(sql).kind == statement_kind::transaction);
    }
    on.execute("INSERT INTO t VALUES (2)");
    on.act_as(authority::host);
    tx.commit();
    CHECK(count(on, "t") == 2);
  });
}

TEST_CASE("connection: the books are read-only for scripts, and the host's to write") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE luamig_version (version_num text PRIMARY KEY)");
    on.execute("CREATE TABLE t (id integer)");
    on.execute("INSERT INTO luamig_version VALUES ('a')");
    on.protect({on.kind() == engine::sqlite ? "luamig_version" : "public.luamig_version"});
    on.act_as(authority::script);
    CHECK(count(on, "luamig_version") == 1);
    on.execute("CREATE TABLE copy AS SELECT * FROM luamig_version");
    on.execute("ANALYZE luamig_version");
    on.execute("ANALYZE");
    if (on.kind() == engine::postgresql) on.execute("CREATE TABLE like_it (LIKE luamig_version)");
    std::vector<std::string> refused = {
        "INSERT INTO luamig_version VALUES ('b')",
        "UPDATE luamig_version SET version_num = 'b'",
        "DELETE FROM luamig_version",
        "DROP TABLE luamig_version",
        "ALTER TABLE luamig_version ADD COLUMN x text",
        "ALTER TABLE luamig_version RENAME TO other",
        "CREATE INDEX i ON luamig_version (version_num)",
        "CREATE TEMP TABLE luamig_version (version_num text)",
        "CREATE TEMP VIEW luamig_version AS SELECT 1",
    };
    if (on.kind() == engine::sqlite) {
      refused.insert(refused.end(),
                     {"CREATE TRIGGER x AFTER INSERT ON luamig_version BEGIN SELECT 1; END",
                      "CREATE TEMP TRIGGER x AFTER INSERT ON luamig_version BEGIN SELECT 1; END",
                      "DELETE FROM \"main\".\"LUAMIG_VERSION\"",
                      "INSERT OR REPLACE INTO luamig_version VALUES ('c')"});
    } else {
      refused.insert(
          refused.end(),
          {"DELETE FROM public.luamig_version", "TRUNCATE luamig_version",
           "CREATE RULE r AS ON INSERT TO luamig_version DO INSTEAD NOTHING",
           "CREATE TRIGGER x AFTER INSERT ON luamig_version EXECUTE FUNCTION f()",
           "ALTER TABLE t RENAME TO luamig_version", "LOCK TABLE luamig_version",
           "WITH d AS (DELETE FROM luamig_version RETURNING 1) SELECT * FROM d",
           "EXPLAIN ANALYZE DELETE FROM luamig_version", "DROP SCHEMA public CASCADE",
           "DO $$ BEGIN DELETE FROM luamig_version; END $$", "SELECT 1 INTO luamig_version",
           "MERGE INTO luamig_version USING t ON true WHEN MATCHED THEN DELETE"});
    }
    for (const std::string& sql : refused) {
      CAPTURE(sql);
      CHECK(failure_of([&] { on.execute(sql); }).kind == "refused");
      CHECK_FALSE(on.inspect(sql).refusal.empty());
    }
    on.act_as(authority::host);
    CHECK(on.execute("UPDATE luamig_version SET version_num = 'b'") == 1);
    // A text that the host has prepared is not a script's.
    on.act_as(authority::script);
    CHECK(failure_of([&] { on.execute("UPDATE luamig_version SET version_num = 'b'"); }).kind ==
          "refused");
  });
}

TEST_CASE("connection: rows of luamig_undo are changed by who keeps them, and nothing else is") {
  on_both([](connection& on) {
    const std::string schema = on.kind() == engine::sqlite ? "" : "public.";
    for (const char* table : {"luamig_version", "luamig_undo", "t"}) {
      on.execute("CREATE TABLE " + std::string(table) + " (n integer)");
    }
    on.protect({schema + "luamig_version", schema + "luamig_undo"});
    const std::vector<std::string> changes = {
        "INSERT INTO luamig_undo SELECT n FROM t", "UPDATE luamig_undo SET n = 1",
        "DELETE FROM luamig_undo WHERE n IN (SELECT n FROM t)"};
    const auto refuses = [&](const std::string& sql) {
      CAPTURE(sql);
      CHECK(failure_of([&] { on.execute(sql); }).kind == "refused");
    };
    on.act_as(authority::script);
    for (const std::string& sql : changes) refuses(sql);
    on.act_as(authority::undo_keeper);
    for (const std::string& sql : changes) CHECK_NOTHROW(on.execute(sql));
    for (const char* sql :
         {"DROP TABLE luamig_undo", "ALTER TABLE luamig_undo ADD COLUMN m integer",
          "CREATE INDEX i ON luamig_undo (n)", "DELETE FROM luamig_version", "COMMIT",
          "INSERT INTO luamig_version SELECT n FROM luamig_undo"}) {
      refuses(sql);
    }
    if (on.kind() == engine::postgresql) {
      on.execute(
          "WITH c AS (UPDATE t SET n = 2 RETURNING n) INSERT INTO luamig_undo SELECT n FROM c");
      refuses("TRUNCATE luamig_undo");
      refuses(
          "WITH c AS (DELETE FROM luamig_version RETURNING n) INSERT INTO luamig_undo SELECT n "
          "FROM c");
    }
    on.act_as(authority::script);
    for (const std::string& sql : changes) refuses(sql);
  });
}

TEST_CASE("connection: inspect says what a statement is") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE t (id integer)");
    const auto kind = [&](const char* sql) { return on.inspect(sql).kind; };
    CHECK(kind("SELECT * FROM t") == statement_kind::query);
    CHECK(kind("WITH a AS (SELECT 1) SELECT * FROM a") == statement_kind::query);
    CHECK(kind("VALUES (1)") == statement_kind::query);
    CHECK(kind("INSERT INTO t VALUES (1)") == statement_kind::change);
    CHECK(kind("WITH a AS (SELECT 1 AS x) INSERT INTO t SELECT x FROM a") ==
          statement_kind::change);
    CHECK(kind("CREATE TABLE u (id integer)") == statement_kind::schema);
    CHECK(kind("CREATE TABLE u AS SELECT * FROM t") == statement_kind::schema);
    CHECK(kind("DROP TABLE t") == statement_kind::schema);
    CHECK(kind("CREATE INDEX i ON t (id)") == statement_kind::schema);
    CHECK(kind("SELECT * FROM not_yet") == statement_kind::query);
    CHECK(kind("DELETE FROM not_yet") == statement_kind::change);
    CHECK(on.inspect("UPDATE t SET id = 1").writes == std::vector<std::string>{"t"});
    CHECK(on.inspect("DROP TABLE t").writes == std::vector<std::string>{"t"});
    CHECK(on.inspect("SELECT * FROM t").writes.empty());
    CHECK(on.inspect("SELECT * FROM t").returns_rows);
    CHECK(on.inspect("DELETE FROM t RETURNING id").returns_rows);
    CHECK_FALSE(on.inspect("DELETE FROM t").returns_rows);
    CHECK(on.inspect("VACUUM").needs_autocommit);
    CHECK_FALSE(on.inspect("CREATE INDEX i ON t (id)").needs_autocommit);
    CHECK(count(on, "t") == 0);
  });
}

TEST_CASE("connection: split cuts at the ends of statements only") {
  on_both([](connection& on) {
    const auto split = [&](std::string_view text) { return texts_of(db::split(text, on.kind())); };
    CHECK(split("") == std::vector<std::string>{});
    CHECK(split(" -- nothing\n ; ;") == std::vector<std::string>{});
    CHECK(split("SELECT ';'; -- a;b\n SELECT 2 /* ; */") ==
          std::vector<std::string>{"SELECT ';'", "SELECT 2"});
    CHECK(split("CREATE TABLE x (a int);\nINSERT INTO x VALUES (1);\n") ==
          std::vector<std::string>{"CREATE TABLE x (a int)", "INSERT INTO x VALUES (1)"});
    CHECK(split("SELEC 1; SELECT 2").size() == 2);
  });
}

TEST_CASE("connection: interrupt from another thread ends the running statement") {
  on_both([](connection& on) {
    std::atomic<bool> done{false};
    std::thread other{[&] {
      while (!done) {
        on.interrupt();
        std::this_thread::yield();
      }
    }};
    const std::string endless =
        on.kind() == engine::sqlite
            ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            : "SELECT pg_sleep(600)";
    const error e = failure_of([&] { on.execute(endless); });
    done = true;
    other.join();
    CHECK(e.kind == "interrupted");
    CHECK(on.alive());
  });
}

TEST_CASE("connection: reset_session drops what is temporary") {
  on_both([](connection& on) {
    on.act_as(authority::script);
    on.execute("CREATE TEMP TABLE scratch (id integer)");
    on.execute("INSERT INTO scratch VALUES (1)");
    on.act_as(authority::host);
    on.reset_session();
    on.flush();
    CHECK(failure_of([&] { on.execute("SELECT * FROM scratch"); }).kind == "missing_table");
  });
}

TEST_CASE("connection: one text used while it is open already is a statement of its own") {
  on_both([](connection& on) {
    on.execute("CREATE TABLE t (id integer)");
    on.execute("INSERT INTO t VALUES (1), (2)");
    const cursor a = on.open("SELECT id FROM t ORDER BY id", {}, true);
    const cursor b = on.open("SELECT id FROM t ORDER BY id", {}, true);
    row_block block;
    REQUIRE(on.fetch(a, block));
    CHECK(block.rows() == 2);
    REQUIRE(on.fetch(b, block));
    CHECK(block.rows() == 2);
    on.close(a);
    on.close(b);
    CHECK(count(on, "t") == 2);
  });
}

TEST_CASE("connection: a query prepared before a new column sees it") {
  on_both([](connection& on) {
    on.act_as(authority::script);
    on.execute("CREATE TABLE t (a integer)");
    on.execute("INSERT INTO t VALUES (1)");
    for (int i = 0; i < 3; ++i) CHECK(all(on, "SELECT * FROM t").at(0).size() == 1);
    on.execute("ALTER TABLE t ADD COLUMN b integer");
    CHECK(all(on, "SELECT * FROM t").at(0).size() == 2);
  });
}

TEST_CASE("connection: more values than a statement may have are refused in words") {
  on_both([](db::connection& on) {
    constexpr std::size_t too_many = 300'000;
    const db::parameters given{
        {{"l", {{}, std::vector<value>(too_many, value(std::int64_t{1})), true}}}, {}, true};
    const db::bound_statement s = db::bind("SELECT 1 IN (:l)", on.kind(), given);
    CHECK(failure_of([&] {
            (void)db::scalar(on, s.sql, s.values);
          }).message.starts_with("the statement has 300000 values, and this database takes "));
    CHECK(failure_of([&] { on.execute(s.sql, s.values); }).code == errc::migration);
    CHECK(db::scalar(on, "SELECT 7") == number(7));
  });
}

TEST_CASE("connection: split gives each statement its line") {
  on_both([](connection& on) {
    const auto all = db::split("\n-- x\nSELECT 1;\n\n\nSELECT\n2; SELECT 3", on.kind());
    REQUIRE(all.size() == 3);
    CHECK(all[0].lines_above == 2);
    CHECK(all[1].lines_above == 5);
    CHECK(all[2].lines_above == 6);
  });
}
