#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "db/connection.hpp"

namespace luamig::engine {

/// Whom a rehearsal kept waiting, and for what.
struct blocked_session {
  std::int64_t pid = 0;
  std::string who;    ///< its application_name, else its user
  std::string query;  ///< the beginning of it
  std::string table;  ///< that it waits for; "" where it waits for something else
  std::string mode;   ///< of the lock that it waits for: "AccessShareLock"
  double seconds = 0;
};

/// PostgreSQL: looks from a second session, in a thread of its own, whom the session `pid` keeps
/// waiting, and ends that session when somebody has waited for `most`: the server then rolls back
/// at once, whatever the script is doing. The second session is not to be used meanwhile.
class block_watch {
 public:
  /// `ended` is called from its thread once the session has been ended; or again and again, once
  /// nobody watches it any more, until `lost` is asked.
  block_watch(db::connection& from, std::int64_t pid, std::chrono::milliseconds most,
              std::function<void()> ended);
  ~block_watch();
  block_watch(const block_watch&) = delete;
  block_watch& operator=(const block_watch&) = delete;

  /// Whom it was ended for; nothing: nobody.
  [[nodiscard]] std::optional<blocked_session> verdict();
  /// Whether it can watch no more, because its own session is gone.
  [[nodiscard]] bool lost();

 private:
  using clock = std::chrono::steady_clock;

  void watch();
  void give_up();
  [[nodiscard]] bool look();
  void end(blocked_session waited);

  db::connection& from_;
  std::int64_t pid_;
  std::chrono::milliseconds most_;
  std::map<std::int64_t, clock::time_point> waiting_;
  std::function<void()> ended_;
  std::mutex guard_;
  std::condition_variable ends_;
  bool stop_ = false;
  bool lost_ = false;
  std::optional<blocked_session> verdict_;
  std::thread thread_;
};

}  // namespace luamig::engine
