#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace luamig::engine {

/// What a durable revision that goes batch by batch is asked to do meanwhile, from any host. It
/// stands in the revision's row of luamig_progress as a text, "pause batch=500", which the run
/// reads between two batches.
struct control {
  bool paused = false;
  std::int64_t batch = 0;  ///< how many rows a batch has; 0: as the revision says

  /// Whatever is not understood counts as nothing.
  [[nodiscard]] static control read(std::string_view text);
  [[nodiscard]] std::string text() const;
};

}  // namespace luamig::engine
