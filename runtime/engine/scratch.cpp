#include "engine/scratch.hpp"

#include <array>

namespace luamig::engine {
namespace {

/// Objects in an order in which each finds what it names. What SQLite makes by itself has no text.
constexpr std::string_view schema_query =
    "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' "
    "ESCAPE '\\' ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 "
    "ELSE 3 END, rowid";

/// The tables that a virtual table keeps its content in come with it.
void copy_schema(db::connection& from, db::connection& to) {
  for (const std::vector<value>& row : db::all(from, schema_query)) {
    const std::array<value, 1> name{row[0]};
    if (db::scalar(to, "SELECT 1 FROM sqlite_schema WHERE name = ?1", name)) continue;
    to.execute(std::get<std::string>(row[1]));
  }
}

}  // namespace

std::unique_ptr<db::connection> make_scratch(const db::open_options& how, const books& where,
                                             db::connection* from) {
  db::open_options options = how;
  options.create = true;
  options.read_only = false;
  auto scratch = db::open_database(db::parse_url("sqlite://", "."), options);
  if (from != nullptr) copy_schema(*from, *scratch);
  scratch->protect(protected_tables(where));
  return scratch;
}

}  // namespace luamig::engine
