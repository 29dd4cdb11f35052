#include "engine/lock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

using clock = std::chrono::steady_clock;

constexpr auto silent_wait = std::chrono::milliseconds(250);
constexpr auto between_words = std::chrono::seconds(5);

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

/// Tries until it is had, saying who holds it, and again every few seconds: not at once, for the
/// server lets go of the lock of a runner that has ended only a moment after.
void wait_for(const std::function<bool()>& taken, const std::function<std::string()>& holder,
              std::chrono::milliseconds wait, observer& watching, const cancel* stop) {
  const auto began = clock::now();
  auto say_at = began + silent_wait;
  auto nap = std::chrono::milliseconds(5);
  while (!taken()) {
    if (stop != nullptr) stop->check();
    const auto waited = clock::now() - began;
    if (waited >= wait) {
      throw error(
          errc::lock,
          "the migration lock is held by " + holder() + ", waited " +
              std::to_string(std::chrono::duration_cast<std::chrono::seconds>(waited).count()) +
              " s",
          "wait for it to end, or give --lock-wait a longer time");
    }
    if (clock::now() >= say_at) {
      say_at = clock::now() + between_words;
      watching.waiting_for_lock(holder(), std::chrono::duration<double>(waited).count());
    }
    pause(nap);
    nap = std::min(nap * 2, std::chrono::milliseconds(250));
  }
}

/// The file stays when the lock goes: one that is removed and made again would be two locks.
int open_lock_file(const std::filesystem::path& database) {
  const std::string name = database.string() + "-luamig.lock";
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file >= 0) return file;
  throw error(errc::lock, "cannot open the lock file '" + name + "': " + std::strerror(errno),
              "a durable revision needs it beside the database");
}

/// False while another holds it.
bool locks(int file) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK || errno == EINTR) return false;
  throw error(errc::lock, std::string("cannot lock the lock file: ") + std::strerror(errno),
              "a durable revision needs flock where its database lies");
}

}  // namespace

lock::lock(lock&& other) noexcept
    : holder_(std::move(other.holder_)), file_(std::exchange(other.file_, -1)) {}

lock::~lock() {
  if (file_ >= 0) ::close(file_);
}

lock lock::acquire(const db::url& where, const db::open_options& how, const books& of,
                   std::chrono::milliseconds wait, observer& watching, const cancel* stop,
                   bool durable) {
  lock held;
  if (where.kind == db::engine::sqlite) {
    if (!durable || where.file.empty()) return held;
    held.file_ = open_lock_file(where.file);
    wait_for([&] { return locks(held.file_); }, [] { return std::string("another runner"); }, wait,
             watching, stop);
    return held;
  }
  held.holder_ = db::open_database(where, how);
  db::connection& on = *held.holder_;
  on.execute("SET idle_session_timeout = 0");
  const std::int64_t key = lock_key(of);
  const std::array values{value(advisory_lock_class), value(key)};
  wait_for(
      [&] { return db::scalar(on, "SELECT pg_try_advisory_lock($1, $2)", values) == value(true); },
      [&] { return describe_holder(on, key); }, wait, watching, stop);
  return held;
}

void lock::require_held() {
  if (holder_ == nullptr || holder_->alive()) return;
  throw error(errc::lock, "the session that held the migration lock is gone",
              "run the same command again");
}

/// Else it is the server that sees to it, once it has noticed.
void lock::release() noexcept {
  if (holder_ == nullptr || !holder_->alive()) return;
  try {
    holder_->execute("SELECT pg_catalog.pg_advisory_unlock_all()");
  } catch (const error&) {
    return;
  }
}

}  // namespace luamig::engine
