#pragma once

#include <string_view>

#include "db/connection.hpp"
#include "engine/book_sql.hpp"

namespace luamig::engine {

// The book luamig_undo: what rows were before a revision changed them. The stdlib writes and reads
// it, through session::undo_table; it is made when a revision first keeps something.

/// Whether it is there. Reading creates nothing.
[[nodiscard]] bool has_undo_book(db::connection& on, const books& where);

/// Forgets what the revision has kept, inside the caller's transaction: it is taken back.
void forget_undo(db::connection& on, const books& where, std::string_view revision);

}  // namespace luamig::engine
