#include "db/sqlite_fit.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "db/checks.hpp"
#include "db/sqlite_error.hpp"
#include "db/value_text.hpp"

namespace luamig::db {
namespace {

/// What SQLite itself cannot take: a value that is too long, or no memory.
std::string bound(sqlite3_stmt* to, int code) {
  if (code != SQLITE_OK) throw sqlite_error(sqlite3_db_handle(to), "");
  return {};
}

std::string misfit(std::string_view text, std::string_view wanted) {
  return "'" + text::shorten(text::one_line(text), 60) + "' is not " + std::string(wanted);
}

/// One with a + is read too, as PostgreSQL reads it.
std::string bind_integer(sqlite3_stmt* to, int at, std::string_view text) {
  std::string_view digits = text::trim(text);
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  std::int64_t i = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, bad] = std::from_chars(digits.data(), last, i);
  if (bad == std::errc::result_out_of_range) return misfit(text, "in the range of an integer");
  if (bad != std::errc{} || end != last) return misfit(text, "an integer");
  return bound(to, sqlite3_bind_int64(to, at, i));
}

std::string bind_number(sqlite3_stmt* to, int at, std::string_view text) {
  std::string_view digits = text::trim(text);
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  if (!is_decimal(digits) || digits == "NaN") return misfit(text, "a number");
  if (const auto i = integral_decimal(digits)) return bound(to, sqlite3_bind_int64(to, at, *i));
  if (const auto real = real_decimal(digits)) return bound(to, sqlite3_bind_double(to, at, *real));
  return misfit(text, "a number that SQLite, which has no decimals, would give back");
}

/// The words that PostgreSQL takes.
std::string bind_boolean(sqlite3_stmt* to, int at, std::string_view text) {
  constexpr std::array<std::string_view, 6> yes{"t", "true", "y", "yes", "on", "1"};
  constexpr std::array<std::string_view, 6> no{"f", "false", "n", "no", "off", "0"};
  const std::string word = text::lower_ascii(text::trim(text));
  const bool is_yes = std::find(yes.begin(), yes.end(), word) != yes.end();
  if (!is_yes && std::find(no.begin(), no.end(), word) == no.end())
    return misfit(text, "a boolean");
  return bound(to, sqlite3_bind_int(to, at, is_yes ? 1 : 0));
}

int two_digits(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (at + 2 > text.size() || !digit(at) || !digit(at + 1)) return -1;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

bool is_between(int n, int low, int high) { return n >= low && n <= high; }

/// "2024-02-29"; PostgreSQL's years go beyond 9999.
bool is_date(std::string_view text) {
  constexpr std::array<int, 12> days{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const std::size_t year = std::min(text.find_first_not_of("0123456789"), text.size());
  if (year < 4 || text.size() != year + 6 || text[year] != '-' || text[year + 3] != '-')
    return false;
  const int century = two_digits(text, year - 4);
  const int years = two_digits(text, year - 2);
  const int month = two_digits(text, year + 1);
  const int day = two_digits(text, year + 4);
  if (!is_between(month, 1, 12)) return false;
  const bool leaps = years == 0 ? century % 4 == 0 : years % 4 == 0;
  if (month == 2 && day == 29 && !leaps) return false;
  return is_between(day, 1, days[static_cast<std::size_t>(month) - 1]);
}

/// "Z", "+01", "+01:00", "+0100", or nothing.
bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return true;
  if (text[0] != '+' && text[0] != '-') return false;
  const std::size_t minutes = text.size() > 3 && text[3] == ':' ? 4 : 3;
  return is_between(two_digits(text, 1), 0, 15) &&
         (text.size() == 3 ||
          (text.size() == minutes + 2 && is_between(two_digits(text, minutes), 0, 59)));
}

/// "10:20", "10:20:30.5", and a zone.
bool is_time(std::string_view text) {
  if (!is_between(two_digits(text, 0), 0, 24) || text.size() < 5 || text[2] != ':' ||
      !is_between(two_digits(text, 3), 0, 59))
    return false;
  std::size_t at = 5;
  if (at < text.size() && text[at] == ':') {
    if (!is_between(two_digits(text, 6), 0, 60)) return false;
    at = 8;
    if (at < text.size() && text[at] == '.') {
      at = std::min(text.find_first_not_of("0123456789", at + 1), text.size());
    }
  }
  return is_zone(text::trim(text.substr(at)));
}

bool is_timestamp(std::string_view text) {
  const std::size_t date = text.find_first_of(" Tt");
  return is_date(text.substr(0, date)) &&
         (date == std::string_view::npos || is_time(text.substr(date + 1)));
}

/// Why it is no instant. SQLite keeps these as numbers too, and what PostgreSQL calls infinity.
std::string no_instant(std::string_view given, column_rule rule) {
  std::string_view text = text::trim(given);
  if (text == "infinity" || text == "-infinity" || is_decimal(text)) return {};
  if (text.ends_with(" BC")) text.remove_suffix(3);
  switch (rule) {
    case column_rule::date:
      return is_date(text) ? "" : misfit(given, "a date (2024-12-31)");
    case column_rule::time:
      return is_time(text) ? "" : misfit(given, "a time (23:59:59)");
    default:
      return is_timestamp(text) ? "" : misfit(given, "a date and time (2024-12-31 23:59:59)");
  }
}

bool is_hex(std::string_view digits) {
  return digits.size() % 2 == 0 &&
         digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// As PostgreSQL takes a text for bytes: `\x…`, or the text itself where it has no backslash.
std::string bind_bytes(sqlite3_stmt* to, int at, std::string_view text) {
  const bool in_hex = text.starts_with("\\x");
  if (in_hex ? !is_hex(text.substr(2)) : text.find('\\') != std::string_view::npos)
    return misfit(text, "bytes as hexadecimal digits");
  const std::string bytes = in_hex ? from_hex(text) : std::string(text);
  if (bytes.empty()) return bound(to, sqlite3_bind_zeroblob(to, at, 0));
  return bound(to, sqlite3_bind_blob64(to, at, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
}

std::string bind_text(sqlite3_stmt* to, int at, std::string_view text, column_rule rule) {
  switch (rule) {
    case column_rule::integer:
    case column_rule::key:
      return bind_integer(to, at, text);
    case column_rule::number:
      return bind_number(to, at, text);
    case column_rule::boolean:
      return bind_boolean(to, at, text);
    case column_rule::bytea:
      return bind_bytes(to, at, text);
    case column_rule::date:
    case column_rule::time:
    case column_rule::timestamp:
      if (std::string why = no_instant(text, rule); !why.empty()) return why;
      break;
    case column_rule::any:
    case column_rule::bytes:
    case column_rule::byte_items:
      break;
  }
  return bound(to,
               sqlite3_bind_text64(to, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

}  // namespace

std::string bind_cell(sqlite3_stmt* to, int at, const row_block& rows, const cell& c,
                      column_rule rule) {
  switch (c.kind) {
    case cell_kind::null:
      if (rule == column_rule::key)
        return "the key is missing, and SQLite would make one up: where it is to number the rows, "
               "leave the column out of all of them";
      return bound(to, sqlite3_bind_null(to, at));
    case cell_kind::boolean:
    case cell_kind::integer:
      return bound(to, sqlite3_bind_int64(to, at, c.integer));
    case cell_kind::real:
      if (c.real != c.real) return "SQLite cannot hold NaN: it would become NULL";
      return bound(to, sqlite3_bind_double(to, at, c.real));
    case cell_kind::decimal:
      return bind_number(to, at, rows.bytes(c));
    case cell_kind::text:
      return bind_text(to, at, rows.bytes(c), rule);
    case cell_kind::blob: {
      const std::string_view bytes = rows.bytes(c);
      if (bytes.empty()) return bound(to, sqlite3_bind_zeroblob(to, at, 0));
      return bound(to, sqlite3_bind_blob64(to, at, bytes.data(), bytes.size(), SQLITE_STATIC));
    }
    case cell_kind::array:
      break;
  }
  return "SQLite has no arrays";
}

}  // namespace luamig::db
