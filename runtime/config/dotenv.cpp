#include "config/dotenv.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::config {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(std::string_view s) {
  return !s.empty() && (s[0] < '0' || s[0] > '9') &&
         std::all_of(s.begin(), s.end(), is_name_character);
}

class dotenv_line {
 public:
  dotenv_line(std::string_view path, int number) : path_(path), number_(number) {}

  dotenv_entry read(std::string_view line) const {
    constexpr std::string_view prefix = "export ";
    if (line.starts_with(prefix)) line = text::trim(line.substr(prefix.size()));
    if (line.find('\0') != std::string_view::npos) fail("the line holds a NUL", "save it as UTF-8");
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) fail("no '=' in the line", "write KEY=VALUE");
    const std::string_view name = text::trim(line.substr(0, equals));
    if (!is_name(name)) {
      fail("the name before '=' is not one of a variable",
           "names are made of letters, digits and '_', and do not begin with a digit");
    }
    return {std::string(name), value(text::trim(line.substr(equals + 1))), number_};
  }

 private:
  std::string value(std::string_view s) const {
    if (s.starts_with('\'') || s.starts_with('"')) return quoted(s);
    if (s.starts_with('#')) return "";
    for (std::size_t i = 1; i < s.size(); ++i) {
      if (s[i] == '#' && (s[i - 1] == ' ' || s[i - 1] == '\t')) {
        s = s.substr(0, i);
        break;
      }
    }
    return std::string(text::trim(s));
  }

  std::string quoted(std::string_view s) const {
    const char quote = s[0];
    std::string out;
    std::size_t i = 1;
    for (; i < s.size() && s[i] != quote; ++i) {
      const bool escape = quote == '"' && s[i] == '\\' && i + 1 < s.size();
      if (escape) ++i;
      out += escape ? escaped(s[i]) : std::string(1, s[i]);
    }
    if (i >= s.size()) {
      fail(std::string("the closing ") + quote + " is missing",
           "a value ends on its line; a line break is written \\n in \"…\"");
    }
    const std::string_view rest = text::trim(s.substr(i + 1));
    if (!rest.empty() && !rest.starts_with('#')) {
      fail("there is text after the closing quote", "put the whole value in quotes");
    }
    return out;
  }

  static std::string escaped(char c) {
    switch (c) {
      case 'n':
        return "\n";
      case 'r':
        return "\r";
      case 't':
        return "\t";
      case '"':
      case '\\':
      case '$':
        return std::string(1, c);
      default:
        return std::string("\\") + c;
    }
  }

  [[noreturn]] void fail(std::string message, std::string hint) const {
    throw error_at(errc::config, path_, number_, std::move(message), std::move(hint));
  }

  std::string_view path_;
  int number_;
};

}  // namespace

std::vector<dotenv_entry> parse_dotenv(std::string_view text, std::string_view path) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<dotenv_entry> entries;
  int number = 0;
  for (const std::string& raw : text::split(text, '\n')) {
    ++number;
    const std::string_view line = text::trim(raw);
    if (line.empty() || line.starts_with('#')) continue;
    entries.push_back(dotenv_line(path, number).read(line));
  }
  return entries;
}

}  // namespace luamig::config
