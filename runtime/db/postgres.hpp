#pragma once

#include <memory>

#include "db/connection.hpp"

namespace luamig::db {

/// See `open_database` and `create_database`.
[[nodiscard]] std::unique_ptr<connection> open_postgres(const url& where, const open_options& how);
bool create_postgres(const url& where);

}  // namespace luamig::db
