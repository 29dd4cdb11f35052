#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/eight_bytes.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "codec/json.hpp"

namespace luamig::codec {

/// Reads the marks, words, numbers and texts of a JSON text, one after the other, and says what is
/// wrong and where. What becomes of them is the derived class's affair.
class json_reader {
 protected:
  explicit json_reader(std::string_view text)
      : begin_(text.data()), end_(text.data() + text.size()), at_(begin_) {
    if (text.size() > longest) throw error{errc::migration, "the JSON text is longer than 2 GB"};
  }

  [[nodiscard]] std::string_view text() const {
    return {begin_, static_cast<std::size_t>(end_ - begin_)};
  }
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(at_ - begin_); }
  [[nodiscard]] char peek() const { return at_ != end_ ? *at_ : '\0'; }
  void skip() { ++at_; }

  [[noreturn]] static void fail(const std::string& what, std::size_t at) {
    throw error{errc::migration, "the JSON text " + what + " at offset " + std::to_string(at)};
  }
  [[noreturn]] void expected(const char* what) const {
    throw error{errc::migration, "the JSON text has " + shown() + " at offset " +
                                     std::to_string(here()) + ", where " + what + " is expected"};
  }

  void blanks() {
    const char* at = at_;
    while (at != end_ && *at <= ' ' && is_blank(*at)) ++at;
    at_ = at;
  }

  /// Behind the value: nothing else, and all of it was UTF-8.
  void finish() {
    blanks();
    if (at_ != end_) expected("the end");
    if ((seen_ & eight_bytes::highest) == 0) return;
    if (const auto bad = text::invalid_utf8(text())) fail("is not UTF-8", *bad);
  }

  /// A text; whether it has no escapes.
  bool string() {
    if (short_string()) return true;
    bool plain = true;
    ++at_;
    for (;;) {
      run_of_plain();
      if (at_ == end_) expected("a closing '\"'");
      if (*at_ == '"') break;
      if (*at_ != '\\') expected("an escaped control character");
      plain = false;
      escape();
    }
    ++at_;
    return plain;
  }

  /// A key, from here on; whether it has no escapes.
  bool key() {
    if (peek() != '"') expected("a key in double quotes");
    return string();
  }
  void colon() {
    blanks();
    if (peek() != ':') expected("':'");
    ++at_;
  }

  /// A value that is no text and holds no others.
  json_kind scalar() {
    switch (peek()) {
      case 't':
        return word("true", json_kind::yes);
      case 'f':
        return word("false", json_kind::no);
      case 'n':
        return word("null", json_kind::null);
      default:
        number();
        return json_kind::number;
    }
  }

 private:
  static constexpr std::size_t longest = 0x7FFFFFFF;

  static constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static constexpr bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
  static constexpr bool is_high_half(unsigned u) { return u >= 0xD800 && u <= 0xDBFF; }
  static constexpr bool is_low_half(unsigned u) { return u >= 0xDC00 && u <= 0xDFFF; }
  // The bytes within a text that end a run of plain ones.
  static constexpr bool is_stop(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
  }
  static constexpr std::uint64_t stops_in(eight_bytes bytes) {
    return bytes.below(0x20) | bytes.equal('"') | bytes.equal('\\');
  }

  [[nodiscard]] std::string shown() const {
    if (at_ == end_) return "the end";
    if (static_cast<unsigned char>(*at_) < 0x20) return "a control character";
    const char* end = at_ + 1;
    while (end != end_ && (static_cast<unsigned char>(*end) & 0xC0U) == 0x80) ++end;
    const std::string_view character(at_, static_cast<std::size_t>(end - at_));
    if (text::invalid_utf8(character)) return "a byte that is not UTF-8";
    return "'" + text::escape_controls(character) + "'";
  }

  json_kind word(std::string_view spelled, json_kind kind) {
    if (text().substr(here(), spelled.size()) != spelled) expected("a value");
    at_ += spelled.size();
    return kind;
  }

  void digits() {
    if (!is_digit(peek())) expected("a digit");
    const char* at = at_;
    while (at != end_ && is_digit(*at)) ++at;
    at_ = at;
  }

  void number() {
    if (peek() != '-' && !is_digit(peek())) expected("a value");
    if (peek() == '-') ++at_;
    if (peek() == '0')
      ++at_;
    else
      digits();
    if (peek() == '.') ++at_, digits();
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
  }

  // A text of less than eight bytes, all of them plain, with others behind it: most keys.
  bool short_string() {
    if (end_ - at_ < 9) return false;
    const auto bytes = eight_bytes::at(at_ + 1);
    const std::size_t passed = eight_bytes::before(stops_in(bytes));
    if (passed == eight_bytes::size || at_[1 + passed] != '"') return false;
    seen_ |= bytes.word;
    at_ += passed + 2;
    return true;
  }

  void run_of_plain() {
    const char* at = at_;
    std::uint64_t seen = 0;
    while (end_ - at >= static_cast<std::ptrdiff_t>(eight_bytes::size)) {
      const auto bytes = eight_bytes::at(at);
      seen |= bytes.word;
      const std::size_t passed = eight_bytes::before(stops_in(bytes));
      at += passed;
      if (passed < eight_bytes::size) break;
    }
    while (at != end_ && !is_stop(*at)) seen |= static_cast<unsigned char>(*at++);
    seen_ |= seen;
    at_ = at;
  }

  void escape() {
    const std::size_t start = here();
    ++at_;
    if (peek() != 'u') {
      if (at_ == end_ || std::string_view("\"\\/bfnrt").find(*at_) == std::string_view::npos)
        expected("one of \"\\/bfnrtu");
      ++at_;
      return;
    }
    const unsigned unit = hex4();
    if (!is_high_half(unit) && !is_low_half(unit)) return;
    const bool pair = is_high_half(unit) && text().substr(here(), 2) == "\\u";
    if (pair) ++at_;
    if (!pair || !is_low_half(hex4())) fail("has half a surrogate pair", start);
  }

  // Behind the backslash, at the 'u'.
  unsigned hex4() {
    ++at_;
    unsigned unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const int digit = is_digit(c)            ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) expected("one of four hexadecimal digits");
      unit = unit * 16 + static_cast<unsigned>(digit);
    }
    return unit;
  }

  const char* begin_;
  const char* end_;
  const char* at_;
  std::uint64_t seen_ = 0;  // every byte of every text, or-ed, and some behind them
};

}  // namespace luamig::codec
