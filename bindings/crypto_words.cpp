#include "bindings/crypto_words.hpp"

#include <cmath>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/time_words.hpp"
#include "codec/crypto.hpp"
#include "codec/random.hpp"
#include "script/checksum.hpp"

namespace luamig::bindings {
namespace {

constexpr double most_random = 1 << 20;

int push_scratch(lua_State* L) {
  const std::string& out = context::of(L).scratch;
  lua_pushlstring(L, out.data(), out.size());
  return 1;
}

// Of the bytes of the first argument; nil of a NULL column.
template <typename Change>
int changed(lua_State* L, const char* word, Change&& change) {
  const auto bytes = bytes_argument(L, word);
  if (!bytes) return lua_pushnil(L), 1;
  context::of(L).scratch = change(*bytes);
  return push_scratch(L);
}

std::string read(const char* word, const char* what, std::optional<std::string>&& bytes) {
  if (bytes) return std::move(*bytes);
  throw error{errc::migration, std::string(word) + ": the text is not " + what + " throughout"};
}

std::string open_text(std::string_view key, std::string_view text) {
  const std::string bytes = read("crypto.open", "base64", codec::from_base64(text));
  auto opened = codec::open(codec::read_key(key, "crypto.open"), bytes);
  if (opened) return std::move(*opened);
  throw error{errc::migration,
              "crypto.open: the text was not sealed with this key, or has changed since"};
}

}  // namespace

int core_sha256(lua_State* L) {
  return changed(L, "crypto.sha256",
                 [](std::string_view bytes) { return codec::hex(script::sha256(bytes)); });
}

int core_hex(lua_State* L) { return changed(L, "crypto.hex", codec::hex); }

int core_unhex(lua_State* L) {
  return changed(L, "crypto.unhex", [](std::string_view text) {
    return read("crypto.unhex", "hexadecimal", codec::from_hex(text));
  });
}

int core_base64(lua_State* L) { return changed(L, "crypto.base64", codec::base64); }

int core_unbase64(lua_State* L) {
  return changed(L, "crypto.unbase64", [](std::string_view text) {
    return read("crypto.unbase64", "base64", codec::from_base64(text));
  });
}

int core_hmac(lua_State* L) {
  const std::string_view key = text_argument(L, 1, "crypto.hmac: the key");
  const std::string_view text = text_argument(L, 2, "crypto.hmac: the text");
  context::of(L).scratch = codec::hex(codec::hmac_sha256(key, text));
  return push_scratch(L);
}

int core_seal(lua_State* L) {
  const std::string_view key = text_argument(L, 1, "crypto.seal: the key");
  const std::string_view bytes = text_argument(L, 2, "crypto.seal: the text");
  context::of(L).scratch = codec::base64(codec::seal(codec::read_key(key, "crypto.seal"), bytes));
  return push_scratch(L);
}

int core_unseal(lua_State* L) {
  const std::string_view key = text_argument(L, 1, "crypto.open: the key");
  const std::string_view text = text_argument(L, 2, "crypto.open: the text");
  context::of(L).scratch = open_text(key, text);
  return push_scratch(L);
}

int core_password(lua_State* L) {
  context::of(L).scratch =
      codec::password_hash(text_argument(L, 1, "crypto.password: the password"));
  return push_scratch(L);
}

int core_random(lua_State* L) {
  const double count = lua_tonumber(L, 1);
  if (lua_type(L, 1) != LUA_TNUMBER || count < 1 || count > most_random ||
      count != std::floor(count))
    throw error{errc::migration,
                "crypto.random: the number of bytes is missing or no integer from 1 to 1048576"};
  context::of(L).scratch = codec::random_bytes(static_cast<std::size_t>(count));
  return push_scratch(L);
}

int core_uuid4(lua_State* L) {
  context::of(L).scratch = context::of(L).uuids.random();
  return push_scratch(L);
}

int core_uuid7(lua_State* L) {
  context& ctx = context::of(L);
  ctx.scratch = ctx.uuids.ordered(static_cast<std::uint64_t>(step_seconds(ctx) * 1000 + 0.5));
  return push_scratch(L);
}

}  // namespace luamig::bindings
