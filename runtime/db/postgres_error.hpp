#pragma once

#include <string_view>

#include "base/error.hpp"
#include "db/libpq_library.hpp"

namespace luamig::db {

/// What the server said, with its sqlstate, kind, table, column, constraint and hint. `offset`:
/// characters that were put before the statement as written, for the position.
[[nodiscard]] error postgres_error(const libpq_library& pq, const PGresult* from,
                                   std::string_view sql, std::size_t offset);

/// The kind of a sqlstate, alike with SQLite's; "" for one that nobody acts on.
[[nodiscard]] std::string_view kind_of_sqlstate(std::string_view sqlstate);

}  // namespace luamig::db
