#include "script/checksum.hpp"

#include <sodium/crypto_hash_sha256.h>

#include <array>
#include <vector>

#include "script/lua_lexer.hpp"

namespace luamig::script {

std::string normalise(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (std::size_t i = after_byte_order_mark(source); i < source.size(); ++i) {
    const char c = source[i];
    if (c != '\r') {
      out += c;
    } else if (i + 1 == source.size() || source[i + 1] != '\n') {
      out += '\n';
    }
  }
  return out;
}

std::string checksum(std::string_view normalised) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char c : sha256(normalised)) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return {hash.begin(), hash.end()};
}

std::string sha256(const std::function<std::size_t(std::span<char>)>& read) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::vector<char> room(64UL * 1024);
  while (const std::size_t size = read(room)) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(room.data()), size);
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256_final(&state, hash.data());
  return {hash.begin(), hash.end()};
}

}  // namespace luamig::script
