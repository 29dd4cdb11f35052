#include "engine/lock.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/error.hpp"
#include "base/text.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

using clock = std::chrono::steady_clock;

/// The first four bytes of SHA-256("schema.table"), as the signed int4 that PostgreSQL takes.
std::int64_t lock_key(const books& of) {
  const std::string digest = script::sha256(of.schema + "." + of.version_table);
  std::uint32_t key = 0;
  for (std::size_t i = 0; i < 4; ++i) key = key << 8U | static_cast<unsigned char>(digest[i]);
  return static_cast<std::int32_t>(key);
}

std::string describe_holder(db::connection& on, std::int64_t key) {
  const auto found = db::all(
      on,
      "SELECT coalesce((SELECT b.application_name FROM pg_stat_activity b WHERE b.application_name "
      "LIKE a.application_name || ' at %' LIMIT 1), a.application_name), a.pid::text FROM "
      "pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND "
      "l.classid::bigint = $1 AND l.objid::bigint = $2::bigint & 4294967295 AND l.granted",
      std::array{value(advisory_lock_class), value(key)});
  if (found.empty()) return "another runner";
  return "'" + std::get<std::string>(found[0][0]) + "' (backend pid " +
         std::get<std::string>(found[0][1]) + ")";
}

void pause(std::chrono::milliseconds time) { ::poll(nullptr, 0, static_cast<int>(time.count())); }

}  // namespace

lock::lock(lock&&) noexcept = default;
lock::~lock() = default;

lock lock::acquire(const db::url& where, const db::open_options& how, const books& of,
                   std::chrono::milliseconds wait, observer& watching, const cancel* stop) {
  lock held;
  if (where.kind == db::engine::sqlite) return held;
  held.holder_ = db::open_database(where, how);
  db::connection& on = *held.holder_;
  on.execute("SET idle_session_timeout = 0");
  const std::int64_t key = lock_key(of);
  const auto began = clock::now();
  auto said = began - std::chrono::hours(1);
  auto nap = std::chrono::milliseconds(5);
  while (db::scalar(on, "SELECT pg_try_advisory_lock($1, $2)",
                    std::array{value(advisory_lock_class), value(key)}) != value(true)) {
    if (stop != nullptr) stop->check();
    const auto waited = clock::now() - began;
    if (waited >= wait) {
      throw error(
          errc::lock,
          "the migration lock is held by " + describe_holder(on, key) + ", waited " +
              std::to_string(std::chrono::duration_cast<std::chrono::seconds>(waited).count()) +
              " s",
          "wait for it to end, or give --lock-wait a longer time");
    }
    if (clock::now() - said >= std::chrono::seconds(5)) {
      said = clock::now();
      watching.waiting_for_lock(describe_holder(on, key),
                                std::chrono::duration<double>(waited).count());
    }
    pause(nap);
    nap = std::min(nap * 2, std::chrono::milliseconds(250));
  }
  return held;
}

void lock::require_held() {
  if (holder_ == nullptr || holder_->alive()) return;
  throw error(errc::lock, "the session that held the migration lock is gone",
              "run the same command again");
}

}  // namespace luamig::engine
