#include "script/lua_lexer.hpp"

#include <array>
#include <cstdint>

#include "base/error.hpp"

namespace luamig::script {
namespace {

enum : unsigned char { blank = 1, letter = 2, digit = 4, newline = 8, ends_string_run = 16 };
constexpr unsigned char word_part = letter | digit;

constexpr std::array<unsigned char, 256> make_classes() {
  std::array<unsigned char, 256> classes{};
  for (const unsigned char c : {' ', '\t', '\v', '\f'}) classes[c] = blank;
  classes['\n'] = classes['\r'] = newline | ends_string_run;
  for (const unsigned char c : {'"', '\'', '\\'}) classes[c] = ends_string_run;
  for (unsigned c = '0'; c <= '9'; ++c) classes[c] = digit;
  for (unsigned c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 'a' + 'A'] = letter;
  classes['_'] = letter;
  for (unsigned c = 0x80; c < 256; ++c) classes[c] = letter;
  return classes;
}

constexpr std::array<unsigned char, 256> classes = make_classes();

struct keyword {
  std::string_view text;
  token_kind kind;
};

constexpr std::array<keyword, 21> keywords{{{"and", token_kind::and_or},
                                            {"break", token_kind::other_word},
                                            {"do", token_kind::do_},
                                            {"else", token_kind::other_word},
                                            {"elseif", token_kind::other_word},
                                            {"end", token_kind::end_},
                                            {"false", token_kind::false_},
                                            {"for", token_kind::loop},
                                            {"function", token_kind::function_},
                                            {"if", token_kind::if_},
                                            {"in", token_kind::other_word},
                                            {"local", token_kind::local_},
                                            {"nil", token_kind::nil_},
                                            {"not", token_kind::other_word},
                                            {"or", token_kind::and_or},
                                            {"repeat", token_kind::repeat_},
                                            {"return", token_kind::return_},
                                            {"then", token_kind::other_word},
                                            {"true", token_kind::true_},
                                            {"until", token_kind::until_},
                                            {"while", token_kind::loop}}};

/// The first keyword of each first letter, so that most names compare with none.
constexpr std::array<unsigned char, 128> make_first_keyword() noexcept {
  std::array<unsigned char, 128> first{};
  for (auto& f : first) f = keywords.size();
  for (std::size_t i = keywords.size(); i-- > 0;) {
    first[static_cast<unsigned char>(keywords[i].text[0])] = static_cast<unsigned char>(i);
  }
  return first;
}

constexpr std::array<unsigned char, 128> first_keyword = make_first_keyword();

bool equal(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

token_kind kind_of_word(std::string_view text) noexcept {
  const auto c = static_cast<unsigned char>(text[0]);
  if (c >= 128 || text.size() < 2 || text.size() > 8) return token_kind::name;
  for (std::size_t i = first_keyword[c]; i < keywords.size() && keywords[i].text[0] == text[0];
       ++i) {
    if (equal(keywords[i].text, text)) return keywords[i].kind;
  }
  return token_kind::name;
}

/// Whether a word of this first letter and length may open or close a block: a sieve, since most
/// words do not.
constexpr bool may_nest(unsigned char first, std::size_t length) noexcept {
  constexpr std::uint32_t letters = 1U << ('d' - 'a') | 1U << ('e' - 'a') | 1U << ('f' - 'a') |
                                    1U << ('i' - 'a') | 1U << ('r' - 'a') | 1U << ('u' - 'a') |
                                    1U << ('w' - 'a');
  constexpr std::uint32_t lengths = 1U << 2U | 1U << 3U | 1U << 5U | 1U << 6U | 1U << 8U;
  return length <= 8 && (lengths >> length & 1U) != 0 && first >= 'a' && first <= 'z' &&
         (letters >> (first - 'a') & 1U) != 0;
}

bool is_nesting(token_kind kind) noexcept {
  return kind >= token_kind::open && kind <= token_kind::end_;
}

bool is_newline(char c) noexcept { return c == '\n' || c == '\r'; }

}  // namespace

std::size_t after_byte_order_mark(std::string_view source) noexcept {
  return source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

lua_lexer::lua_lexer(std::string_view source, std::string_view path) noexcept
    : source_(source), path_(path), at_(after_byte_order_mark(source)) {
  if (peek() != '#') return;
  while (at_ < source_.size() && !is_newline(source_[at_])) ++at_;
}

token lua_lexer::next() {
  skip_blanks();
  if (at_ >= source_.size()) return take(token_kind::end_of_file, 0);
  const unsigned char c = peek();
  const unsigned char kind = classes[c];
  if (kind == letter) return word();
  if (kind == digit || (c == '.' && classes[peek(1)] == digit)) return number();
  if (c == '"' || c == '\'') return quoted_string();
  if (c == '[') {
    if (const int level = long_bracket_level(at_); level >= 0) return long_string(level);
  }
  return symbol();
}

void lua_lexer::skip_blanks() {
  while (at_ < source_.size()) {
    const unsigned char c = peek();
    if (classes[c] == blank) {
      ++at_;
    } else if ((classes[c] & newline) != 0) {
      skip_newline();
    } else if (c == '-' && peek(1) == '-') {
      skip_comment();
    } else {
      return;
    }
  }
}

void lua_lexer::skip_comment() {
  at_ += 2;
  if (const int level = long_bracket_level(at_); level >= 0) {
    skip_long_bracket(level, "comment");
    return;
  }
  std::size_t at = at_;
  while (at < source_.size() && !is_newline(source_[at])) ++at;
  at_ = at;
}

// \r\n and \n\r are one line each, as in Lua.
void lua_lexer::skip_newline() noexcept {
  const char first = source_[at_++];
  if (at_ < source_.size() && is_newline(source_[at_]) && source_[at_] != first) ++at_;
  ++line_;
}

int lua_lexer::long_bracket_level(std::size_t from) const noexcept {
  if (from >= source_.size() || source_[from] != '[') return -1;
  std::size_t i = from + 1;
  while (i < source_.size() && source_[i] == '=') ++i;
  return i < source_.size() && source_[i] == '[' ? static_cast<int>(i - from - 1) : -1;
}

void lua_lexer::skip_long_bracket(int level, std::string_view what) {
  const int begins = line_;
  const auto equals = static_cast<std::size_t>(level);
  at_ += equals + 2;
  while (at_ < source_.size()) {
    const char c = source_[at_];
    if (is_newline(c)) {
      skip_newline();
      continue;
    }
    ++at_;
    if (c != ']') continue;
    std::size_t i = at_;
    while (i < source_.size() && source_[i] == '=') ++i;
    if (i - at_ == equals && i < source_.size() && source_[i] == ']') {
      at_ = i + 1;
      return;
    }
  }
  unfinished(what, begins, "close it with ]" + std::string(equals, '=') + "]");
}

token lua_lexer::take(token_kind kind, std::size_t length) noexcept {
  token t{kind, source_.substr(at_, length), line_};
  at_ += length;
  return t;
}

std::size_t lua_lexer::end_of_word(std::size_t from) const noexcept {
  while (from < source_.size() &&
         (classes[static_cast<unsigned char>(source_[from])] & word_part) != 0) {
    ++from;
  }
  return from;
}

token lua_lexer::word() noexcept {
  const std::size_t length = end_of_word(at_ + 1) - at_;
  return take(kind_of_word(source_.substr(at_, length)), length);
}

// The position is held in a register: most of a run's scanning time is this loop. A number may be
// cut in pieces here ("1e+5"): no piece is a word.
token lua_lexer::next_of_nesting() {
  const std::string_view source = source_;
  std::size_t at = at_;
  while (at < source.size()) {
    const auto c = static_cast<unsigned char>(source[at]);
    const unsigned char kind = classes[c];
    if (kind == blank) {
      ++at;
    } else if ((kind & word_part) != 0) {
      const std::size_t from = at;
      while (at < source.size() &&
             (classes[static_cast<unsigned char>(source[at])] & word_part) != 0) {
        ++at;
      }
      if (!may_nest(c, at - from)) continue;
      const token_kind word = kind_of_word(source.substr(from, at - from));
      if (!is_nesting(word)) continue;
      at_ = at;
      return {word, source.substr(from, at - from), line_};
    } else {
      at_ = at;
      if (const token t = skip_or_bracket(); is_nesting(t.kind)) return t;
      at = at_;
    }
  }
  at_ = at;
  return take(token_kind::end_of_file, 0);
}

token lua_lexer::skip_or_bracket() {
  switch (source_[at_]) {
    case '\n':
    case '\r':
      skip_newline();
      return {};
    case '"':
    case '\'':
      return quoted_string();
    case '[':
      if (const int level = long_bracket_level(at_); level >= 0) return long_string(level);
      return take(token_kind::open, 1);
    case '(':
    case '{':
      return take(token_kind::open, 1);
    case ')':
    case ']':
    case '}':
      return take(token_kind::close, 1);
    case '-':
      if (peek(1) == '-') {
        skip_comment();
        return {};
      }
      [[fallthrough]];
    default:
      ++at_;
      return {};
  }
}

token lua_lexer::number() noexcept {
  const bool hex = peek() == '0' && (peek(1) | 0x20U) == 'x';
  std::size_t length = 1;
  for (unsigned char before = 0;; ++length) {
    const unsigned char c = peek(length);
    const bool sign = (c == '+' || c == '-') && before == (hex ? 'p' : 'e');
    if (!sign && c != '.' && (classes[c] & word_part) == 0) break;
    before = static_cast<unsigned char>(c | 0x20U);
  }
  return take(token_kind::number, length);
}

token lua_lexer::quoted_string() {
  const std::size_t from = at_;
  const int line = line_;
  const char quote = source_[at_++];
  while (true) {
    std::size_t at = at_;
    while (at < source_.size() &&
           (classes[static_cast<unsigned char>(source_[at])] & ends_string_run) == 0) {
      ++at;
    }
    at_ = at;
    if (at >= source_.size() || is_newline(source_[at])) {
      unfinished(
          "string", line,
          "close it with " + std::string(1, quote) + ", or write a text of many lines in [[ ]]");
    }
    if (source_[at] == '\\') {
      skip_escape();
      continue;
    }
    ++at_;
    if (source_[at] == quote) return {token_kind::string, source_.substr(from, at_ - from), line};
  }
}

void lua_lexer::skip_escape() {
  ++at_;
  if (at_ >= source_.size()) return;
  const char c = source_[at_];
  if (is_newline(c)) return skip_newline();
  ++at_;
  if (c != 'z') return;
  while (at_ < source_.size() && (classes[peek()] & (blank | newline)) != 0) {
    if (is_newline(source_[at_])) {
      skip_newline();
    } else {
      ++at_;
    }
  }
}

token lua_lexer::long_string(int level) {
  token t{token_kind::string, {}, line_};
  const std::size_t from = at_;
  skip_long_bracket(level, "string");
  t.text = source_.substr(from, at_ - from);
  return t;
}

token lua_lexer::symbol() noexcept {
  const unsigned char c = peek();
  switch (c) {
    case '(':
    case '[':
    case '{':
      return take(token_kind::open, 1);
    case ')':
    case ']':
    case '}':
      return take(token_kind::close, 1);
    case '=':
    case '<':
    case '>':
    case '~':
      return take(token_kind::symbol, peek(1) == '=' ? 2 : 1);
    case ':':
      if (peek(1) == ':') return take(token_kind::other_word, 2);
      return take(token_kind::symbol, 1);
    case '.':
      return take(token_kind::symbol, peek(1) != '.' ? 1 : peek(2) != '.' ? 2 : 3);
    default:
      return take(token_kind::symbol, 1);
  }
}

void lua_lexer::unfinished(std::string_view what, int line, std::string hint) const {
  throw error_at(errc::script, path_, line, "unfinished " + std::string(what), std::move(hint));
}

}  // namespace luamig::script
