#pragma once

#include <string_view>

#include "db/connection.hpp"

namespace luamig::engine {

// A script sets what it likes for the rest of its transaction: with `SET search_path = its_own,
// pg_catalog` the server would take functions and operators of the script's for its own, in the
// host's statements too.

/// PostgreSQL: from the next statement of the present transaction on, names are PostgreSQL's own
/// and those of `path`, in SQL's spelling. Enqueued.
void take_plain_path(db::connection& on, std::string_view path = "pg_catalog");
/// What the script had set holds again. Enqueued.
void put_path_back(db::connection& on);

}  // namespace luamig::engine
