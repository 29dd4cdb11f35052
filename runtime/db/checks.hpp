#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"
#include "base/value.hpp"

namespace luamig::db {

/// What `value` is beneath, for std::visit.
using value_variant =
    std::variant<null_value, bool, std::int64_t, double, decimal, std::string, blob, array>;
[[nodiscard]] inline const value_variant& as_variant(const value& v) noexcept { return v; }

// Each throws error{errc::migration} that says what to do where the database could not keep a
// value unchanged.

/// A NUL, at which both databases take a statement to end: what stands behind it would be lost.
void check_sql(std::string_view sql);
/// More values than a statement may have.
void check_value_count(std::size_t count, std::size_t most);
/// What PostgreSQL's protocol can count.
inline constexpr std::size_t most_postgres_values = 65'535;
/// What PostgreSQL's text cannot hold, a NUL or invalid UTF-8: "is not UTF-8 at offset 3"; "" where
/// it can hold it.
[[nodiscard]] std::string postgres_text_fault(std::string_view text);
inline constexpr std::string_view as_bytes_hint = "send bytes as blob(…) into a bytea column";
/// The same as an error.
void check_postgres_text(std::string_view text);
void check_decimal(const decimal& d);
/// NaN, which SQLite would store as NULL.
void check_sqlite_real(double d);

/// How SQLite, which has no decimals, keeps one.
struct sqlite_number {
  bool is_integer = false;
  std::int64_t integer = 0;
  double real = 0;
};
[[nodiscard]] sqlite_number to_sqlite_number(const decimal& d);

[[noreturn]] void refuse_sqlite_array();

/// The error for rows, read at once, that take more than `most` bytes; kind "memory".
[[nodiscard]] error too_large_rows(std::string_view sql, std::size_t most);
/// "256 MB"
[[nodiscard]] std::string in_megabytes(std::size_t bytes);

}  // namespace luamig::db
