#include "db/checks.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/value_text.hpp"

namespace luamig::db {

void check_sql(std::string_view sql) {
  const std::size_t nul = sql.find('\0');
  if (nul == std::string_view::npos) return;
  throw error{errc::migration,
              "the SQL has a NUL at offset " + std::to_string(nul) +
                  ", and no database reads on behind one",
              "take it out; bytes are a value, blob(…), beside the statement"};
}

void check_value_count(std::size_t count, std::size_t most) {
  if (count <= most) return;
  throw error{errc::migration,
              "the statement has " + std::to_string(count) + " values, and this database takes " +
                  std::to_string(most) + " at the most",
              "send them in parts, or put them into a table by op.copy_in and join it"};
}

std::string postgres_text_fault(std::string_view text) {
  if (text::is_plain_ascii(text)) return {};
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    return "has a NUL at offset " + std::to_string(nul) + ", which PostgreSQL's text cannot hold";
  if (const auto at = text::invalid_utf8(text))
    return "is not UTF-8 at offset " + std::to_string(*at);
  return {};
}

void check_postgres_text(std::string_view text) {
  const std::string fault = postgres_text_fault(text);
  if (fault.empty()) return;
  throw error{errc::migration, "the text " + fault, std::string(as_bytes_hint)};
}

void check_decimal(const decimal& d) {
  if (!is_decimal(d.digits)) {
    throw error{errc::migration, "'" + text::shorten(d.digits, 60) + "' is not a decimal"};
  }
}

void check_sqlite_real(double d) {
  if (std::isnan(d)) {
    throw error{errc::migration, "SQLite cannot hold NaN: it would become NULL",
                "write null where that is meant"};
  }
}

sqlite_number to_sqlite_number(const decimal& d) {
  check_decimal(d);
  if (const auto integer = integral_decimal(d.digits)) return {true, *integer, 0};
  if (const auto real = real_decimal(d.digits)) return {false, 0, *real};
  throw error{errc::migration,
              "the decimal " + text::shorten(d.digits, 60) +
                  " would not come back from SQLite, which has no decimals",
              "write it as text by tostring(…), or as an integer of a smaller unit"};
}

void refuse_sqlite_array() {
  throw error{errc::migration, "SQLite has no arrays",
              "write it as text, as '[1, 2]', which SQLite's json_each() reads"};
}

std::string in_megabytes(std::size_t bytes) { return std::to_string(bytes >> 20U) + " MB"; }

error too_large_rows(std::string_view sql, std::size_t most) {
  error e{
      errc::sql,
      "the rows of this query take more than the " + in_megabytes(most) + " that a script may have",
      "read them one by one, for row in db:rows(…), or raise [limits] memory in luamig.toml"};
  e.sql = sql;
  e.kind = "memory";
  return e;
}

}  // namespace luamig::db
