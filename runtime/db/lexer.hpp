#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "db/url.hpp"

namespace luamig::db {

/// A piece of SQL text by an engine's lexical rules. What the engine itself would refuse (a string
/// that does not end) is one token up to the end.
struct token {
  enum class sort {
    space,      ///< blanks and comments
    word,       ///< an unquoted name or keyword
    quoted,     ///< a string, dollar quote or quoted name
    number,     ///< 12, 1.5e3
    name,       ///< :name
    position,   ///< $1, and ?1 on SQLite
    anonymous,  ///< ? on SQLite
    symbol,     ///< one character, or `::`
  };
  sort what = sort::symbol;
  std::string_view text;
};

/// Cuts SQL into tokens; `next` gives nothing at the end.
class lexer {
 public:
  lexer(std::string_view sql, engine kind) : sql_(sql), kind_(kind) {}
  [[nodiscard]] std::optional<token> next();
  /// Where a `/*` without its end begins, once `next` has come to it.
  [[nodiscard]] std::optional<std::size_t> open_comment() const noexcept { return open_comment_; }

 private:
  [[nodiscard]] char at(std::size_t i) const noexcept { return i < sql_.size() ? sql_[i] : '\0'; }
  [[nodiscard]] token take(token::sort what, std::size_t end);
  [[nodiscard]] token space();
  [[nodiscard]] token word();
  [[nodiscard]] token dollar();
  [[nodiscard]] token colon();
  [[nodiscard]] std::size_t quote_end(std::size_t from, char quote, bool backslash) const noexcept;
  [[nodiscard]] std::size_t comment_end() noexcept;
  [[nodiscard]] bool starts_comment() const noexcept;
  [[nodiscard]] std::size_t digits_end(std::size_t from) const noexcept;

  std::string_view sql_;
  engine kind_;
  std::size_t at_ = 0;
  std::optional<std::size_t> open_comment_;
};

/// Where a comment begins that never ends: all behind it is passed over.
[[nodiscard]] std::optional<std::size_t> open_comment(std::string_view sql, engine kind);

/// Whether a `)` stands there that nothing opens: the text would reach out of brackets around it.
[[nodiscard]] bool has_unopened_bracket(std::string_view sql, engine kind);

/// The first word in lower case, "" where there is none: "begin", "select", …
[[nodiscard]] std::string first_word(std::string_view sql, engine kind);

/// The text without blanks and comments at either end, and without semicolons at its end.
[[nodiscard]] std::string_view bare(std::string_view sql, engine kind);

}  // namespace luamig::db
