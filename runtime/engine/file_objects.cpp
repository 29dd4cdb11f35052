#include "engine/file_objects.hpp"

#include "base/text.hpp"

namespace luamig::engine {
namespace {

/// A virtual table has no pages of its own; what an index of a constraint is called is SQLite's.
constexpr std::string_view objects_sql =
    "SELECT type, name, tbl_name FROM main.sqlite_schema WHERE (type = 'table' AND rootpage > 0) "
    "OR (type = 'index' AND sql IS NOT NULL)";

}  // namespace

file_objects read_file_objects(db::connection& on) {
  file_objects found;
  for (const auto& row : db::all(on, objects_sql)) {
    const auto& name = std::get<std::string>(row[1]);
    if (row[0] == value(std::string("table"))) {
      found.tables.insert(name);
    } else {
      found.indexes.emplace(name, std::get<std::string>(row[2]));
    }
  }
  return found;
}

std::int64_t count_rows(db::connection& on, const std::string& table) {
  const auto counted = db::scalar(on, "SELECT count(*) FROM main." + text::sql_identifier(table));
  return counted ? std::get<std::int64_t>(*counted) : 0;
}

}  // namespace luamig::engine
