#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace luamig::script {

/// The text as it is hashed and kept: no byte order mark, CRLF and CR as LF.
[[nodiscard]] std::string normalise(std::string_view source);

/// SHA-256 in lower-case hex of a normalised text, so that line endings and a BOM make no
/// difference.
[[nodiscard]] std::string checksum(std::string_view normalised);

/// SHA-256 of the bytes as they are: 32 bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);
/// The same of a file of any size: `read` fills the front of a room, and says how much of it.
[[nodiscard]] std::string sha256(const std::function<std::size_t(std::span<char>)>& read);

}  // namespace luamig::script
