#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/checks.hpp"
#include "db/parameters.hpp"
#include "db/rows.hpp"
#include "db/value_text.hpp"

namespace luamig::db {

namespace {

/// A sign in parentheses: `a-$1` with -3 must not become the comment `a--3`.
std::string signed_number(const std::string& digits) {
  return digits.front() == '-' ? "(" + digits + ")" : digits;
}

struct sqlite_literal {
  std::string operator()(null_value) const { return "NULL"; }
  std::string operator()(bool b) const { return b ? "1" : "0"; }
  std::string operator()(std::int64_t i) const { return signed_number(std::to_string(i)); }
  std::string operator()(double d) const {
    check_sqlite_real(d);
    if (std::isinf(d)) return d > 0 ? "9e999" : "(-9e999)";
    std::string digits = real_text(d);
    if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
    // "1e+300" in a text is what a rounded number looks like, and is refused.
    digits.erase(std::remove(digits.begin(), digits.end(), '+'), digits.end());
    return signed_number(digits);
  }
  std::string operator()(const decimal& d) const {
    const sqlite_number number = to_sqlite_number(d);
    return number.is_integer ? (*this)(number.integer) : (*this)(number.real);
  }
  /// SQLite's shell takes a CR at the end of a line away, also inside quotes.
  std::string operator()(const std::string& s) const {
    const bool plain = s.find_first_of(std::string_view("\0\r", 2)) == std::string::npos;
    if (plain && !text::invalid_utf8(s)) return text::sql_string(s);
    return "CAST(x'" + to_hex(s) + "' AS TEXT)";
  }
  std::string operator()(const blob& b) const { return "x'" + to_hex(b.bytes) + "'"; }
  std::string operator()(const array&) const { refuse_sqlite_array(); }
};

struct postgres_literal {
  /// Escapes in an E string mean the same whatever standard_conforming_strings says.
  static std::string quoted(const std::string& s) {
    if (s.find_first_of("\\\r") == std::string::npos) return text::sql_string(s);
    std::string escaped;
    for (const char c : s) {
      if (c == '\\' || c == '\r') escaped += '\\';
      escaped += c == '\r' ? 'r' : c;
    }
    return " E" + text::sql_string(escaped);
  }

  std::string operator()(null_value) const { return "NULL"; }
  std::string operator()(bool b) const { return b ? "TRUE" : "FALSE"; }
  std::string operator()(std::int64_t i) const {
    if (i == std::numeric_limits<std::int64_t>::min()) return "'-9223372036854775808'::bigint";
    return signed_number(std::to_string(i));
  }
  std::string operator()(double d) const { return "'" + real_text(d) + "'::float8"; }
  std::string operator()(const decimal& d) const {
    check_decimal(d);
    if (std::isalpha(static_cast<unsigned char>(d.digits.back())) != 0) {
      return "'" + d.digits + "'::numeric";
    }
    return signed_number(d.digits);
  }
  std::string operator()(const std::string& s) const {
    check_postgres_text(s);
    return quoted(s);
  }
  std::string operator()(const blob& b) const { return "decode('" + to_hex(b.bytes) + "', 'hex')"; }
  std::string operator()(const array& a) const { return quoted(format_array(a)); }
};

}  // namespace

std::string literal(const value& v, engine kind) {
  return kind == engine::sqlite ? std::visit(sqlite_literal{}, as_variant(v))
                                : std::visit(postgres_literal{}, as_variant(v));
}

}  // namespace luamig::db
