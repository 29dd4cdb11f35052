#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "db/connection.hpp"
#include "engine/cancel.hpp"
#include "engine/observer.hpp"
#include "engine/version_store.hpp"

namespace luamig::engine {

/// The migration lock of one project in one database: held from `acquire` until it is destroyed,
/// and freed by the kernel or the server when its process dies.
///
/// PostgreSQL: a second session polls pg_try_advisory_lock as separate statements, holding no
/// snapshot, so that it can neither deadlock with CREATE INDEX CONCURRENTLY nor hang it.
/// SQLite: every step's BEGIN IMMEDIATE is the lock; of a run with durable revisions it is a flock
/// on DATABASE-luamig.lock, for its transactions come and go.
class lock {
 public:
  /// Throws error{errc::lock} after `wait`, on PostgreSQL naming the holder (pid, host, revision).
  static lock acquire(const db::url& where, const db::open_options& how, const books& of,
                      std::chrono::milliseconds wait, observer& watching, const cancel* stop,
                      bool durable = false);
  lock(lock&& other) noexcept;
  ~lock();

  /// Throws error{errc::lock} when the session that holds it has gone away. Asked before each
  /// COMMIT.
  void require_held();
  /// Whoever asks for it next has it at once; this object holds nothing any more.
  void release() noexcept;
  /// PostgreSQL: the second session, which is idle; null elsewhere.
  [[nodiscard]] db::connection* session() noexcept { return holder_.get(); }

 private:
  lock() = default;
  std::unique_ptr<db::connection> holder_;
  int file_ = -1;
};

}  // namespace luamig::engine
