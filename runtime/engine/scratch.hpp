#pragma once

#include <memory>

#include "db/connection.hpp"
#include "engine/version_store.hpp"

namespace luamig::engine {

/// A database of SQLite in memory that holds the schema of `from` and no rows; null: an empty one.
/// The books there are as little a script's as elsewhere.
[[nodiscard]] std::unique_ptr<db::connection> make_scratch(const db::open_options& how,
                                                           const books& where,
                                                           db::connection* from);

}  // namespace luamig::engine
