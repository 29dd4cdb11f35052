#include "db/lexer.hpp"

#include <cctype>

#include "base/text.hpp"

namespace luamig::db {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool starts_word(char c) noexcept {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool in_name(char c) noexcept { return starts_word(c) || is_digit(c); }
bool in_word(char c) noexcept { return in_name(c) || c == '$'; }

}  // namespace

token lexer::take(token::sort what, std::size_t end) {
  end = std::min(end, sql_.size());
  const token out{what, sql_.substr(at_, end - at_)};
  at_ = end;
  return out;
}

bool lexer::starts_comment() const noexcept {
  return (at(at_) == '-' && at(at_ + 1) == '-') || (at(at_) == '/' && at(at_ + 1) == '*');
}

std::size_t lexer::comment_end() noexcept {
  if (at(at_) == '-') {
    const std::string_view ends = kind_ == engine::postgresql ? "\n\r" : "\n";
    return std::min(sql_.find_first_of(ends, at_), sql_.size());
  }
  std::size_t depth = 1;
  std::size_t i = at_ + 2;
  while (i < sql_.size() && depth > 0) {
    if (at(i) == '*' && at(i + 1) == '/') {
      --depth;
      i += 2;
    } else if (kind_ == engine::postgresql && at(i) == '/' && at(i + 1) == '*') {
      ++depth;
      i += 2;
    } else {
      ++i;
    }
  }
  if (depth > 0) open_comment_ = at_;
  return i;
}

token lexer::space() {
  const std::size_t start = at_;
  while (at_ < sql_.size() && (is_blank(at(at_)) || starts_comment())) {
    at_ = is_blank(at(at_)) ? at_ + 1 : comment_end();
  }
  const std::size_t end = at_;
  at_ = start;
  return take(token::sort::space, end);
}

std::size_t lexer::quote_end(std::size_t from, char quote, bool backslash) const noexcept {
  for (std::size_t i = from + 1; i < sql_.size(); ++i) {
    if (backslash && at(i) == '\\') {
      ++i;
    } else if (at(i) == quote) {
      if (at(i + 1) != quote) return i + 1;
      ++i;
    }
  }
  return sql_.size();
}

token lexer::word() {
  std::size_t end = at_;
  while (end < sql_.size() && in_word(at(end))) ++end;
  const bool escapes = end == at_ + 1 && (at(at_) == 'e' || at(at_) == 'E');
  if (kind_ == engine::postgresql && escapes && at(end) == '\'') {
    return take(token::sort::quoted, quote_end(end, '\'', true));
  }
  return take(token::sort::word, end);
}

std::size_t lexer::digits_end(std::size_t from) const noexcept {
  while (is_digit(at(from))) ++from;
  return from;
}

token lexer::dollar() {
  if (is_digit(at(at_ + 1))) return take(token::sort::position, digits_end(at_ + 1));
  if (kind_ == engine::sqlite) return take(token::sort::symbol, at_ + 1);
  std::size_t end = at_ + 1;
  if (starts_word(at(end))) {
    while (in_name(at(end))) ++end;
  }
  if (at(end) != '$') return take(token::sort::symbol, at_ + 1);
  const std::string_view tag = sql_.substr(at_, end + 1 - at_);
  const std::size_t close = sql_.find(tag, end + 1);
  return take(token::sort::quoted,
              close == std::string_view::npos ? sql_.size() : close + tag.size());
}

token lexer::colon() {
  if (at(at_ + 1) == ':' && kind_ == engine::postgresql) return take(token::sort::symbol, at_ + 2);
  if (!starts_word(at(at_ + 1))) return take(token::sort::symbol, at_ + 1);
  std::size_t end = at_ + 1;
  while (in_name(at(end))) ++end;
  return take(token::sort::name, end);
}

std::optional<token> lexer::next() {
  if (at_ >= sql_.size()) return std::nullopt;
  const char c = at(at_);
  const bool sqlite = kind_ == engine::sqlite;
  if (is_blank(c) || starts_comment()) return space();
  if (starts_word(c)) return word();
  if (c == '\'' || c == '"' || (sqlite && c == '`')) {
    return take(token::sort::quoted, quote_end(at_, c, false));
  }
  if (sqlite && c == '[') {
    const std::size_t close = sql_.find(']', at_);
    return take(token::sort::quoted, close == std::string_view::npos ? sql_.size() : close + 1);
  }
  if (is_digit(c)) {
    std::size_t end = at_;
    while (in_name(at(end)) || at(end) == '.') ++end;
    return take(token::sort::number, end);
  }
  if (c == '$') return dollar();
  if (c == ':') return colon();
  if (sqlite && c == '?') {
    const std::size_t end = digits_end(at_ + 1);
    return take(end == at_ + 1 ? token::sort::anonymous : token::sort::position, end);
  }
  return take(token::sort::symbol, at_ + 1);
}

std::optional<std::size_t> open_comment(std::string_view sql, engine kind) {
  if (sql.find("/*") == std::string_view::npos) return {};
  lexer tokens{sql, kind};
  while (tokens.next()) {
  }
  return tokens.open_comment();
}

bool has_unopened_bracket(std::string_view sql, engine kind) {
  lexer tokens(sql, kind);
  int depth = 0;
  while (const auto next = tokens.next()) {
    if (next->what != token::sort::symbol) continue;
    if (next->text == "(") ++depth;
    if (next->text == ")" && --depth < 0) return true;
  }
  return false;
}

std::string first_word(std::string_view sql, engine kind) {
  lexer tokens{sql, kind};
  while (const std::optional<token> t = tokens.next()) {
    if (t->what == token::sort::word) return text::lower_ascii(t->text);
    if (t->what != token::sort::space && t->text != "(" && t->text != ";") break;
  }
  return "";
}

std::string_view bare(std::string_view sql, engine kind) {
  lexer tokens{sql, kind};
  const char* first = nullptr;
  const char* last = nullptr;
  while (const std::optional<token> t = tokens.next()) {
    const bool nothing = t->what == token::sort::space || t->text == ";";
    if (nothing) continue;
    if (first == nullptr) first = t->text.data();
    last = t->text.data() + t->text.size();
  }
  if (first == nullptr) return {};
  return {first, static_cast<std::size_t>(last - first)};
}

}  // namespace luamig::db
