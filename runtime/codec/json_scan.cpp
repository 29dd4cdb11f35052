#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "codec/json.hpp"

namespace luamig::codec {
namespace {

constexpr std::uint32_t none = 0xFFFFFFFF;
constexpr std::size_t longest = 0x7FFFFFFF;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
constexpr bool is_high_half(unsigned u) { return u >= 0xD800 && u <= 0xDBFF; }
constexpr bool is_low_half(unsigned u) { return u >= 0xDC00 && u <= 0xDFFF; }

// The bytes within a text that end a run of plain ones.
constexpr std::array<bool, 256> make_stops() {
  std::array<bool, 256> stops{};
  for (unsigned c = 0; c < 0x20; ++c) stops[c] = true;
  stops['"'] = stops['\\'] = true;
  return stops;
}
constexpr std::array<bool, 256> stops = make_stops();

std::string shown(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "the end";
  if (static_cast<unsigned char>(text[at]) < 0x20) return "a control character";
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) ++end;
  const std::string_view character = text.substr(at, end - at);
  if (text::invalid_utf8(character)) return "a byte that is not UTF-8";
  return "'" + text::escape_controls(character) + "'";
}

class scanner {
 public:
  scanner(std::string_view text, json_tokens& into) : text_(text), tokens_(into) {}

  void run() {
    if (text_.size() > longest) throw error{errc::migration, "the JSON text is longer than 2 GB"};
    tokens_.clear();
    value();
    while (open_ != none) member();
    blanks();
    if (at_ != text_.size()) expected("the end");
    if ((seen_ & 0x80U) == 0) return;
    if (const auto bad = text::invalid_utf8(text_)) fail("is not UTF-8", *bad);
  }

 private:
  [[noreturn]] static void fail(const std::string& what, std::size_t at) {
    throw error{errc::migration, "the JSON text " + what + " at offset " + std::to_string(at)};
  }

  [[noreturn]] void expected(const char* what) const {
    throw error{errc::migration, "the JSON text has " + shown(text_, at_) + " at offset " +
                                     std::to_string(at_) + ", where " + what + " is expected"};
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(at_); }
  [[nodiscard]] std::uint32_t size_from(std::uint32_t start) const { return here() - start; }

  void blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  // One more item or member of the open container, or its end.
  void member() {
    const bool in_object = tokens_[open_].kind == json_kind::object;
    const bool first = tokens_[open_].count == 0;
    blanks();
    if (peek() == (in_object ? '}' : ']')) return close();
    if (!first) {
      if (peek() != ',') expected(in_object ? "',' or '}'" : "',' or ']'");
      ++at_;
    }
    ++tokens_[open_].count;
    if (in_object) key();
    value();
  }

  void key() {
    blanks();
    if (peek() != '"') expected("a key in double quotes");
    string();
    blanks();
    if (peek() != ':') expected("':'");
    ++at_;
  }

  void value() {
    blanks();
    switch (peek()) {
      case '{':
        return open(json_kind::object);
      case '[':
        return open(json_kind::array);
      case '"':
        return string();
      case 't':
        return word("true", json_kind::yes);
      case 'f':
        return word("false", json_kind::no);
      case 'n':
        return word("null", json_kind::null);
      default:
        return number();
    }
  }

  void add(std::uint32_t start, json_kind kind, bool plain = true) {
    if (tokens_.size() >= most_json_tokens) fail("has more than 10,000,000 values", start);
    const auto next = static_cast<std::uint32_t>(tokens_.size() + 1);
    tokens_.push_back({start, size_from(start), next, 0, kind, plain});
  }

  // While a container is open, its `next` is the one around it.
  void open(json_kind kind) {
    if (++depth_ > deepest_json) fail("is nested more than 1000 deep", at_);
    if (tokens_.size() >= most_json_tokens) fail("has more than 10,000,000 values", at_);
    tokens_.push_back({here(), 0, open_, 0, kind, true});
    open_ = static_cast<std::uint32_t>(tokens_.size() - 1);
    ++at_;
  }

  void close() {
    ++at_;
    --depth_;
    json_token& container = tokens_[open_];
    open_ = container.next;
    container.size = size_from(container.at);
    container.next = static_cast<std::uint32_t>(tokens_.size());
  }

  void word(std::string_view spelled, json_kind kind) {
    if (text_.substr(at_, spelled.size()) != spelled) expected("a value");
    const std::uint32_t start = here();
    at_ += spelled.size();
    add(start, kind);
  }

  void digits() {
    if (!is_digit(peek())) expected("a digit");
    while (is_digit(peek())) ++at_;
  }

  void number() {
    const std::uint32_t start = here();
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
    add(start, json_kind::number);
  }

  void string() {
    const std::uint32_t start = here();
    bool plain = true;
    ++at_;
    for (;;) {
      run_of_plain();
      if (at_ >= text_.size()) expected("a closing '\"'");
      if (text_[at_] == '"') break;
      if (text_[at_] != '\\') expected("an escaped control character");
      plain = false;
      escape();
    }
    ++at_;
    add(start, json_kind::text, plain);
  }

  void run_of_plain() {
    const char* at = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    unsigned char seen = seen_;
    while (at != end && !stops[static_cast<unsigned char>(*at)])
      seen = static_cast<unsigned char>(seen | static_cast<unsigned char>(*at++));
    seen_ = seen;
    at_ = static_cast<std::size_t>(at - text_.data());
  }

  void escape() {
    const std::size_t start = at_++;
    if (peek() != 'u') {
      if (at_ >= text_.size() || std::string_view("\"\\/bfnrt").find(peek()) == std::string::npos)
        expected("one of \"\\/bfnrtu");
      ++at_;
      return;
    }
    const unsigned unit = hex4();
    if (!is_high_half(unit) && !is_low_half(unit)) return;
    const bool pair = is_high_half(unit) && text_.substr(at_, 2) == "\\u";
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

  std::string_view text_;
  json_tokens& tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::uint32_t open_ = none;
  unsigned char seen_ = 0;  // every byte of every text, or-ed
};

}  // namespace

void scan_json(std::string_view text, json_tokens& into) { scanner(text, into).run(); }

}  // namespace luamig::codec
