#include "script/leading_comment.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "script/lua_lexer.hpp"

namespace luamig::script {
namespace {

std::string_view cut_line(std::string_view& rest) {
  std::string_view line = rest.substr(0, rest.find('\n'));
  line = line.substr(0, line.find('\r'));
  const std::size_t newline = rest.substr(line.size(), 2) == "\r\n" ? 2 : 1;
  rest.remove_prefix(std::min(line.size() + newline, rest.size()));
  return line;
}

std::string_view trim_right(std::string_view s) {
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

/// Adds one line of the block: the first with text is the message, the others are notes.
class collector {
 public:
  void add(std::string_view line) {
    line = trim_right(line);
    if (out_.message.empty()) {
      out_.message = text::trim(line);
    } else if (line.empty()) {
      ++gap_;
    } else {
      if (out_.notes.empty()) {
        out_.notes.reserve(120);
      } else {
        out_.notes.append(gap_ + 1, '\n');
      }
      out_.notes += line;
      gap_ = 0;
    }
  }
  leading_comment take() { return std::move(out_); }

 private:
  leading_comment out_;
  std::size_t gap_ = 0;
};

/// The length of a long bracket's opening, 0 when it is none.
std::size_t long_bracket(std::string_view s) {
  if (!s.starts_with('[')) return 0;
  const std::size_t i = s.find_first_not_of('=', 1);
  return i != std::string_view::npos && s[i] == '[' ? i + 1 : 0;
}

leading_comment read_long(std::string_view rest, std::size_t bracket) {
  const std::string closing = "]" + std::string(bracket - 2, '=') + "]";
  rest = rest.substr(bracket);
  rest = rest.substr(0, rest.find(closing));
  collector lines;
  while (!rest.empty()) lines.add(cut_line(rest));
  return lines.take();
}

leading_comment read_lines(std::string_view rest) {
  collector lines;
  while (!rest.empty()) {
    std::string_view line = text::trim(cut_line(rest));
    if (!line.starts_with("--") || long_bracket(line.substr(2)) != 0) break;
    line.remove_prefix(std::min(line.find_first_not_of('-'), line.size()));
    if (line.starts_with(' ')) line.remove_prefix(1);
    lines.add(line);
  }
  return lines.take();
}

}  // namespace

leading_comment read_leading_comment(std::string_view source) {
  std::string_view rest = source.substr(after_byte_order_mark(source));
  if (rest.starts_with('#')) cut_line(rest);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\v\f\r\n"), rest.size()));
  if (!rest.starts_with("--")) return {};
  const std::size_t bracket = long_bracket(rest.substr(2));
  return bracket != 0 ? read_long(rest.substr(2), bracket) : read_lines(rest);
}

}  // namespace luamig::script
