#include "db/row_target.hpp"

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

}  // namespace

std::string statement_of(const row_target& target, engine kind) {
  const std::string into = target.table + " (" + list_of(target) + ")";
  if (kind == engine::postgresql) return "COPY " + into + " FROM STDIN";
  return "INSERT INTO " + into + " VALUES (" + marks(target.columns.size()) + ")";
}

}  // namespace luamig::db
