#include "db/sqlite_images.hpp"

#include <sodium/crypto_hash_sha256.h>
#include <sqlite3.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "db/sqlite_guard.hpp"

namespace luamig::db {
namespace {

// Each value begins with a letter: "n" alone; "i" and "r" with eight bytes, the lowest first; "t"
// and "b" with their length in eight bytes, and then themselves.
constexpr std::size_t width = 8;

void refuse(sqlite3_context* to, const char* why) { sqlite3_result_error(to, why, -1); }

void put_number(std::string& into, char letter, std::uint64_t bits) {
  into += letter;
  for (std::size_t i = 0; i < width; ++i) into += static_cast<char>(bits >> (8 * i) & 0xFF);
}

std::uint64_t number_at(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) {
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return bits;
}

/// The text is asked for before its length, as SQLite wants it.
std::string_view bytes_of(sqlite3_value* v, bool text) {
  const void* const data = text ? sqlite3_value_text(v) : sqlite3_value_blob(v);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(v));
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), size);
}

void put(std::string& into, sqlite3_value* v) {
  const int type = sqlite3_value_type(v);
  if (type == SQLITE_INTEGER) {
    put_number(into, 'i', static_cast<std::uint64_t>(sqlite3_value_int64(v)));
  } else if (type == SQLITE_FLOAT) {
    put_number(into, 'r', std::bit_cast<std::uint64_t>(sqlite3_value_double(v)));
  } else if (type == SQLITE_NULL) {
    into += 'n';
  } else {
    const std::string_view bytes = bytes_of(v, type == SQLITE_TEXT);
    put_number(into, type == SQLITE_TEXT ? 't' : 'b', bytes.size());
    into += bytes;
  }
}

void give_bytes(sqlite3_context* to, std::string_view bytes) {
  sqlite3_result_blob64(to, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

void pack(sqlite3_context* to, int count, sqlite3_value** arguments) {
  guarded(to, [&] {
    std::string bytes;
    for (int i = 0; i < count; ++i) put(bytes, arguments[i]);
    give_bytes(to, bytes);
  });
}

void join(sqlite3_context* to, int count, sqlite3_value** arguments) {
  guarded(to, [&] {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes += bytes_of(arguments[i], false);
    give_bytes(to, bytes);
  });
}

void hash(sqlite3_context* to, int, sqlite3_value** arguments) {
  const std::string_view bytes = bytes_of(arguments[0], false);
  std::array<unsigned char, crypto_hash_sha256_BYTES> sum{};
  crypto_hash_sha256(sum.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  give_bytes(to, {reinterpret_cast<const char*>(sum.data()), sum.size()});
}

/// How many bytes the value at the beginning takes; nothing where it is cut off, or none.
std::optional<std::size_t> size_at(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  const char letter = bytes[0];
  if (letter == 'n') return 1;
  const bool sized = letter == 't' || letter == 'b';
  if ((!sized && letter != 'i' && letter != 'r') || bytes.size() < 1 + width) return std::nullopt;
  const std::uint64_t more = sized ? number_at(bytes.substr(1)) : 0;
  if (more > bytes.size() - 1 - width) return std::nullopt;
  return 1 + width + static_cast<std::size_t>(more);
}

void give(sqlite3_context* to, std::string_view one) {
  const std::uint64_t number = one[0] == 'n' ? 0 : number_at(one.substr(1));
  const char* const rest = one.data() + 1 + width;
  switch (one[0]) {
    case 'i':
      return sqlite3_result_int64(to, static_cast<std::int64_t>(number));
    case 'r':
      return sqlite3_result_double(to, std::bit_cast<double>(number));
    case 't':
      return sqlite3_result_text64(to, rest, number, SQLITE_TRANSIENT, SQLITE_UTF8);
    case 'b':
      if (number == 0) return sqlite3_result_zeroblob(to, 0);
      return sqlite3_result_blob64(to, rest, number, SQLITE_TRANSIENT);
    default:
      return sqlite3_result_null(to);
  }
}

void unpack(sqlite3_context* to, int, sqlite3_value** arguments) {
  std::string_view rest = bytes_of(arguments[0], false);
  for (auto wanted = sqlite3_value_int64(arguments[1]);; --wanted) {
    const auto size = size_at(rest);
    if (!size || wanted < 1) return refuse(to, "luamig_undo holds a damaged image");
    if (wanted == 1) return give(to, rest.substr(0, *size));
    rest.remove_prefix(*size);
  }
}

}  // namespace

void install_sqlite_images(sqlite3* on) {
  constexpr int how = SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_DETERMINISTIC;
  const auto make = [on](const char* name, int count,
                         void (*body)(sqlite3_context*, int, sqlite3_value**)) {
    sqlite3_create_function_v2(on, name, count, how, nullptr, body, nullptr, nullptr, nullptr);
  };
  make("luamig_pack", -1, &pack);
  make("luamig_join", -1, &join);
  make("luamig_hash", 1, &hash);
  make("luamig_unpack", 2, &unpack);
}

}  // namespace luamig::db
