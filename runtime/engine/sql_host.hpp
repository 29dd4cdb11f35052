#pragma once

#include <memory>

#include "engine/script_host.hpp"

namespace luamig::engine {

/// A script host for `.sql` files, which leaves every other script, and the hooks, to `others`.
[[nodiscard]] std::unique_ptr<script_host> with_sql_files(std::unique_ptr<script_host> others);

}  // namespace luamig::engine
