#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace luamig::codec {

[[nodiscard]] std::string hex(std::string_view bytes);
/// Nothing where the text is not pairs of hexadecimal digits throughout.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

/// The alphabet of RFC 4648 with + and /, padded.
[[nodiscard]] std::string base64(std::string_view bytes);
/// Nothing where the text is not that throughout.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// HMAC-SHA256: 32 bytes.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);

/// A key of 32 bytes from its 64 hexadecimal digits or its base64. Throws error{errc::migration}
/// naming `word` for anything else, and never the text.
[[nodiscard]] std::string read_key(std::string_view text, std::string_view word);

/// NaCl's secretbox (XSalsa20, Poly1305) with a random nonce in front of it.
[[nodiscard]] std::string seal(const std::string& key, std::string_view bytes);
/// What was sealed; nothing where it was not sealed by this key, or has changed since.
[[nodiscard]] std::optional<std::string> open(const std::string& key, std::string_view sealed);

/// "$argon2id$…" with libsodium's parameters for a log-in, which take 64 MB.
[[nodiscard]] std::string password_hash(std::string_view password);

}  // namespace luamig::codec
