#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::codec {

enum class json_kind : unsigned char { null, no, yes, number, text, array, object };

/// One value of a JSON text as it is spelled there. The tokens of a text stand in its order: those
/// of an array are its items, those of an object a key (a text) and a value in turn.
struct json_token {
  std::uint32_t at = 0;     ///< its first byte, a text's opening quote
  std::uint32_t size = 0;   ///< bytes, with the quotes
  std::uint32_t next = 0;   ///< index of the token after it and all that it holds
  std::uint32_t count = 0;  ///< items of an array, members of an object
  json_kind kind = json_kind::null;
  bool plain = true;  ///< a text without escapes: its bytes are the value

  [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(at, size); }
  /// The bytes between a text's quotes.
  [[nodiscard]] std::string_view inner(std::string_view text) const {
    return text.substr(at + 1, size - 2);
  }
};
using json_tokens = std::vector<json_token>;

inline constexpr std::size_t deepest_json = 1000;
/// Their tokens take 200 MB, and as values of Lua they would take more.
inline constexpr std::size_t most_json_tokens = 10'000'000;

/// The one value of a text by RFC 8259, in the place of what `into` held. Throws
/// error{errc::migration} that names the offset for anything else, for what is not UTF-8, half a
/// surrogate pair, and more than `deepest_json` containers in one another or `most_json_tokens`.
/// Twice the same key is no error here.
void scan_json(std::string_view text, json_tokens& into);

/// A step of a path: into the member of an object, or, where the position is not 0, to an item of
/// an array, counted from 1.
struct json_step {
  std::string_view key;
  double position = 0;
};

struct json_found {
  bool is_there = false;
  json_token value;  ///< where it is there
  json_token twice;  ///< a key of the path that its object has before; empty where none is
};

/// The value at the end of a path, in the text that is read as by scan_json, without its tokens.
[[nodiscard]] json_found find_json(std::string_view text, std::span<const json_step> path);

/// Adds what a scanned text with escapes stands for; `inner` is what is between its quotes.
void append_unescaped(std::string_view inner, std::string& out);

/// Adds a text in quotes; only what must be is escaped. Returns the offset of what is not UTF-8.
std::optional<std::size_t> append_json_text(std::string_view text, std::string& out);

/// The double that a scanned number is, when it gives back every digit and is no integer from 10^14
/// to 10^21, which a script would print without its last digits.
[[nodiscard]] std::optional<double> plain_number(std::string_view spelled);
/// Adds the shortest spelling that gives the number back; an integer below 2^53 without an
/// exponent. Finite numbers only.
void append_json_number(double number, std::string& out);

}  // namespace luamig::codec
