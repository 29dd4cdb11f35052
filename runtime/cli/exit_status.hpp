#pragma once

#include "base/error.hpp"

namespace luamig::cli {

/// The exit status that an error stands for; an interrupted run's tells the signal (130, 143).
[[nodiscard]] inline int exit_of(const error& what) noexcept {
  return what.code == errc::interrupted && what.signal > 0 ? 128 + what.signal
                                                           : exit_status(what.code);
}

}  // namespace luamig::cli
