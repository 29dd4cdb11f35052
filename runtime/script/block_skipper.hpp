#pragma once

#include <string_view>
#include <vector>

#include "script/lua_lexer.hpp"

namespace luamig::script {

/// A lexer that can step over whole blocks and bracketed parts, so that its user sees the top level
/// only.
class block_skipper {
 public:
  block_skipper(std::string_view source, std::string_view path)
      : lexer_(source, path), path_(path) {
    open_.reserve(16);
    advance();
  }

  [[nodiscard]] const token& now() const noexcept { return now_; }
  /// The token before `now`; before the first it is end_of_file.
  [[nodiscard]] const token& before() const noexcept { return before_; }

  void advance() {
    before_ = now_;
    now_ = lexer_.next();
  }

  /// Where `now` opens a block or bracket: goes to the token after its end. Otherwise one token on.
  /// Throws error{errc::script} for what is not closed, is closed by the wrong word, or closes
  /// nothing.
  void step();

  /// Goes to the token after the end of `opener`, which was stepped into by `advance`.
  void close(const token& opener);

 private:
  [[nodiscard]] static bool opens(token_kind kind) noexcept;
  [[nodiscard]] static bool closes(token_kind kind) noexcept;
  [[nodiscard]] static bool fits(const token& opener, const token& closer) noexcept;
  void inside();
  void close_innermost();
  [[noreturn]] void fail(int line, std::string message, std::string hint) const;
  [[noreturn]] void not_closed(const token& opener) const;

  lua_lexer lexer_;
  std::string_view path_;
  token now_;
  token before_;
  std::vector<token> open_;
};

}  // namespace luamig::script
