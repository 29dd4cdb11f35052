#include "broker/servant.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
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

/// A servant, a database in memory, and nobody who answers a question.
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

  desk() {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    ::shutdown(ends[1], SHUT_WR);
    to = std::make_unique<worker::channel>(ends[0]);
    does = std::make_unique<broker::servant>(
        *to, broker::servant::means{*files, watching,
                                    [](std::string_view) { return std::string("hunter2"); },
                                    [] { return true; }});
    does->begin(&session, nullptr, false, nullptr);
  }
  ~desk() {
    does->end();
    ::close(ends[1]);
  }

  static std::unique_ptr<db::connection> open() {
    db::open_options how;
    how.create = true;
    auto made = db::open_database(db::parse_url("sqlite://", "/"), how);
    made->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)");
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

/// Messages as a worker sends them, to be bent.
std::vector<worker::frame> samples() {
  std::vector<worker::frame> out;
  const auto add = [&](verb about, const packer& values) {
    out.push_back({static_cast<unsigned char>(about), values.bytes()});
  };
  add(verb::execute, executing("INSERT INTO t (a) VALUES ('x')"));
  packer query = packed(statement("SELECT * FROM t"));
  query.put('\1');
  add(verb::query, query);
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
  packer writer;
  broker::put(writer, db::row_target{"t", "t", {"id", "a"}, "", {}});
  writer.put("versions/a.lua").put(3).put('\0');
  add(verb::open_writer, writer);
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
  add(verb::leave, packer().put(std::uint64_t{1}).put('\1'));
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

TEST_CASE("servant: 100,000 malformed messages end nothing but the worker") {
  std::mt19937 random(20240229);
  const std::vector<worker::frame> whole = samples();
  auto d = std::make_unique<desk>();
  int bad = 0;
  int done = 0;
  for (int i = 0; i < 100'000; ++i) {
    worker::frame f = whole[random() % whole.size()];
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
