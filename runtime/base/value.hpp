#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace luamig {

/// SQL NULL.
struct null_value {
  bool operator==(const null_value&) const = default;
};

/// An exact decimal in its canonical spelling: "-12.50", "NaN", "Infinity". Not checked here.
struct decimal {
  std::string digits;
  bool operator==(const decimal&) const = default;
};

/// Bytes, never interpreted as text.
struct blob {
  std::string bytes;
  bool operator==(const blob&) const = default;
};

struct value;

/// A PostgreSQL array; one of more dimensions holds arrays.
struct array {
  std::vector<value> items;
  bool operator==(const array&) const;
};

/// One SQL value as it travels between scripts and databases. Text is UTF-8. Owns its bytes.
struct value
    : std::variant<null_value, bool, std::int64_t, double, decimal, std::string, blob, array> {
  using variant::variant;
  [[nodiscard]] bool is_null() const noexcept { return index() == 0; }
};

inline bool array::operator==(const array& other) const { return items == other.items; }

}  // namespace luamig
