#pragma once

#include <string_view>

#include "base/error.hpp"
#include "db/libpq_library.hpp"

namespace luamig::db {

/// What the server said, with its sqlstate, kind, table, column, constraint and hint. `offset`:
/// characters that were put before the statement as written, for the position.
[[nodiscard]] error postgres_error(const libpq_library& pq, const PGresult* from,
                                   std::string_view sql, std::size_t offset);

}  // namespace luamig::db
