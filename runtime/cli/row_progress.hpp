#pragma once

#include <string>

#include "engine/observer.hpp"

/// How far work on many rows has come, in words.
namespace luamig::cli {

/// "████░░░░░░░░░░░░░░░░  21 %", or "" where nobody knows of how many.
[[nodiscard]] std::string row_bar(const engine::observer::rows_done& done);
/// "1,250,000 rows  51,000/s  1 min 32 s left", the last only where it can be told.
[[nodiscard]] std::string row_words(const engine::observer::rows_done& done);

}  // namespace luamig::cli
