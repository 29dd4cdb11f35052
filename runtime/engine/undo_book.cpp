#include "engine/undo_book.hpp"

#include <array>
#include <string>

#include "db/statement_facts.hpp"

namespace luamig::engine {

bool has_undo_book(db::connection& on, const books& where) {
  if (on.kind() == db::engine::sqlite) {
    const std::array name{value(std::string(db::undo_table))};
    return db::scalar(on, "SELECT 1 FROM main.sqlite_schema WHERE name = ?1", name).has_value();
  }
  const std::array name{value(book_sql(on.kind(), where).undo_table())};
  return db::scalar(on, "SELECT to_regclass($1) IS NOT NULL", name) == value(true);
}

void forget_undo(db::connection& on, const books& where, std::string_view revision) {
  if (!has_undo_book(on, where)) return;
  const std::string table = book_sql(on.kind(), where).undo_table();
  const std::string parts =
      "(SELECT id FROM " + table + " WHERE pass IS NULL AND version_table = $1 AND revision = $2)";
  on.enqueue("DELETE FROM " + table + " WHERE pass IN " + parts + " OR id IN " + parts,
             std::array{value(where.version_table), value(std::string(revision))});
}

}  // namespace luamig::engine
