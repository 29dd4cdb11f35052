#include "engine/block_watch.hpp"

#include <array>
#include <exception>
#include <utility>

namespace luamig::engine {
namespace {

constexpr std::chrono::milliseconds between_looks{40};
constexpr std::chrono::milliseconds between_calls{500};

/// Who waits stands in pg_locks for everybody; of another role's session pg_stat_activity says no
/// more than its name, unless one may read all of it.
constexpr std::string_view blocked_sql =
    "SELECT l.pid::bigint, coalesce(nullif(a.application_name, ''), a.usename::text, ''), "
    "coalesce(left(a.query, 200), ''), coalesce(l.relation::regclass::text, ''), l.mode FROM "
    "(SELECT DISTINCT ON (pid) pid, relation, mode FROM pg_catalog.pg_locks WHERE NOT granted "
    "ORDER BY pid OFFSET 0) AS l LEFT JOIN pg_catalog.pg_stat_activity AS a USING (pid) WHERE "
    "coalesce(a.backend_type, 'client backend') = 'client backend' AND $1::bigint::int = ANY "
    "(pg_catalog.pg_blocking_pids(l.pid))";

std::string text_of(const value& v) {
  const auto* text = std::get_if<std::string>(&v);
  return text == nullptr ? std::string() : *text;
}

}  // namespace

block_watch::block_watch(db::connection& from, std::int64_t pid, std::chrono::milliseconds most,
                         std::function<void()> ended)
    : from_(from), pid_(pid), most_(most), ended_(std::move(ended)), thread_([this] { watch(); }) {}

block_watch::~block_watch() {
  {
    const std::lock_guard hold(guard_);
    stop_ = true;
  }
  ends_.notify_all();
  thread_.join();
}

std::optional<blocked_session> block_watch::verdict() {
  const std::lock_guard hold(guard_);
  return verdict_;
}

/// Without its session nobody is watched: then the run ends too.
void block_watch::watch() {
  try {
    while (look()) {
      std::unique_lock hold(guard_);
      if (ends_.wait_for(hold, between_looks, [this] { return stop_; })) return;
    }
  } catch (const std::exception&) {
    give_up();
  }
}

/// Until somebody has taken notice: a statement may have been sent just behind the first call.
void block_watch::give_up() {
  std::unique_lock hold(guard_);
  lost_ = !stop_;
  while (!stop_) {
    hold.unlock();
    ended_();
    hold.lock();
    ends_.wait_for(hold, between_calls, [this] { return stop_; });
  }
}

bool block_watch::lost() {
  const std::lock_guard hold(guard_);
  stop_ = stop_ || lost_;
  return lost_;
}

/// Who learns from the session that it has ended may ask for the verdict before the server has
/// answered here: it waits.
void block_watch::end(blocked_session waited) {
  {
    const std::lock_guard hold(guard_);
    from_.execute("SELECT pg_catalog.pg_terminate_backend($1::bigint::int)",
                  std::array{value(pid_)});
    verdict_ = std::move(waited);
  }
  ended_();
}

/// False when there is nothing more to watch.
bool block_watch::look() {
  const auto now = clock::now();
  std::map<std::int64_t, clock::time_point> waiting;
  const std::array values{value(pid_)};
  for (const auto& row : db::all(from_, blocked_sql, values)) {
    const std::int64_t pid = std::get<std::int64_t>(row[0]);
    const auto known = waiting_.find(pid);
    const auto since = known == waiting_.end() ? now : known->second;
    waiting.emplace(pid, since);
    if (now - since < most_) continue;
    end({pid, text_of(row[1]), text_of(row[2]), text_of(row[3]), text_of(row[4]),
         std::chrono::duration<double>(now - since).count()});
    return false;
  }
  waiting_ = std::move(waiting);
  return true;
}

}  // namespace luamig::engine
