#include "engine/cancel.hpp"

#include "base/error.hpp"
#include "db/connection.hpp"
#include "engine/script_host.hpp"

namespace luamig::engine {

void cancel::request(int signal) noexcept {
  signal_.store(signal);
  if (script_host* const host = host_.load()) host->interrupt(signal);
  if (db::connection* const connection = connection_.load()) connection->interrupt();
}

void cancel::check() const {
  const int signal = signal_.load();
  if (signal == 0) return;
  error e(errc::interrupted, "interrupted", "run the same command again");
  e.signal = signal;
  throw e;
}

void cancel::watch(db::connection* connection, script_host* host) noexcept {
  connection_.store(connection);
  host_.store(host);
}

}  // namespace luamig::engine
