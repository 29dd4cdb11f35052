// What PostgreSQL alone does.

#include <cstdlib>
#include <limits>

#include "db/script_text.hpp"
#include "db/transaction.hpp"
#include "unit/db/engines.hpp"

using namespace luamig;
using namespace luamig::db;
using namespace luamig::testing;

namespace {

/// Runs the test in a database of its own, or says that it is skipped.
void on_postgres(const std::function<void(const postgres_database&)>& doing) {
  const auto database = postgres_database::make();
  if (!database) {
    MESSAGE("skipped: LUAMIG_TEST_PG is not set");
    return;
  }
  doing(*database);
}

value echo(connection& on, const std::string& cast, const value& v) {
  return *scalar(on, "SELECT $1::" + cast, std::span(&v, 1));
}

}  // namespace

TEST_CASE("postgresql: decimals, NaN, arrays and 4-byte characters come back unchanged") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    for (const char* digits : {"1234567890123456789.1234567890123456789", "0.10", "-5", "NaN"}) {
      CHECK(echo(*on, "numeric", value{decimal{digits}}) == value{decimal{digits}});
    }
    CHECK(echo(*on, "numeric(38,19)", value{decimal{"1234567890123456789.1234567890123456789"}}) ==
          value{decimal{"1234567890123456789.1234567890123456789"}});
    const double nan =
        std::get<double>(echo(*on, "float8", value{std::numeric_limits<double>::quiet_NaN()}));
    CHECK(nan != nan);
    const array texts{
        {text("a\"\\,{}"), value{null_value{}}, text("NULL"), text("\xf0\x9f\x90\x98")}};
    CHECK(echo(*on, "text[]", value{texts}) == value{texts});
    const array numbers{{number(1), number(std::numeric_limits<std::int64_t>::min())}};
    CHECK(echo(*on, "bigint[]", value{numbers}) == value{numbers});
    const array blobs{{value{blob{std::string("\0\xff", 2)}}}};
    CHECK(echo(*on, "bytea[]", value{blobs}) == value{blobs});
    CHECK(echo(*on, "uuid", text("00000000-0000-0000-0000-000000000001")) ==
          text("00000000-0000-0000-0000-000000000001"));
  });
}

TEST_CASE("postgresql: text that it cannot hold is an error with the offset") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    CHECK(failure_of([&] {
            (void)echo(*on, "text", value{std::string("ab\0", 3)});
          }).message.find("offset 2") != std::string::npos);
    CHECK(failure_of([&] { (void)echo(*on, "text", text("a\xff")); }).message.find("offset 1") !=
          std::string::npos);
    CHECK(*scalar(*on, "SELECT 1") == number(1));
  });
}

TEST_CASE("postgresql: dates are ISO in UTC whatever the server says") {
  on_postgres([](const postgres_database& database) {
    database.admin()->execute("ALTER DATABASE " + database.name() + " SET TimeZone = 'Asia/Tokyo'");
    const auto on = database.open();
    CHECK(*scalar(*on, "SELECT timestamptz '2024-01-02 03:04:05+00'") ==
          text("2024-01-02 03:04:05+00"));
    CHECK(*scalar(*on, "SELECT interval '1 day 2 hours'") == text("P1DT2H"));
  });
}

TEST_CASE(
    "postgresql: an error among enqueued statements stops what follows, and the next call throws") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE t (id integer PRIMARY KEY)");
    on->execute("BEGIN");
    on->enqueue("INSERT INTO t VALUES (1)");
    on->enqueue("INSERT INTO t VALUES (1)");
    on->enqueue("INSERT INTO t VALUES (2)");
    const error e = failure_of([&] { on->execute("INSERT INTO t VALUES (3)"); });
    CHECK(e.kind == "unique");
    CHECK(e.sql == "INSERT INTO t VALUES (1)");
    CHECK(on->state() == transaction_state::failed);
    CHECK(failure_of([&] { on->execute("SELECT 1"); }).kind == "lost_transaction");
    on->execute("ROLLBACK");
    CHECK(on->state() == transaction_state::idle);
    CHECK(count(*on, "t") == 0);
    for (int i = 0; i < 3; ++i) on->enqueue("INSERT INTO t VALUES (" + std::to_string(i) + ")");
    on->flush();
    CHECK(count(*on, "t") == 3);
  });
}

TEST_CASE("postgresql: COMMIT of a failed transaction is an error, not a silent rollback") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    transaction tx{*on};
    (void)failure_of([&] { on->execute("SELECT nothing"); });
    CHECK(failure_of([&] { tx.commit(); }).kind == "lost_transaction");
    CHECK(on->state() == transaction_state::idle);
  });
}

TEST_CASE("postgresql: a rollback takes what is enqueued and would fail with it") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    {
      transaction tx{*on};
      on->enqueue("SELECT nothing");
    }
    CHECK(on->state() == transaction_state::idle);
    CHECK(*scalar(*on, "SELECT 1") == number(1));
  });
}

TEST_CASE("postgresql: outside a transaction an enqueued statement stands for itself") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE t (id integer)");
    on->enqueue("INSERT INTO t VALUES (1)");
    (void)failure_of([&] { on->execute("SELECT nothing"); });
    CHECK(count(*on, "t") == 1);
    on->reset_session();
    on->execute("CREATE INDEX CONCURRENTLY i ON t (id)");
  });
}

TEST_CASE("postgresql: CREATE INDEX CONCURRENTLY may be a session's first statement") {
  on_postgres([](const postgres_database& database) {
    database.open()->execute("CREATE TABLE t (id integer)");
    database.open()->execute("CREATE INDEX CONCURRENTLY i ON t (id)");
  });
}

TEST_CASE("postgresql: a deferred constraint fails the COMMIT and leaves no transaction") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE p (id integer PRIMARY KEY)");
    on->execute("CREATE TABLE c (p integer REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
    transaction tx{*on};
    on->execute("INSERT INTO c VALUES (1)");
    CHECK(failure_of([&] { tx.commit(); }).kind == "foreign_key");
    CHECK(on->state() == transaction_state::idle);
  });
}

TEST_CASE("postgresql: a cursor that went with its savepoint hinders nothing") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    transaction tx{*on};
    on->execute("SAVEPOINT s");
    const cursor c = on->open("SELECT generate_series(1, 5000)", {}, true);
    row_block block;
    REQUIRE(on->fetch(c, block));
    on->execute("ROLLBACK TO SAVEPOINT s");
    CHECK_THROWS_AS((void)on->fetch(c, block), error);
    on->close(c);
    CHECK(*scalar(*on, "SELECT 1") == number(1));
    tx.commit();
  });
}

TEST_CASE("postgresql: settings of a script are put back between revisions") {
  on_postgres([](const postgres_database& database) {
    open_options how;
    how.lock_timeout = std::chrono::milliseconds(1234);
    const auto on = database.open(how);
    const auto before =
        all(*on, "SELECT current_setting('lock_timeout'), current_setting('TimeZone')");
    CHECK(before[0] == std::vector<value>{text("1234ms"), text("UTC")});
    on->execute("SET lock_timeout = 0");
    on->execute("SET TimeZone = 'Asia/Tokyo'");
    on->reset_session();
    CHECK(all(*on, "SELECT current_setting('lock_timeout'), current_setting('TimeZone')") ==
          before);
  });
}

TEST_CASE("postgresql: what reaches out of the database is refused to scripts") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE t (id integer)");
    on->act_as(authority::script);
    for (const char* sql :
         {"COPY t FROM PROGRAM 'ls'", "COPY t TO '/tmp/x'", "COPY t FROM STDIN",
          "SET ROLE postgres", "SET SESSION AUTHORIZATION postgres",
          "SELECT set_config('role', 'postgres', false)",
          "SELECT set_config('ro' || 'le', 'postgres', false)", "LOAD 'x'",
          "ALTER SYSTEM SET fsync = on", "SELECT pg_read_file('/etc/passwd')",
          "SELECT pg_catalog.lo_import('/etc/passwd')", "DISCARD ALL", "DEALLOCATE ALL",
          "CLOSE ALL", "PREPARE TRANSACTION 'x'", "SELECT 1; SELECT 2", ""}) {
      CAPTURE(sql);
      CHECK(failure_of([&] { on->execute(sql); }).kind == "refused");
    }
    on->execute("SET client_encoding = 'UTF8'");
    on->execute("SELECT pg_catalog.set_config('search_path', '', false)");
    CHECK(failure_of([&] { on->execute("SELEC 1"); }).kind == "syntax");
  });
}

TEST_CASE("postgresql: inspect knows what needs autocommit") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    for (const char* sql : {"CREATE INDEX CONCURRENTLY i ON t (a)", "DROP INDEX CONCURRENTLY i",
                            "REINDEX TABLE CONCURRENTLY t", "REINDEX (CONCURRENTLY) INDEX i",
                            "CREATE DATABASE x", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"}) {
      CAPTURE(sql);
      CHECK(on->inspect(sql).needs_autocommit);
    }
    for (const char* sql : {"ALTER TYPE e ADD VALUE 'x'", "ANALYZE t", "REINDEX TABLE t"}) {
      CAPTURE(sql);
      CHECK_FALSE(on->inspect(sql).needs_autocommit);
    }
    CHECK(on->inspect("UPDATE a.b SET x = 1").writes == std::vector<std::string>{"a.b"});
    CHECK(on->inspect("WITH d AS (DELETE FROM t RETURNING 1) SELECT * FROM d").kind ==
          statement_kind::change);
  });
}

TEST_CASE("postgresql: a missing database is told apart, and can be made once") {
  on_postgres([](const postgres_database& database) {
    const url other = parse_url(database.url_of(database.name() + "_x"), "/");
    CHECK(failure_of([&] { (void)open_database(other, {}); }).kind == "missing_database");
    CHECK(create_database(other));
    CHECK_FALSE(create_database(other));
    CHECK(*scalar(*open_database(other, {}), "SELECT 1") == number(1));
    database.admin()->execute("DROP DATABASE " + other.database);
  });
}

TEST_CASE("postgresql: a connection that is gone stays gone, and no error shows a password") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    const value pid = *scalar(*on, "SELECT pg_backend_pid()");
    CHECK(*scalar(*database.admin(), "SELECT pg_terminate_backend($1)", std::span(&pid, 1)) ==
          value{true});
    CHECK(failure_of([&] { on->execute("SELECT 1"); }).code == errc::connection);
    CHECK(failure_of([&] { on->execute("SELECT 1"); }).code == errc::connection);
    CHECK_FALSE(on->alive());
  });
  const error e = failure_of([] {
    (void)open_database(
        parse_url("postgresql://u:s3cret@/d?host=/nonexistent&password=s3cret", "/"), {});
  });
  CHECK(e.code == errc::connection);
  CHECK(e.message.find("s3cret") == std::string::npos);
}

TEST_CASE("postgresql: errors carry the server's fields") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE t (id integer CONSTRAINT one_only UNIQUE)");
    on->execute("INSERT INTO t VALUES (1)");
    const error e = failure_of([&] { on->execute("INSERT INTO t VALUES (1)"); });
    CHECK(e.sqlstate == "23505");
    CHECK(e.table == "t");
    CHECK(e.constraint == "one_only");
    CHECK(e.message.find("Key (id)=(1) already exists") != std::string::npos);
    transaction tx{*on};
    const error at = failure_of([&] { (void)on->open("SELECT nope FROM t", {}, true); });
    CHECK(at.sql == "SELECT nope FROM t");
    CHECK(at.message.find("at character 8") != std::string::npos);
  });
}

TEST_CASE("postgres: the rows of a COPY are cut out of a script") {
  const auto all = split(
      "\\restrict abc\nCREATE TABLE t (a text);\nCOPY t (a) FROM stdin;\nit's\n; \\n\n\\.\n\n"
      "SELECT $$\nCOPY t FROM stdin;\n\\.$$;\n\\unrestrict abc\n",
      engine::postgresql);
  REQUIRE(all.size() == 3);
  CHECK(all[1].sql == "COPY t (a) FROM stdin");
  CHECK(all[1].data == "it's\n; \\n\n");
  CHECK(all[1].lines_above == 2);
  CHECK(all[2].sql == "SELECT $$\nCOPY t FROM stdin;\n\\.$$");
  CHECK_FALSE(all[2].data);
  for (const script_statement& one : all) CHECK(one.refusal == "");
}

TEST_CASE("postgres: what psql alone would understand is refused in a script") {
  const auto refusal = [](std::string_view text) {
    std::string all;
    for (const script_statement& one : split(text, engine::postgresql)) all += one.refusal;
    return all;
  };
  CHECK(refusal("SELECT 1;\n\\connect x\nSELECT 2;\n") ==
        "'\\connect' is a command of psql, not of the database");
  CHECK(refusal("COPY t FROM stdin;\n1\n") == "the rows of this COPY … FROM stdin never end");
  CHECK(refusal("COPY t FROM stdin; SELECT 1;\n1\n\\.\n") ==
        "the rows of COPY … FROM stdin begin on the line below it");
  CHECK(refusal("SELECT E'\\\\', '\\';\n") == "");
}

TEST_CASE("postgres: COPY reads its data, or says which row is wrong, and the session goes on") {
  const auto database = postgres_database::make();
  if (!database) {
    MESSAGE("skipped: LUAMIG_TEST_PG is not set");
    return;
  }
  const auto on = database->open({});
  on->execute("CREATE TABLE t (a integer, b text)");
  on->execute("BEGIN");
  on->enqueue("INSERT INTO t VALUES (0, 'before')");
  CHECK(on->copy_in("COPY t FROM stdin", "1\tone\n2\t\\N\n") == 2);
  CHECK(count(*on, "t") == 3);
  on->execute("SAVEPOINT s");
  const error wrong = failure_of([&] { on->copy_in("COPY t FROM stdin", "3\tx\nthree\tx\n"); });
  CHECK(wrong.sqlstate == "22P02");
  CHECK(wrong.message.find("COPY t, line 2, column a") != std::string::npos);
  CHECK(on->state() == transaction_state::failed);
  on->execute("ROLLBACK TO SAVEPOINT s");
  CHECK(failure_of([&] { on->copy_in("COPY missing FROM stdin", "1\n"); }).kind == "missing_table");
  on->execute("ROLLBACK TO SAVEPOINT s");
  CHECK(on->copy_in("COPY t FROM stdin", std::string()) == 0);
  on->act_as(authority::script);
  on->protect({"public.books"});
  CHECK(failure_of([&] { on->copy_in("COPY books FROM stdin", "1\n"); }).kind == "refused");
  CHECK(failure_of([&] { on->copy_in("COPY t FROM PROGRAM 'id'", ""); }).kind == "refused");
  CHECK(failure_of([&] { on->execute("COPY t FROM stdin"); }).kind == "refused");
  on->act_as(authority::host);
  on->execute("COMMIT");
  CHECK(count(*on, "t") == 3);
}

TEST_CASE("postgresql: the rows of a COPY for a block travel beside an open cursor") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE t (id integer PRIMARY KEY, s text)");
    on->execute("BEGIN");
    const cursor c = on->open("SELECT generate_series(1, 5000)", {}, true);
    const auto taken = std::make_shared<std::int64_t>(0);
    row_block read;
    row_block rows;
    int seen = 0;
    while (on->fetch(c, read)) {
      rows.clear(2);
      for (std::size_t i = 0; i < read.rows(); ++i, ++seen) {
        rows.add_copy(read, read.at(i, 0));
        rows.add_bytes(cell_kind::text, "a\tb\\\n\xf0\x9f\x90\x98");
      }
      on->execute_each("COPY t (id, s) FROM STDIN", rows, taken);
    }
    on->flush();
    CHECK(seen == 5000);
    CHECK(*taken == 5000);
    CHECK(*scalar(*on, "SELECT count(*) FROM t WHERE s = E'a\\tb\\\\\\n\xf0\x9f\x90\x98'") ==
          number(5000));
    CHECK(on->is_at_hand(c));
    on->execute("COMMIT");
  });
}

TEST_CASE("postgresql: a COPY for a block is in binary where all of its cells have such a form") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE t (n smallint, s text)");
    on->execute("BEGIN");
    const auto taken = std::make_shared<std::int64_t>(0);
    const std::vector<binary_form> forms{binary_form::int2, binary_form::text};
    const auto send = [&](auto... numbers) {
      row_block rows;
      rows.clear(2);
      (..., (rows.add_bytes(cell_kind::text, numbers), rows.add_bytes(cell_kind::text, "a\tb")));
      on->execute_each("COPY t (n, s) FROM STDIN", rows, taken, forms);
      on->flush();
    };
    send("1", "-32768");
    send("2", " 3 ");  // for the server to read
    CHECK(*taken == 4);
    CHECK(*scalar(*on, "SELECT string_agg(n::text, ' ' ORDER BY n) FROM t WHERE s = E'a\\tb'") ==
          value{std::string("-32768 1 2 3")});
    CHECK(failure_of([&] { send("4", "32768"); }).message.find("out of range") !=
          std::string::npos);
    on->execute("ROLLBACK");
  });
}

TEST_CASE("postgresql: a COPY for a block fails in a later call, and a rollback takes it along") {
  on_postgres([](const postgres_database& database) {
    const auto on = database.open();
    on->execute("CREATE TABLE t (id integer PRIMARY KEY)");
    const auto taken = std::make_shared<std::int64_t>(0);
    row_block twice;
    twice.clear(1);
    twice.add_integer(1);
    twice.add_integer(1);
    for (const bool waits : {true, false}) {
      on->execute("BEGIN");
      on->execute_each("COPY t (id) FROM STDIN", twice, taken);
      if (waits) CHECK(failure_of([&] { on->flush(); }).kind == "unique");
      on->execute("ROLLBACK");
      CHECK(on->state() == transaction_state::idle);
    }
    CHECK(*taken == 0);
    on->act_as(authority::script);
    CHECK(failure_of([&] {
            on->execute_each("COPY t (id) FROM PROGRAM 'echo 1'", twice, taken);
          }).kind == "refused");
    on->act_as(authority::host);
    CHECK(*scalar(*on, "SELECT count(*) FROM t") == number(0));
  });
}
