// Rows in bulk by the session's door, alike on both engines.
#include "engine/row_writer.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "engine/live_sink.hpp"
#include "engine/row_numbers.hpp"
#include "engine/session.hpp"
#include "support/temporary_directory.hpp"
#include "unit/db/engines.hpp"

using namespace luamig;

namespace {

/// A session inside a transaction, with a table n INTEGER PRIMARY KEY, s, other → parents.
struct door {
  db::connection& on;
  engine::observer nobody;
  engine::live_sink sink{on, nobody};
  engine::session session{sink};

  explicit door(db::connection& to) : on(to) {
    on.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)");
    on.execute("INSERT INTO parents VALUES (1)");
    on.execute(
        "CREATE TABLE t (n INTEGER PRIMARY KEY, s VARCHAR(5) NOT NULL, other INTEGER "
        "REFERENCES parents (id))");
    on.execute("BEGIN");
  }
  ~door() { on.execute("ROLLBACK"); }
  door(const door&) = delete;
  door& operator=(const door&) = delete;

  std::int64_t number(const std::string& sql) {
    return std::get<std::int64_t>(*db::scalar(on, sql));
  }
  void run(const std::string& sql) { session.execute_text(sql, {}, "x.lua", 1); }
};

const std::vector<db::column_rule> rules{db::column_rule::integer, db::column_rule::any,
                                         db::column_rule::integer};
const db::row_target target{"t", "t", {"n", "s", "other"}, "", rules};

void add(engine::row_writer& to, std::int64_t number, std::string_view n, std::string_view s,
         std::string_view other = "") {
  to.room().add_bytes(db::cell_kind::text, n);
  if (s.empty()) {
    to.room().add_null();
  } else {
    to.room().add_bytes(db::cell_kind::text, s);
  }
  if (other.empty()) {
    to.room().add_null();
  } else {
    to.room().add_bytes(db::cell_kind::text, other);
  }
  to.end_row(number);
}

/// What was refused, as "number kind".
struct refusals {
  std::vector<std::string> all;
  engine::row_writer::refusal taken() {
    return [this](std::int64_t number, const db::row_block&, std::size_t, const error& why) {
      all.push_back(std::to_string(number) + " " + why.kind);
    };
  }
};

}  // namespace

TEST_CASE("row writer: exactly the rows that are refused are left out") {
  testing::on_both([](db::connection& on) {
    door d(on);
    refusals refused;
    engine::row_writer writer(d.session, target, "x.lua", 1, refused.taken());
    for (std::int64_t i = 1; i <= 120'000; ++i) {
      const std::string n = std::to_string(i);
      if (i % 30'000 == 7) {
        add(writer, i, "abc", "bad");
      } else if (i % 30'000 == 8) {
        add(writer, i, n, "");
      } else if (i % 40'000 == 9) {
        add(writer, i, "1", "twice");
      } else if (i == 70'000) {
        add(writer, i, n, "child", "99");
      } else {
        add(writer, i, n, "ok", i % 2 == 0 ? "1" : "");
      }
    }
    CHECK(writer.finish() == 120'000 - 12);
    CHECK(d.number("SELECT count(*) FROM t") == 120'000 - 12);
    CHECK(refused.all ==
          std::vector<std::string>{"7 invalid_value", "8 not_null", "9 unique",
                                   "30007 invalid_value", "30008 not_null", "40009 unique",
                                   "60007 invalid_value", "60008 not_null", "70000 foreign_key",
                                   "80009 unique", "90007 invalid_value", "90008 not_null"});
    CHECK_NOTHROW(d.session.require_whole());
  });
}

TEST_CASE("row writer: without anybody who takes a refusal it is an error that a savepoint cures") {
  testing::on_both([](db::connection& on) {
    door d(on);
    d.run("INSERT INTO t VALUES (5000000, 'x', NULL)");
    const std::size_t depth = d.session.enter();
    const error e = testing::failure_of([&] {
      engine::row_writer writer(d.session, target, "x.lua", 1);
      for (std::int64_t i = 1; i <= 300; ++i) {
        add(writer, i, i == 270 ? "1" : std::to_string(i), "ok");
      }
      writer.finish();
    });
    CHECK(e.kind == "unique");
    CHECK(e.message.starts_with("row 270: "));
    CHECK(d.session.failed());
    d.session.leave(depth, false);
    CHECK_FALSE(d.session.failed());
    CHECK(d.number("SELECT count(*) FROM t") == 1);
  });
}

TEST_CASE("row writer: a statement that writes comes behind the rows before it") {
  testing::on_both([](db::connection& on) {
    door d(on);
    engine::row_writer writer(d.session, target, "x.lua", 1);
    for (std::int64_t i = 1; i <= 1'000; ++i) {
      add(writer, i, std::to_string(i), "ok");
      if (i % 300 != 0) continue;
      const auto rows = d.session.query("SELECT n FROM t", {}, true, "x.lua", 1);
      CHECK(d.session.execute_text("UPDATE t SET s = 'seen'", {}, "x.lua", 1) == i);
      while (rows->next()) CHECK(rows->block().at(rows->row(), 0).integer <= i);
    }
    CHECK(writer.finish() == 1'000);
  });
}

TEST_CASE("row writer: two of them take turns") {
  testing::on_both([](db::connection& on) {
    door d(on);
    engine::row_writer one(d.session, target, "x.lua", 1);
    engine::row_writer other(d.session, {"parents", "parents", {"id"}, "", {}}, "x.lua", 1);
    for (std::int64_t i = 1; i <= 2'000; ++i) {
      add(one, i, std::to_string(i), "ok");
      other.room().add_integer(i + 1);
      other.end_row(i);
    }
    CHECK(one.finish() == 2'000);
    CHECK(other.finish() == 2'000);
    CHECK(d.number("SELECT count(*) FROM parents") == 2'001);
  });
}

TEST_CASE("row writer: rows that are given up with a savepoint leave nothing") {
  testing::on_both([](db::connection& on) {
    door d(on);
    const std::size_t depth = d.session.enter();
    engine::row_writer writer(d.session, target, "x.lua", 1);
    for (std::int64_t i = 1; i <= 400; ++i) add(writer, i, std::to_string(i), "ok");
    d.session.leave(depth, false);
    CHECK_FALSE(d.session.failed());
    d.run("INSERT INTO t VALUES (1, 'x', NULL)");
    CHECK(d.number("SELECT count(*) FROM t") == 1);
  });
}

TEST_CASE("row writer: luamig's own tables take no rows") {
  testing::on_both([](db::connection& on) {
    on.execute("CREATE TABLE luamig_version (version_num TEXT)");
    on.protect({on.kind() == db::engine::sqlite ? "luamig_version" : "public.luamig_version"});
    door d(on);
    const error e = testing::failure_of([&] {
      engine::row_writer writer(
          d.session, {"luamig_version", "luamig_version", {"version_num"}, "", {}}, "x.lua", 1);
      writer.room().add_bytes(db::cell_kind::text, "x");
      writer.end_row(1);
      writer.finish();
    });
    CHECK(e.kind == "refused");
    CHECK(d.number("SELECT count(*) FROM luamig_version") == 0);
  });
}

TEST_CASE("row writer: cells of every kind arrive as they are") {
  testing::on_both([](db::connection& on) {
    door d(on);
    const bool sqlite = on.kind() == db::engine::sqlite;
    d.run(std::string("CREATE TABLE k (i BIGINT, r DOUBLE PRECISION, d ") +
          (sqlite ? "TEXT, t TEXT, b BLOB)" : "NUMERIC, t TEXT, b BYTEA)"));
    engine::row_writer writer(d.session, {"k", "k", {"i", "r", "d", "t", "b"}, "", {}}, "x.lua", 1);
    writer.room().add_integer(std::numeric_limits<std::int64_t>::min());
    writer.room().add_real(0.1);
    writer.room().add_bytes(sqlite ? db::cell_kind::text : db::cell_kind::decimal, "1.50");
    writer.room().add_bytes(db::cell_kind::text, "tab\tline\nback\\slash\r\\N \\. ü");
    writer.room().add_bytes(db::cell_kind::blob, std::string_view("\0\xff\\x", 4));
    writer.end_row(1);
    CHECK(writer.finish() == 1);
    const std::vector<std::vector<value>> rows = db::all(on, "SELECT i, r, t, b FROM k");
    CHECK(rows.at(0).at(0) == value{std::numeric_limits<std::int64_t>::min()});
    CHECK(rows.at(0).at(1) == value{0.1});
    CHECK(rows.at(0).at(2) == value{std::string("tab\tline\nback\\slash\r\\N \\. ü")});
    CHECK(rows.at(0).at(3) == value{blob{std::string("\0\xff\\x", 4)}});
  });
}

TEST_CASE("row numbers: each row has the one that it was given") {
  engine::row_numbers numbers;
  std::vector<std::int64_t> given;
  for (std::int64_t i = 0; i < 1000; ++i) {
    given.push_back(i < 400 ? i + 2 : i % 7 == 0 ? 3 * i : 3 * i + i % 2);
    numbers.add(given.back());
  }
  CHECK(numbers.size() == 1000);
  CHECK(numbers.runs() < 700);
  for (std::size_t i = 0; i < given.size(); ++i) CHECK(numbers.at(i) == given[i]);
  numbers.clear();
  CHECK(numbers.size() == 0);
}

TEST_CASE("row writer: a row that the database names is told, with its value, when it is gone") {
  testing::on_both([](db::connection& on) {
    door d(on);
    d.run("CREATE TABLE plain (n INTEGER PRIMARY KEY, s VARCHAR(5) NOT NULL)");
    const auto told = [&](std::string_view n, std::string_view s) {
      const db::row_target into{
          "plain", "plain", {"n", "s"}, "", {db::column_rule::integer, db::column_rule::any},
          {},      true};
      std::string said;
      const auto hear = [&](std::int64_t number, const db::row_block& rows, std::size_t row,
                            const error& why) {
        said = std::to_string(number) + " " + why.kind + " " + why.column;
        for (std::size_t i = 0; i < into.columns.size(); ++i) {
          if (into.columns[i] == why.column && rows.at(row, i).kind == db::cell_kind::text)
            said += " " + std::string(rows.bytes(rows.at(row, i)));
        }
        throw error{why};
      };
      const std::size_t depth = d.session.enter();
      const error e = testing::failure_of([&] {
        engine::row_writer writer(d.session, into, "x.lua", 1, hear);
        for (std::int64_t i = 1; i <= 4000; ++i) {
          const bool bad = i == 3210;
          writer.room().add_bytes(db::cell_kind::text, bad ? n : std::to_string(i));
          if (bad && s.empty())
            writer.room().add_null();
          else
            writer.room().add_bytes(db::cell_kind::text, bad ? s : "ok");
          writer.end_row(i + i / 100);
        }
        writer.finish();
      });
      CHECK(e.kind == said.substr(5, said.find(' ', 5) - 5));
      CHECK(d.session.failed());
      d.session.leave(depth, false);
      return said;
    };
    CHECK(told("abc", "ok") == "3242 invalid_value n abc");
    CHECK(told("3210", "") == "3242 not_null s");
    CHECK(told("17", "ok").starts_with("3242 unique"));
  });
}

TEST_CASE("row writer: in binary, and as texts from the first cell on that has no such form") {
  testing::on_both([](db::connection& on) {
    using form = db::binary_form;
    door d(on);
    const std::string bytes = on.kind() == db::engine::sqlite ? "BLOB" : "BYTEA";
    d.run("CREATE TABLE k (n SMALLINT, i INTEGER, b BIGINT, t TEXT, yes BOOLEAN, x " + bytes + ")");
    const db::row_target into{
        "k", "k", {"n", "i", "b", "t", "yes", "x"},
        "",  {},  {form::int2, form::int4, form::int8, form::text, form::boolean, form::bytea}};
    const auto add_one = [](engine::row_writer& to, std::int64_t number) {
      db::row_block& room = to.room();
      number % 5 == 0 ? room.add_null() : room.add_integer(-number % 30'000);
      room.add_bytes(db::cell_kind::text, std::to_string(-number));
      room.add_integer(std::numeric_limits<std::int64_t>::min() + number);
      number % 3 == 0 ? room.add_bytes(db::cell_kind::text, "tab\t\\ ü") : room.add_integer(number);
      room.add_boolean(number % 2 == 0);
      room.add_bytes(db::cell_kind::blob, std::string_view("\0\xff", 2));
    };
    engine::row_writer writer(d.session, into, "x.lua", 1);
    for (std::int64_t i = 1; i <= 3000; ++i) {
      add_one(writer, i);
      writer.end_row(i);
    }
    CHECK(writer.finish() == 3000);
    const std::string right =
        "SELECT count(*) FROM k WHERE b - (-9223372036854775807 - 1) = -i"
        " AND (n = i % 30000 OR n IS NULL AND i % 5 = 0) AND (yes = (i % 2 = 0))"
        " AND t = CASE WHEN i % 3 = 0 THEN 'tab\t\\ ü' ELSE CAST(-i AS TEXT) END";
    CHECK(d.number(right) == 3000);
    const std::string whole = on.kind() == db::engine::sqlite ? "x'00ff'" : "'\\x00ff'";
    CHECK(d.number("SELECT count(*) FROM k WHERE x = " + whole) == 3000);
    if (on.kind() == db::engine::sqlite) return;

    // " 7" is for the server to read, as is what no row can have.
    engine::row_writer mixed(d.session, into, "x.lua", 1);
    for (std::int64_t i = 3001; i <= 5000; ++i) {
      mixed.room().add_null();
      mixed.room().add_bytes(db::cell_kind::text, i == 4000 ? " -4000 " : std::to_string(-i));
      mixed.room().add_integer(std::numeric_limits<std::int64_t>::min() + i);
      mixed.room().add_integer(i);
      mixed.room().add_bytes(db::cell_kind::text, i % 2 == 0 ? "yes" : "off");
      mixed.room().add_null();
      mixed.end_row(i);
    }
    CHECK(mixed.finish() == 2000);
    CHECK(d.number("SELECT count(*) FROM k WHERE i < -3000 AND yes = (i % 2 = 0)") == 2000);

    const error e = testing::failure_of([&] {
      engine::row_writer bad(d.session, into, "x.lua", 1);
      for (std::int64_t i = 1; i <= 900; ++i) {
        add_one(bad, i);
        bad.end_row(i);
      }
      for (std::int64_t i = 901; i <= 950; ++i) {
        bad.room().add_integer(i == 940 ? 40'000 : 1);
        for (int column = 1; column < 6; ++column) bad.room().add_null();
        bad.end_row(i);
      }
      bad.finish();
    });
    CHECK(e.message.starts_with("row 940: "));
    CHECK(e.kind == "invalid_value");
  });
}

TEST_CASE("row writer: what is refused in binary is told, although texts came behind it") {
  testing::on_both([](db::connection& on) {
    door d(on);
    d.run("CREATE TABLE k (n INTEGER PRIMARY KEY)");
    const db::row_target into{"k", "k", {"n"}, "", {}, {db::binary_form::int4}};
    const std::size_t depth = d.session.enter();
    const error e = testing::failure_of([&] {
      engine::row_writer writer(d.session, into, "x.lua", 1);
      for (std::int64_t i = 1; i <= 900; ++i) {
        const std::int64_t n = i == 300 ? 1 : i;
        const std::string text = std::to_string(n);
        writer.room().add_bytes(db::cell_kind::text, i > 600 ? " " + text : text);
        writer.end_row(i);
      }
      writer.finish();
    });
    CHECK(e.kind == "unique");
    CHECK(e.message.starts_with("row 300: "));
    d.session.leave(depth, false);
    CHECK(d.number("SELECT count(*) FROM k") == 0);
  });
}

TEST_CASE("session: a file goes with the savepoint that it was written in") {
  testing::on_both([](db::connection& on) {
    const testing::temporary_directory root;
    door d(on);
    const auto written = [&](const std::string& name) {
      const std::vector<std::string> parts{name};
      file::output out = file::create_beneath(root.path(), parts, false);
      out.write("x");
      out.close();
      return out;
    };
    d.session.keep_file(written("kept"));
    const std::size_t outer = d.session.enter();
    d.session.keep_file(written("outer"));
    const std::size_t inner = d.session.enter();
    d.session.keep_file(written("inner"));
    d.session.leave(inner, true);
    d.session.leave(outer, false);
    std::vector<file::output> files = d.session.take_files();
    REQUIRE(files.size() == 1);
    CHECK(files.front().publish() == "");
    CHECK(file::read(root.path() / "kept") == "x");
    CHECK(std::distance(std::filesystem::directory_iterator(root.path()),
                        std::filesystem::directory_iterator()) == 1);
  });
}
