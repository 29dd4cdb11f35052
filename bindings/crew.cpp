#include "bindings/crew.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/stopping.hpp"
#include "db/mask.hpp"
#include "worker/crew.hpp"
#include "worker/error_packing.hpp"

namespace luamig::bindings {
namespace {

using clock = std::chrono::steady_clock;
using engine::observer;

// The stack of core_crew.
enum : int { at_handler = 1, at_what, at_count, at_numbers, at_work, at_watch };

constexpr auto between_looks = std::chrono::milliseconds(100);
// How long the batches under way may take when the run is to end: after an interrupt the process
// itself has two seconds.
constexpr auto after_interrupt = std::chrono::milliseconds(1000);
constexpr auto after_failure = std::chrono::seconds(10);
constexpr auto after_signal = std::chrono::milliseconds(500);

enum class telling : unsigned char { done, failed, message, statement };

void send(worker::channel& to, telling what, const worker::packer& values) {
  to.send(static_cast<unsigned char>(what), values);
}

// What one of the processes says goes to the one that prints.
class relay final : public observer {
 public:
  explicit relay(worker::channel& to) : to_(to) {}

  void message(level how, std::string_view text) override {
    send(to_, telling::message, worker::packer().put(how).put(text));
  }
  void statement_ran(const engine::statement& s, double seconds) override {
    send(to_, telling::statement,
         worker::packer().put(db::mask(s.sql)).put(s.file).put(s.line).put(seconds));
  }

 private:
  worker::channel& to_;
};

// What it has read of secrets, the other process does not know.
error masked(error e) {
  for (std::string* text : {&e.message, &e.sql, &e.hint}) *text = db::mask(*text);
  return e;
}

std::optional<error> stand_apart(context& ctx, relay& watching) {
  ctx.watching = &watching;
  ctx.printed = 0;
  ctx.uuids = {};  // else two would make the same
  try {
    if (ctx.forked) ctx.forked();
    ctx.session->stand_apart(watching);
    return std::nullopt;
  } catch (const error& e) {
    error told = e;
    told.hint = "fewer workers need fewer connections" + (e.hint.empty() ? "" : "; " + e.hint);
    return told;
  } catch (const std::exception& e) {
    return error(errc::migration, e.what());
  }
}

// In a process of its own, which ends behind it.
void work(lua_State* L, const worker::crew::member& self) {
  context& ctx = context::of(L);
  relay watching(self.to);
  try {
    std::optional<error> failure = stand_apart(ctx, watching);
    if (!failure) {
      lua_pushvalue(L, at_work);
      lua_pushnumber(L, static_cast<double>(self.number));
      const int status = lua_pcall(L, 1, 0, at_handler);
      if (status != 0) failure = take_error(L, status);
    }
    worker::packer out;
    if (failure) worker::put(out, masked(std::move(*failure)));
    send(self.to, failure ? telling::failed : telling::done, out);
  } catch (const std::exception&) {  // nobody listens any more
    ::_exit(1);
  }
}

// The crew, as the process sees it that waits for it.
class watched_crew {
 public:
  watched_crew(lua_State* L, std::string what, std::size_t count)
      : L_(L),
        ctx_(context::of(L)),
        what_(std::move(what)),
        is_done_(count),
        all_(count, [L](const worker::crew::member& self) { work(L, self); }) {}

  // Returns the status of a watch() that failed, whose error is on top.
  int wait() {
    const engine::counted_call waiting(ctx_.session->clock());
    auto next_look = clock::now();
    while (all_.left() > 0) {
      if (const auto heard = all_.listen(next_look)) take(*heard);
      if (clock::now() >= next_look && !stops()) {
        status_ = look();
        next_look = clock::now() + between_looks;
      }
      if (stops()) {
        hurry();
        next_look = clock::now() + between_looks;
      }
    }
    return status_;
  }

  void throw_failure() {
    if (ctx_.interrupted.load() != 0) throw reason_to_stop(ctx_);
    if (failure_) throw error(std::move(*failure_));
  }

 private:
  [[nodiscard]] bool stops() const {
    return ctx_.interrupted.load() != 0 || failure_ || status_ != 0;
  }

  int look() {
    const engine::computing_again computes(ctx_.session->clock());
    const int depth = ctx_.depth;
    lua_pushvalue(L_, at_watch);
    const int status = lua_pcall(L_, 0, 0, at_handler);
    ctx_.depth = depth;
    return status;
  }

  // They end what they do, and when that takes too long, at once.
  void hurry() {
    const auto now = clock::now();
    if (!ctx_.board->ending.exchange(true)) {
      const int why = ctx_.interrupted.load();
      signal_at_ = now + (why < 0   ? std::chrono::milliseconds(0)
                          : why > 0 ? after_interrupt
                                    : after_failure);
    }
    if (now < signal_at_) return;
    all_.signal(signalled_ ? SIGKILL : SIGTERM);
    signalled_ = true;
    signal_at_ = now + after_signal;
  }

  void take(const worker::crew::news& heard) {
    if (!heard.message) return take_end(heard);
    worker::unpacker from(heard.message->bytes);
    switch (static_cast<telling>(heard.message->kind)) {
      case telling::done:
        is_done_[heard.number - 1] = true;
        return;
      case telling::failed:
        is_done_[heard.number - 1] = true;
        return take_failure(worker::get_error(from));
      case telling::message: {
        const auto how = from.one_of(observer::level::warning);
        ctx_.watching->message(how, from.text());
        return;
      }
      case telling::statement: {
        engine::statement s;
        s.sql = from.text();
        s.file = from.text();
        s.line = from.number<int>();
        ctx_.watching->statement_ran(s, from.number<double>());
        return;
      }
    }
  }

  // The first one counts: the others may be about its being there.
  void take_failure(error e) {
    if (stops()) return;
    if (e.code == errc::interrupted) return take_end({0, std::nullopt, "was ended by a signal"});
    failure_ = std::move(e);
  }

  void take_end(const worker::crew::news& heard) {
    const bool is_well = heard.number != 0 && is_done_[heard.number - 1];
    if (is_well || stops()) return;
    failure_ = error(errc::migration,
                     "a worker of '" + what_ + "' " +
                         (heard.ended.empty() ? std::string("has ended") : heard.ended),
                     "what was committed stays: run the same command again; the system's log may "
                     "say why, memory that ran out for one");
  }

  lua_State* L_;
  context& ctx_;
  std::string what_;
  std::vector<bool> is_done_;
  std::optional<error> failure_;
  int status_ = 0;
  bool signalled_ = false;
  clock::time_point signal_at_{};
  worker::crew all_;
};

// The board is the context's while this lives.
class shared_board {
 public:
  explicit shared_board(context& ctx) : ctx_(ctx), made_(worker::make_board()) {
    ctx_.board = made_.get();
  }
  ~shared_board() { ctx_.board = nullptr; }
  shared_board(const shared_board&) = delete;
  shared_board& operator=(const shared_board&) = delete;

  void begin_with(lua_State* L, int numbers) const {
    for (std::size_t i = 0; i < made_->numbers.size(); ++i) {
      lua_rawgeti(L, numbers, static_cast<int>(i) + 1);
      made_->numbers[i] = static_cast<std::int64_t>(lua_tonumber(L, -1));
      lua_pop(L, 1);
    }
  }

 private:
  context& ctx_;
  worker::board_owner made_;
};

// Returns the status of a watch() that failed.
int run_crew(lua_State* L, std::string_view what) {
  const auto count = static_cast<std::size_t>(lua_tointeger(L, at_count));
  std::optional<shared_board> board;
  std::optional<watched_crew> all;
  try {
    board.emplace(context::of(L));
    board->begin_with(L, at_numbers);
    all.emplace(L, std::string(what), count);
  } catch (const std::system_error& e) {
    throw error(errc::migration,
                std::string("the system makes no process for a worker: ") + e.code().message(),
                "leave 'workers' out, or say fewer");
  }
  const int status = all->wait();
  all->throw_failure();
  return status;
}

}  // namespace

int core_why_not_apart(lua_State* L) {
  context& ctx = context::of(L);
  ctx.scratch = ctx.database().why_not_apart();
  if (ctx.scratch.empty()) return 0;
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_crew(lua_State* L) {
  lua_settop(L, at_watch - 1);
  lua_pushcfunction(L, message_handler);
  lua_insert(L, at_handler);
  const std::string_view what = text_argument(L, at_what, "what is done");
  luaL_checkinteger(L, at_count);
  luaL_checktype(L, at_numbers, LUA_TTABLE);
  luaL_checktype(L, at_work, LUA_TFUNCTION);
  luaL_checktype(L, at_watch, LUA_TFUNCTION);
  static_cast<void>(context::of(L).database());
  count_depth(L);
  const int status = run_crew(L, what);
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  if (status != 0) return lua_error(L);
  --context::of(L).depth;
  return 0;
}

int core_shared(lua_State* L) {
  const auto at = static_cast<std::size_t>(luaL_checkinteger(L, 1));
  const auto add = static_cast<std::int64_t>(luaL_checknumber(L, 2));
  const context& ctx = context::of(L);
  if (ctx.board == nullptr || at < 1 || at > ctx.board->numbers.size())
    throw error{errc::migration, "there is no such number"};
  lua_pushnumber(L, static_cast<double>(ctx.board->numbers[at - 1].fetch_add(add) + add));
  return 1;
}

int core_crew_ends(lua_State* L) {
  const context& ctx = context::of(L);
  lua_pushboolean(L, ctx.board != nullptr && ctx.board->ending.load() ? 1 : 0);
  return 1;
}

}  // namespace luamig::bindings
