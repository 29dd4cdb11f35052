#include "db/row_target.hpp"

#include "base/text.hpp"

namespace luamig::db {
namespace {

std::string marks(std::size_t count) {
  std::string out;
  for (std::size_t i = 1; i <= count; ++i) out += (i == 1 ? "?" : ", ?") + std::to_string(i);
  return out;
}

}  // namespace

std::string statement_of(const row_target& target, engine kind) {
  std::string names;
  for (const std::string& column : target.columns) {
    names += (names.empty() ? "" : ", ") + text::sql_identifier(column);
  }
  if (kind == engine::postgresql) return "COPY " + target.table + " (" + names + ") FROM STDIN";
  return "INSERT INTO " + target.table + " (" + names + ") VALUES (" +
         marks(target.columns.size()) + ")";
}

}  // namespace luamig::db
