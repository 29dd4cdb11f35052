#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace luamig::engine {

/// Who runs this: for the history and for what waiters are told.
struct identity {
  std::string user;  ///< of the operating system
  std::string host;
  std::string name;  ///< "luamig 123@host": the application_name of the session that holds the lock
};
[[nodiscard]] identity this_process();

/// The application_name while a revision runs: `name` + " at " + revision, at most 63 bytes.
[[nodiscard]] std::string running_name(const identity& who, std::string_view revision);

/// Now, in milliseconds since 1970 (UTC).
[[nodiscard]] std::int64_t now_ms();
/// "2026-03-01T10:20:30.123Z".
[[nodiscard]] std::string iso_time(std::int64_t ms);

}  // namespace luamig::engine
