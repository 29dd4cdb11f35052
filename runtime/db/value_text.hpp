#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luamig::db {

/// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// The bytes of PostgreSQL's `\x…`. Throws error{errc::sql} for another form.
[[nodiscard]] std::string from_hex(std::string_view text);

/// The shortest text that reads back as the same double; "NaN", "Infinity", "-Infinity".
[[nodiscard]] std::string real_text(double d);

/// Whether these are a decimal's digits: "-12.50", "1e3", "NaN", "Infinity".
[[nodiscard]] bool is_decimal(std::string_view digits) noexcept;

/// The integer, where a decimal is one and fits ("7", "7.00"); else nothing.
[[nodiscard]] std::optional<std::int64_t> integral_decimal(std::string_view digits);

/// The double, where a decimal comes back from it unchanged but for zeros at its end.
[[nodiscard]] std::optional<double> real_decimal(std::string_view digits);

}  // namespace luamig::db
