#include "codec/crypto.hpp"

#include <sodium/core.h>
#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/crypto_pwhash.h>
#include <sodium/crypto_secretbox.h>
#include <sodium/utils.h>

#include <array>

#include "base/error.hpp"
#include "codec/random.hpp"

namespace luamig::codec {
namespace {

constexpr int alphabet = sodium_base64_VARIANT_ORIGINAL;

const unsigned char* in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* into(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// It chooses what this processor does best, once.
void ready() {
  if (sodium_init() < 0) throw error{errc::migration, "the system gives no random bytes"};
}

}  // namespace

std::string hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), in(bytes), bytes.size());
  text.pop_back();
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string bytes(text.size() / 2, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(into(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, &end) !=
      0)
    return {};
  if (end != text.data() + text.size() || size != bytes.size()) return {};
  return bytes;
}

std::string base64(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), alphabet), '\0');
  sodium_bin2base64(text.data(), text.size(), in(bytes), bytes.size(), alphabet);
  text.pop_back();
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(into(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, &end,
                        alphabet) != 0)
    return {};
  if (end != text.data() + text.size()) return {};
  bytes.resize(size);
  return bytes;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  std::string code(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_init(&state, in(key), key.size());
  crypto_auth_hmacsha256_update(&state, in(text), text.size());
  crypto_auth_hmacsha256_final(&state, into(code));
  return code;
}

std::string read_key(std::string_view text, std::string_view word) {
  std::string key = from_hex(text).value_or(std::string());
  if (key.empty()) key = from_base64(text).value_or(std::string());
  if (key.size() == crypto_secretbox_KEYBYTES) return key;
  throw error{errc::migration,
              std::string(word) + ": the key is not 32 bytes in hexadecimal digits or base64",
              "`openssl rand -hex 32` makes one; secret(\"NAME\") reads it from outside"};
}

std::string seal(const std::string& key, std::string_view bytes) {
  ready();
  const std::string nonce = random_bytes(crypto_secretbox_NONCEBYTES);
  std::string box(crypto_secretbox_MACBYTES + bytes.size(), '\0');
  crypto_secretbox_easy(into(box), in(bytes), bytes.size(), in(nonce), in(key));
  return nonce + box;
}

std::optional<std::string> open(const std::string& key, std::string_view sealed) {
  ready();
  constexpr std::size_t front = crypto_secretbox_NONCEBYTES;
  if (sealed.size() < front + crypto_secretbox_MACBYTES) return {};
  const std::string_view box = sealed.substr(front);
  std::string bytes(box.size() - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(into(bytes), in(box), box.size(), in(sealed), in(key)) != 0)
    return {};
  return bytes;
}

std::string password_hash(std::string_view password) {
  ready();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw error{errc::limit, "the system has not the 64 MB that argon2id takes"};
  return text.data();
}

}  // namespace luamig::codec
