#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace luamig::script {

/// What a token is, as far as a scanner of headers cares. `and_or` and `name` hold several words of
/// Lua; `goto` is a name, as in LuaJIT.
enum class token_kind : unsigned char {
  end_of_file,
  name,
  string,
  number,
  symbol,  ///< all that no other kind names, multi-byte operators as one token
  open,    ///< ( [ {
  close,   ///< ) ] }
  function_,
  if_,
  do_,
  loop,  ///< for, while: their body begins with its own `do`
  repeat_,
  until_,
  end_,
  local_,
  return_,
  nil_,
  true_,
  false_,
  and_or,
  other_word,  ///< break else elseif in not then, and ::
};

/// `text` points into the source; for a string it is the whole spelling, quotes included.
struct token {
  token_kind kind = token_kind::end_of_file;
  std::string_view text;
  int line = 1;

  /// Whether it is this operator of one character.
  [[nodiscard]] bool is(char symbol) const noexcept {
    return kind == token_kind::symbol && text.size() == 1 && text[0] == symbol;
  }
};

/// Splits LuaJIT source into tokens, in one pass and without allocating. Views `source` and `path`,
/// which must outlive it. A byte order mark and a first line that begins with # are skipped.
class lua_lexer {
 public:
  lua_lexer(std::string_view source, std::string_view path) noexcept;

  /// Throws error{errc::script} for a string or comment that never ends.
  [[nodiscard]] token next();

  /// The next token that opens or closes something, or the end. Several times as fast as `next`:
  /// most of a migration file is function bodies, and of those only the nesting counts.
  [[nodiscard]] token next_of_nesting();

  /// The line of the next byte, from 1.
  [[nodiscard]] int line() const noexcept { return line_; }

 private:
  [[nodiscard]] unsigned char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < source_.size() ? static_cast<unsigned char>(source_[at_ + ahead]) : 0;
  }
  [[nodiscard]] token skip_or_bracket();
  void skip_blanks();
  void skip_comment();
  void skip_newline() noexcept;
  void skip_escape();
  [[nodiscard]] int long_bracket_level(std::size_t from) const noexcept;
  void skip_long_bracket(int level, std::string_view what);
  [[nodiscard]] token take(token_kind kind, std::size_t length) noexcept;
  [[nodiscard]] std::size_t end_of_word(std::size_t from) const noexcept;
  [[nodiscard]] token word() noexcept;
  [[nodiscard]] token number() noexcept;
  [[nodiscard]] token quoted_string();
  [[nodiscard]] token long_string(int level);
  [[nodiscard]] token symbol() noexcept;
  [[noreturn]] void unfinished(std::string_view what, int line, std::string hint) const;

  std::string_view source_;
  std::string_view path_;
  std::size_t at_ = 0;
  int line_ = 1;
};

/// Where the source begins, after a byte order mark.
[[nodiscard]] std::size_t after_byte_order_mark(std::string_view source) noexcept;

/// The text that a string token stands for. Throws error{errc::script} for an escape that LuaJIT
/// does not know.
[[nodiscard]] std::string string_value(const token& string, std::string_view path);

/// The text as a Lua literal in double quotes, on one line.
[[nodiscard]] std::string lua_string(std::string_view text);

}  // namespace luamig::script
