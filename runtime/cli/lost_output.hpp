#pragma once

#include <optional>

#include "base/error.hpp"
#include "cli/program.hpp"
#include "cli/report.hpp"

namespace luamig::cli {

/// Whether stdout took all that was printed so far. Its reader may have gone away, too.
[[nodiscard]] bool is_written(const services& with);

/// The error of an output that was lost, with what is true all the same: where a run has left the
/// database, which files were made. Nothing where all was written, and where the reader went away:
/// it has what it wanted. `done` is null for an error.
[[nodiscard]] std::optional<error> lost_output(const services& with, const report* done);

}  // namespace luamig::cli
