#pragma once

#include <array>
#include <atomic>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "engine/observer.hpp"

namespace luamig::cli {

/// What the process says when a run does not stop in time and is left where it stands: kept ready
/// between events, because nothing can be composed in a signal handler.
class farewell {
 public:
  /// Why the run is left.
  struct ending {
    int exit = 0;
    std::string_view code;   ///< the error's, "interrupted"
    std::string_view verb;   ///< "was interrupted"
    std::string_view error;  ///< "the script did not stop within 2 s"
  };

  /// In a text: where the exit status, the seconds since `began`, and the ending's texts are put.
  static constexpr char exit_mark = '\x01';
  static constexpr char seconds_mark = '\x02';
  static constexpr char code_mark = '\x04';
  static constexpr char verb_mark = '\x05';
  static constexpr char error_mark = '\x06';

  /// `stream` is a file descriptor.
  void keep(int stream, std::string text, std::time_t began);
  void forget() { keep(2, "", 0); }

  /// Async-signal-safe. False where there is nothing to say.
  bool say(const ending& how) const noexcept;

 private:
  struct words {
    int stream = 2;
    std::string text;
    std::time_t began = 0;
  };
  std::array<words, 2> both_;
  std::atomic<int> current_{0};
};

/// Passes everything on to `to`, and keeps in `words` the error, and with `json` the end event,
/// that the run would have now. `stream` is where they go, `env` as in render_json.
[[nodiscard]] std::unique_ptr<engine::observer> keep_farewell(farewell& words,
                                                              std::unique_ptr<engine::observer> to,
                                                              int stream, bool json,
                                                              std::string env);

}  // namespace luamig::cli
