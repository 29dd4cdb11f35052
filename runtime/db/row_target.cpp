#include "db/row_target.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"

namespace luamig::db {
namespace {

std::string marks(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += i == 0 ? "?" : ", ?";
  return out;
}

std::string list_of(const row_target& target) {
  if (!target.list.empty()) return target.list;
  std::string list;
  for (const std::string& column : target.columns) {
    list += (list.empty() ? "" : ", ") + text::sql_identifier(column);
  }
  return list;
}

constexpr std::array<std::string_view, 9> kinds_of_rows{
    "unique",     "foreign_key",   "not_null", "check",  "exclusion",
    "constraint", "invalid_value", "raised",   "too_big"};

}  // namespace

bool is_about_row(const error& e) {
  return e.code == errc::sql &&
         std::find(kinds_of_rows.begin(), kinds_of_rows.end(), e.kind) != kinds_of_rows.end();
}

std::string statement_of(const row_target& target, engine kind) {
  const std::string into = target.table + " (" + list_of(target) + ")";
  if (kind == engine::postgresql)
    return "COPY " + into + " FROM STDIN" + std::string(target.forms.empty() ? "" : binary_option);
  return "INSERT INTO " + into + " VALUES (" + marks(target.columns.size()) + ")";
}

}  // namespace luamig::db
