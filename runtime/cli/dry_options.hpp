#pragma once

#include <memory>

#include "db/database_copy.hpp"
#include "engine/migrator.hpp"

namespace luamig::cli {

/// Makes a run one that is measured and changes nothing: it is rolled back, or done on a copy,
/// which lasts as long as what is returned. Throws as db::database_copy does.
[[nodiscard]] std::unique_ptr<db::database_copy> make_dry(engine::run_options& run, bool on_copy);

}  // namespace luamig::cli
