#pragma once

#include <string>
#include <string_view>

namespace luamig::engine {

/// The text as a zlib stream (RFC 1950), and back. Decompressing bytes that are no such stream
/// throws error{errc::integrity}.
[[nodiscard]] std::string compress(std::string_view text);
[[nodiscard]] std::string decompress(std::string_view bytes);

}  // namespace luamig::engine
