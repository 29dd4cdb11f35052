#include <optional>

#include "base/error.hpp"
#include "script/lua_lexer.hpp"

namespace luamig::script {
namespace {

bool is_newline(char c) { return c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void append_utf8(std::string& out, unsigned code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Decodes what stands between the quotes of a string token.
class decoder {
 public:
  decoder(std::string_view body, int line, std::string_view path)
      : body_(body), line_(line), path_(path) {}

  std::string in_quotes() {
    while (at_ < body_.size()) {
      const char c = body_[at_++];
      if (c == '\\') {
        escape();
      } else {
        out_ += c;
      }
    }
    return std::move(out_);
  }

  std::string raw() {
    if (at_ < body_.size() && is_newline(body_[at_])) line_end();
    while (at_ < body_.size()) {
      if (is_newline(body_[at_])) {
        line_end();
        out_ += '\n';
      } else {
        out_ += body_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  char peek() const { return at_ < body_.size() ? body_[at_] : '\0'; }

  void line_end() {
    const char first = body_[at_++];
    if (is_newline(peek()) && peek() != first) ++at_;
    ++line_;
  }

  void escape() {
    static constexpr std::string_view names = "abfnrtv\\\"'";
    static constexpr std::string_view bytes = "\a\b\f\n\r\t\v\\\"'";
    const char c = peek();
    if (is_newline(c)) {
      line_end();
      out_ += '\n';
      return;
    }
    if (is_digit(c)) return decimal();
    const std::size_t begins = at_++;
    if (const std::size_t i = names.find(c); i != std::string_view::npos) {
      out_ += bytes[i];
    } else if (c == 'x') {
      hex(begins);
    } else if (c == 'u') {
      unicode(begins);
    } else if (c == 'z') {
      blanks();
    } else {
      fail(begins);
    }
  }

  void decimal() {
    const std::size_t begins = at_;
    int code = 0;
    for (int i = 0; i < 3 && is_digit(peek()); ++i) code = code * 10 + (body_[at_++] - '0');
    if (code > 255) fail(begins);
    out_ += static_cast<char>(code);
  }

  void hex(std::size_t begins) {
    int code = 0;
    for (int i = 0; i < 2; ++i, ++at_) {
      const int digit = hex_digit(peek());
      if (digit < 0) fail(begins);
      code = code * 16 + digit;
    }
    out_ += static_cast<char>(code);
  }

  void unicode(std::size_t begins) {
    if (peek() != '{') fail(begins);
    ++at_;
    unsigned code = 0;
    do {
      const int digit = hex_digit(peek());
      if (digit < 0) fail(begins);
      code = code * 16 + static_cast<unsigned>(digit);
      if (code > 0x10FFFF) fail(begins);
      ++at_;
    } while (peek() != '}');
    ++at_;
    if (code >= 0xD800 && code < 0xE000) fail(begins);
    append_utf8(out_, code);
  }

  void blanks() {
    while (at_ < body_.size()) {
      const char c = body_[at_];
      if (is_newline(c)) {
        line_end();
      } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
        ++at_;
      } else {
        return;
      }
    }
  }

  [[noreturn]] void fail(std::size_t begins) const {
    error problem(errc::script,
                  "invalid escape '\\" + std::string(body_.substr(begins, 1)) + "' in a string",
                  "a plain backslash is written \\\\");
    problem.file = path_;
    problem.line = line_;
    throw problem;
  }

  std::string_view body_;
  int line_;
  std::string_view path_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string string_value(const token& string, std::string_view path) {
  const std::string_view text = string.text;
  if (text[0] == '[') {
    const std::size_t bracket = text.find('[', 1) + 1;
    return decoder(text.substr(bracket, text.size() - 2 * bracket), string.line, path).raw();
  }
  const std::string_view body = text.substr(1, text.size() - 2);
  if (body.find('\\') == std::string_view::npos) return std::string(body);
  return decoder(body, string.line, path).in_quotes();
}

std::string lua_string(std::string_view text) {
  static constexpr std::string_view digits = "0123456789";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      // Three digits always: the next character may be one.
      out += '\\';
      out += digits[byte / 100];
      out += digits[byte / 10 % 10];
      out += digits[byte % 10];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace luamig::script
