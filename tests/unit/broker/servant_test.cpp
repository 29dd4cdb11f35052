#include "broker/servant.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <limits>
#include <random>
#include <system_error>

#include "broker/remote_door.hpp"
#include "db/transaction.hpp"
#include "engine/live_sink.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;
using broker::packer;
using broker::unpacker;
using broker::verb;

namespace {

/// A servant and a database in memory.
struct desk {
  testing::temporary_directory root;
  engine::observer watching;
  std::unique_ptr<db::connection> database = open();
  db::transaction transaction{*database};
  engine::live_sink sink{*database, watching};
  engine::session session{sink};
  std::unique_ptr<engine::script_files> files = engine::files_beneath(root.path().string());
  std::array<int, 2> ends{};
  std::unique_ptr<worker::channel> to;
  std::unique_ptr<broker::servant> does;

  /// With `replies` the servant's questions are answered, as `says` has put it beforehand.
  explicit desk(bool replies = false) {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    if (!replies) ::shutdown(ends[1], SHUT_WR);
    to = std::make_unique<worker::channel>(ends[0]);
    does = std::make_unique<broker::servant>(
        *to, broker::servant::means{
                 *files, watching, [](std::string_view) { return std::string("hunter2"); },
                 [] { return true; }, [this](std::string_view name) { return place(name); }});
    does->begin(&session, nullptr, false, nullptr);
  }
  ~desk() {
    does->end();
    ::close(ends[1]);
  }

  /// There is one beside, called legacy.
  [[nodiscard]] engine::second_place place(std::string_view name) const {
    if (name != "legacy") throw error(errc::migration, "there is no such database");
    db::open_options how;
    how.create = true;
    db::open_database(db::parse_url("sqlite:///old.db", root.path()), how)
        ->execute("CREATE TABLE IF NOT EXISTS t (id INTEGER)");
    return {"legacy", db::parse_url("sqlite:///old.db", root.path()), {}};
  }

  static std::unique_ptr<db::connection> open() {
    db::open_options how;
    how.create = true;
    auto made = db::open_database(db::parse_url("sqlite://", "/"), how);
    made->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)");
    made->execute("INSERT INTO t VALUES (1, 'one')");
    return made;
  }

  /// What comes back for a message; nothing where that was none.
  std::optional<worker::frame> ask(verb about, const packer& values) {
    if (!does->serve({static_cast<unsigned char>(about), values.bytes()})) return std::nullopt;
    std::array<char, 65536> room{};
    const ssize_t came = ::recv(ends[1], room.data(), room.size(), MSG_DONTWAIT);
    if (came < 5) return std::nullopt;
    return worker::frame{static_cast<unsigned char>(room[4]),
                         std::string(room.data() + 5, static_cast<std::size_t>(came) - 5)};
  }
  /// What the worker sends while it is asked something.
  void says(verb about, const packer& values) const {
    says({static_cast<unsigned char>(about), values.bytes()});
  }
  void says(const worker::frame& f) const {
    const auto size = static_cast<std::uint32_t>(f.bytes.size());
    std::string whole(reinterpret_cast<const char*>(&size), sizeof size);
    whole += static_cast<char>(f.kind);
    whole += f.bytes;
    REQUIRE(::write(ends[1], whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()));
  }
  void no_more() const { ::shutdown(ends[1], SHUT_WR); }
  void drain() const {
    std::array<char, 65536> room{};
    while (::recv(ends[1], room.data(), room.size(), MSG_DONTWAIT) > 0) {
    }
  }
};

engine::statement statement(std::string sql) {
  engine::statement s;
  s.sql = std::move(sql);
  s.file = "versions/a.lua";
  s.line = 7;
  return s;
}

packer packed(const engine::statement& s) {
  packer to;
  broker::put(to, s);
  return to;
}

packer executing(std::string sql) { return packed(statement(std::move(sql))); }

error refusal(desk& d, std::string sql) {
  const auto reply = d.ask(verb::execute, executing(std::move(sql)));
  REQUIRE(reply);
  REQUIRE(reply->kind == static_cast<unsigned char>(verb::failure));
  unpacker from(reply->bytes);
  return broker::get_error(from);
}

packer opening(bool takes_refusals) {
  packer writer;
  broker::put(writer, db::row_target{"t", "t", {"id", "a"}, "", {}});
  return writer.put("versions/a.lua").put(3).put(static_cast<char>(takes_refusals));
}

/// Of this writer: a row that is there already, and one that is not.
packer two_rows(std::uint64_t writer) {
  db::row_block rows;
  rows.clear(2);
  rows.add_integer(1);
  rows.add_bytes(db::cell_kind::text, "again");
  rows.add_integer(2);
  rows.add_bytes(db::cell_kind::text, "two");
  packer to;
  to.put(writer).put(std::string_view("\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 16));
  broker::put(to, rows);
  return to;
}

packer leaving(std::uint64_t depth) { return packer().put(depth).put('\0'); }

/// Messages as a worker sends them, to be bent.
std::vector<worker::frame> samples() {
  std::vector<worker::frame> out;
  const auto add = [&](verb about, const packer& values) {
    out.push_back({static_cast<unsigned char>(about), values.bytes()});
  };
  add(verb::execute, executing("INSERT INTO t (a) VALUES ('x')"));
  for (const std::uint64_t database : {0U, 1U}) {
    packer query;
    query.put(database);
    broker::put(query, statement("SELECT * FROM t"));
    add(verb::look, query);
    query.put('\1');
    add(verb::query, query);
  }
  add(verb::beside, packer().put("legacy"));
  add(verb::fetch, packer().put(std::uint64_t{1}));
  db::row_block rows;
  rows.clear(2);
  rows.add_integer(5);
  rows.add_bytes(db::cell_kind::text, "text");
  packer each;
  each.put(std::uint64_t{9});
  broker::put(each, statement("INSERT INTO t VALUES (?1, ?2)"));
  broker::put(each, rows);
  add(verb::execute_each, each);
  add(verb::open_writer, opening(false));
  packer some;
  some.put(std::uint64_t{2}).put(std::string_view("\5\0\0\0\0\0\0\0", 8));
  broker::put(some, rows);
  add(verb::put_rows, some);
  add(verb::finish_writer, some);
  packer text;
  text.put("SELECT :a").put("f").put(1);
  db::parameters given;
  given.given = true;
  given.named["a"].single = array{{std::int64_t{1}, array{{std::string("x")}}}};
  broker::put(text, given);
  add(verb::execute_text, text);
  packer path;
  broker::put(path, std::vector<std::string>{"lib", "a.lua"});
  add(verb::library, path);
  add(verb::open_file, path);
  path.put('\1');
  add(verb::create_file, path);
  add(verb::message, packer().put(engine::observer::level::info).put("hello"));
  add(verb::entered, {});
  add(verb::leave, packer().put(std::uint64_t{1}).put('\1'));
  add(verb::leave, leaving(1));
  add(verb::settle, packer().put(std::uint64_t{9}));
  for (const verb about : {verb::close_rows, verb::drop_writer, verb::drop_file})
    for (const std::uint64_t id : {1, 2, 3}) add(about, packer().put(id));
  add(verb::begin_rebuild, {});
  add(verb::end_rebuild, {});
  add(verb::rewrite_table,
      packer().put("main").put("t").put("CREATE TABLE t (x)").put("").put("f").put(1));
  return out;
}

}  // namespace

TEST_CASE("servant: it does what a script may, and says where the last statement was") {
  desk d;
  const auto reply = d.ask(verb::execute, executing("INSERT INTO t (a) VALUES ('x')"));
  REQUIRE(reply);
  CHECK(unpacker(reply->bytes).number<std::int64_t>() == 1);
  CHECK(d.does->last_file() == "versions/a.lua");
  CHECK(d.does->last_line() == 7);
}

TEST_CASE("servant: what a script may not is refused here, whoever asks") {
  for (const std::string sql :
       {"COMMIT", "ROLLBACK", "SAVEPOINT x", "ATTACH 'x' AS y", "PRAGMA writable_schema = 1"}) {
    CAPTURE(sql);
    desk d;
    CHECK(refusal(d, sql).kind == "refused");
    CHECK(d.database->state() == db::transaction_state::open);
  }
}

TEST_CASE("servant: paths lead down, and savepoints and steps are one's own") {
  desk d;
  for (const std::vector<std::string>& parts : std::vector<std::vector<std::string>>{
           {"lib", "..", "..", "etc"}, {""}, {}, {"/etc"}, {"."}}) {
    packer path;
    broker::put(path, parts);
    CHECK_THROWS_AS(d.ask(verb::open_file, path), broker::bad_frame);
  }
  packer env;
  broker::put(env, std::vector<std::string>{"luamig.toml"});
  const auto reply = d.ask(verb::text, env);
  REQUIRE(reply);
  CHECK(!broker::get_optional(reply->bytes));
  CHECK_THROWS_AS(d.ask(verb::leave, packer().put(std::uint64_t{0}).put('\1')), broker::bad_frame);
  CHECK_THROWS_AS(d.ask(verb::finish_step, packer().put("").put("")), broker::bad_frame);
  CHECK_THROWS_AS(d.ask(verb::undo_part, {}), broker::bad_frame);
  CHECK_THROWS_AS(d.ask(verb::run, {}), broker::bad_frame);
}

TEST_CASE("servant: a second database is one that is declared, and is only read") {
  desk d;
  const auto query = [&](std::uint64_t number, const std::string& sql) {
    packer to;
    to.put(number);
    broker::put(to, statement(sql));
    to.put('\0');
    return d.ask(verb::query, to);
  };
  CHECK_THROWS_AS(query(1, "SELECT 1"), broker::bad_frame);
  for (const char* const name : {"other", "../old.db", ""}) {
    const auto refused = d.ask(verb::beside, packer().put(name));
    REQUIRE(refused);
    CHECK(refused->kind == static_cast<unsigned char>(verb::failure));
  }
  for (int again = 0; again < 2; ++again) {
    const auto opened = d.ask(verb::beside, packer().put("legacy"));
    REQUIRE(opened);
    CHECK(unpacker(opened->bytes).number<std::uint64_t>() == 1);
  }
  CHECK_THROWS_AS(query(2, "SELECT 1"), broker::bad_frame);
  const auto rows = query(1, "SELECT count(*) FROM t");
  REQUIRE(rows);
  CHECK(rows->kind == static_cast<unsigned char>(verb::answer));
  const auto change = query(1, "DELETE FROM t RETURNING id");
  REQUIRE(change);
  CHECK(change->kind == static_cast<unsigned char>(verb::failure));
  d.does->end();
  d.does->begin(&d.session, nullptr, false, nullptr);
  CHECK_THROWS_AS(query(1, "SELECT 1"), broker::bad_frame);
}

TEST_CASE("servant: while it asks about a refusal, a worker says something and answers, no more") {
  for (const verb about :
       {verb::drop_writer, verb::finish_writer, verb::settle_writer, verb::put_rows, verb::leave,
        verb::close_rows, verb::execute, verb::entered, verb::undo_step, verb::open_writer}) {
    CAPTURE(static_cast<int>(about));
    desk d(true);
    (void)d.ask(verb::entered, {});
    (void)d.ask(verb::open_writer, opening(true));
    const bool names_writer =
        about == verb::finish_writer || about == verb::settle_writer || about == verb::put_rows;
    d.says(about, names_writer                 ? two_rows(1)
                  : about == verb::leave       ? leaving(1)
                  : about == verb::execute     ? executing("DELETE FROM t")
                  : about == verb::open_writer ? opening(true)
                                               : packer().put(std::uint64_t{1}));
    d.says(verb::answer, {});
    d.no_more();
    CHECK_THROWS_AS(d.ask(verb::finish_writer, two_rows(1)), broker::bad_frame);
  }
}

TEST_CASE("servant: a row that a worker leaves out is left out, and a line may be said of it") {
  desk d(true);
  (void)d.ask(verb::open_writer, opening(true));
  d.says(verb::message, packer().put(engine::observer::level::info).put("line 1 is left out"));
  d.says(verb::answer, {});
  (void)d.ask(verb::finish_writer, two_rows(1));
  CHECK(db::scalar(*d.database, "SELECT group_concat(a) FROM t") == value(std::string("one,two")));
}

TEST_CASE("servant: what a worker says of a refused row is an error of a script's") {
  desk d(true);
  (void)d.ask(verb::open_writer, opening(true));
  error said(errc::connection, "it is gone");
  said.sqlstate = "40001";
  packer failure;
  broker::put(failure, said);
  d.says(verb::failure, failure);
  (void)d.does->serve({static_cast<unsigned char>(verb::finish_writer), two_rows(1).bytes()});
  CHECK(!d.does->has_told(errc::connection));
  CHECK(!d.does->has_told("40001"));
}

TEST_CASE("servant: a rule for each column or none, or it is no table") {
  for (const std::size_t rules : {1, 3}) {
    desk d;
    packer to;
    broker::put(
        to,
        db::row_target{
            "t", "t", {"id", "a"}, "", std::vector<db::column_rule>(rules, db::column_rule::any)});
    to.put("versions/a.lua").put(3).put('\0');
    CHECK_THROWS_AS(d.ask(verb::open_writer, to), broker::bad_frame);
  }
}

TEST_CASE("servant: rows of more columns than a database has are none, and a rate is a number") {
  desk d;
  packer each;
  each.put(std::uint64_t{9});
  broker::put(each, statement("INSERT INTO t VALUES (?1, ?2)"));
  each.put(std::uint64_t{1} << 40U).put("").put("");
  CHECK_THROWS_AS(d.ask(verb::execute_each, each), broker::bad_frame);
  engine::observer::rows_done done;
  done.rate = std::numeric_limits<double>::infinity();
  packer worked;
  broker::put(worked, done);
  CHECK_THROWS_AS(d.ask(verb::rows_worked, worked), broker::bad_frame);
}

TEST_CASE("servant: what a worker opens without end is bounded") {
  const auto until_refused = [](verb about, const auto& values) {
    desk d;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
      try {
        (void)d.does->serve({static_cast<unsigned char>(about), values(i).bytes()});
      } catch (const broker::bad_frame&) {
        return i;
      }
      d.drain();
    }
    return std::uint64_t{0};
  };
  CHECK(until_refused(verb::entered, [](std::uint64_t) { return packer(); }) == 65'536);
  CHECK(until_refused(verb::execute_each, [](std::uint64_t id) {
          packer to;
          to.put(id);
          broker::put(to, statement("UPDATE t SET a = ?1 WHERE false"));
          db::row_block rows;
          rows.clear(1);
          broker::put(to, rows);
          return to;
        }) == 65'536);
}

/// A message that is one no more, or still one.
worker::frame bent(worker::frame f, std::mt19937& random) {
  const int bends = static_cast<int>(random() % 4);
  for (int bend = 0; bend < bends && !f.bytes.empty(); ++bend) {
    const std::size_t at = random() % f.bytes.size();
    switch (random() % 4) {
      case 0:
        f.bytes[at] = static_cast<char>(random());
        break;
      case 1:
        f.bytes.resize(at);
        break;
      case 2:
        f.bytes.insert(at, 1 + random() % 9, static_cast<char>(random()));
        break;
      default:
        f.kind = static_cast<unsigned char>(random());
    }
  }
  return f;
}

TEST_CASE("servant: 100,000 malformed messages end nothing but the worker") {
  std::mt19937 random(20240229);
  const std::vector<worker::frame> whole = samples();
  auto d = std::make_unique<desk>();
  int bad = 0;
  int done = 0;
  for (int i = 0; i < 100'000; ++i) {
    const worker::frame f = bent(whole[random() % whole.size()], random);
    try {
      (void)d->does->serve(f);
      ++done;
    } catch (const broker::bad_frame&) {
      ++bad;
    } catch (const std::system_error&) {
      ++bad;  // a question that nobody answers
    }
    d->drain();
    if (i % 5000 == 4999) d = std::make_unique<desk>();
  }
  MESSAGE(bad << " refused, " << done << " taken");
  CHECK(bad > 10'000);
  CHECK(done > 10'000);
}

// What is asked about a refusal is asked from within a statement, a query, a fetch, or the end of a
// step: the writer is in use, and so may be a query that is read.
TEST_CASE("servant: 10,000 refusals that are answered by anything end nothing but the worker") {
  std::mt19937 random(20240301);
  std::vector<worker::frame> whole = samples();
  for (const verb about : {verb::finish_writer, verb::settle_writer, verb::put_rows})
    whole.push_back({static_cast<unsigned char>(about), two_rows(2).bytes()});
  whole.push_back({static_cast<unsigned char>(verb::undo_step), {}});
  packer query;
  query.put(std::uint64_t{0});
  broker::put(query, statement("SELECT * FROM t"));
  query.put('\1');
  packer failure;
  broker::put(failure, error(errc::migration, "too many rows are refused"));
  int asked = 0;
  int bad = 0;
  int left_out = 0;
  for (int i = 0; i < 10'000; ++i) {
    desk d(true);
    (void)d.ask(verb::entered, {});
    (void)d.ask(verb::query, query);
    (void)d.ask(verb::open_writer, opening(true));
    for (auto left = random() % 4; left > 0; --left) {
      const bool answers = random() % 2 == 0;
      if (answers) d.says(verb::message, packer().put(engine::observer::level::info).put("said"));
      if (!answers) d.says(bent(whole[random() % whole.size()], random));
    }
    if (random() % 4 == 0) d.says(verb::failure, failure);
    d.says(verb::answer, {});
    d.no_more();
    try {
      constexpr std::array settling{verb::finish_writer, verb::settle_writer, verb::put_rows};
      (void)d.does->serve(
          {static_cast<unsigned char>(settling[random() % 3]), two_rows(2).bytes()});
      for (const worker::frame& next :
           {worker::frame{static_cast<unsigned char>(verb::execute),
                          executing("UPDATE t SET a = a").bytes()},
            worker::frame{static_cast<unsigned char>(verb::fetch),
                          packer().put(std::uint64_t{1}).bytes()},
            worker::frame{static_cast<unsigned char>(verb::leave), leaving(1).bytes()}})
        (void)d.does->serve(next);
      ++left_out;
    } catch (const broker::bad_frame&) {
      ++bad;
    } catch (const std::system_error&) {
      ++bad;
    }
    std::array<char, 5> head{};
    while (::recv(d.ends[1], head.data(), head.size(), MSG_DONTWAIT) == 5) {
      std::uint32_t size = 0;
      std::memcpy(&size, head.data(), sizeof size);
      if (head[4] == static_cast<char>(verb::refused)) ++asked;
      std::string rest(size, '\0');
      if (size > 0) REQUIRE(::recv(d.ends[1], rest.data(), size, MSG_DONTWAIT) == size);
    }
  }
  MESSAGE(asked << " refusals, " << bad << " ended, " << left_out << " went on");
  CHECK(asked > 9'000);
  CHECK(bad > 2'000);
  CHECK(left_out > 2'000);
}
