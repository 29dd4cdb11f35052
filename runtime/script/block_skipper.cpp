#include "script/block_skipper.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::script {
namespace {

std::string_view closing_word(const token& opener) noexcept {
  switch (opener.text[0]) {
    case '(':
      return ")";
    case '[':
      return "]";
    case '{':
      return "}";
    default:
      break;
  }
  if (opener.kind == token_kind::loop) return "do";
  return opener.kind == token_kind::repeat_ ? "until" : "end";
}

}  // namespace

bool block_skipper::opens(token_kind kind) noexcept {
  switch (kind) {
    case token_kind::open:
    case token_kind::function_:
    case token_kind::if_:
    case token_kind::do_:
    case token_kind::loop:
    case token_kind::repeat_:
      return true;
    default:
      return false;
  }
}

bool block_skipper::closes(token_kind kind) noexcept {
  return kind == token_kind::close || kind == token_kind::end_ || kind == token_kind::until_;
}

bool block_skipper::fits(const token& opener, const token& closer) noexcept {
  switch (opener.kind) {
    case token_kind::open:
      return closing_word(opener)[0] == closer.text[0];
    case token_kind::repeat_:
      return closer.kind == token_kind::until_;
    case token_kind::loop:
      return false;
    default:
      return closer.kind == token_kind::end_;
  }
}

void block_skipper::step() {
  if (closes(now_.kind)) {
    fail(now_.line, text::in_quotes(now_.text) + " closes nothing",
         "remove it, or look above for what it is to close");
  }
  const token here = now_;
  advance();
  if (opens(here.kind)) close(here);
}

void block_skipper::close(const token& opener) {
  open_.push_back(opener);
  while (true) {
    inside();
    if (open_.empty()) return advance();
    now_ = lexer_.next_of_nesting();
  }
}

void block_skipper::inside() {
  if (closes(now_.kind)) {
    close_innermost();
  } else if (now_.kind == token_kind::do_ && open_.back().kind == token_kind::loop) {
    open_.back().kind = token_kind::do_;  // `for … do … end` is one block, named for its `for`
  } else if (opens(now_.kind)) {
    open_.push_back(now_);
  } else if (now_.kind == token_kind::end_of_file) {
    not_closed(open_.back());
  }
}

void block_skipper::close_innermost() {
  const token& opener = open_.back();
  if (!fits(opener, now_)) {
    fail(now_.line,
         text::in_quotes(now_.text) + " stands where " + text::in_quotes(opener.text) +
             " of line " + std::to_string(opener.line) + " is still open",
         "its " + text::in_quotes(closing_word(opener)) + " is missing");
  }
  open_.pop_back();
}

void block_skipper::not_closed(const token& opener) const {
  fail(opener.line, text::in_quotes(opener.text) + " is never closed",
       "its " + text::in_quotes(closing_word(opener)) + " is missing");
}

void block_skipper::fail(int line, std::string message, std::string hint) const {
  throw error_at(errc::script, path_, line, std::move(message), std::move(hint));
}

}  // namespace luamig::script
