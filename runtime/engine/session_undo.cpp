// The book of before-images, as the session makes it.
#include "engine/session.hpp"
#include "engine/undo_book.hpp"

namespace luamig::engine {

/// On PostgreSQL two projects may be about to make it.
std::string session::undo_table(const books& where, bool make) {
  require_whole();
  const book_sql names(kind(), where);
  if (has_undo_book(sink_.reader(), where)) return names.undo_table();
  if (!make) return "";
  send_savepoints();
  if (kind() == db::engine::postgresql) {
    sink_.host("SELECT pg_catalog.pg_advisory_xact_lock(" + std::to_string(advisory_lock_class) +
               ", 0)");
  }
  sink_.host(names.create_undo());
  return names.undo_table();
}

}  // namespace luamig::engine
