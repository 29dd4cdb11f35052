#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace luamig::codec {

/// Texts in UTF-8 by the tables of one Unicode version, whatever the machine's locale. Each throws
/// error{errc::migration} with the offset of what is not UTF-8.

enum class letter_case : unsigned char { lower, upper };

/// Puts the text in lower or upper case into `out`, code point by code point: a letter whose other
/// case is two letters stays. False when nothing changes; then `out` is not meant.
[[nodiscard]] bool change_case(std::string_view text, letter_case to, std::string& out);

/// Code points: what length() of both databases counts.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// The longest beginning of at most `most` code points that ends between two characters as people
/// see them: no accent is taken off its letter, no flag or family cut.
[[nodiscard]] std::string_view beginning(std::string_view text, std::size_t most);

}  // namespace luamig::codec
