#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "script/lua_lexer.hpp"
#include "script/template.hpp"

namespace luamig::script {
namespace {

const std::vector<std::string>& slot_names() {
  static const std::vector<std::string> names{"message",       "up_revision", "down_revision",
                                              "create_date",   "depends_on",  "upgrades",
                                              "branch_labels", "downgrades"};
  return names;
}

std::string date_text(std::time_t when) {
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  std::array<char, 32> buffer{};
  const std::size_t n =
      std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return {buffer.data(), n};
}

std::string literal(const std::vector<std::string>& items) {
  if (items.empty()) return "nil";
  if (items.size() == 1) return lua_string(items.front());
  std::vector<std::string> quoted;
  for (const std::string& item : items) quoted.push_back(lua_string(item));
  return "{" + text::join(quoted, ", ") + "}";
}

std::string message_text(const std::string& message, bool in_comment) {
  if (text::trim(message).empty()) return "empty message";
  std::string out;
  for (const char c : text::trim(message)) {
    if (c == '\n') {
      out += in_comment ? "\n-- " : " ";
    } else {
      const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
      out += control ? ' ' : c;
    }
  }
  return out;
}

/// For each line of Lua source, from 0: whether it begins inside a string, where blanks count.
std::vector<bool> lines_inside_strings(std::string_view source, std::size_t lines) {
  std::vector<bool> inside(lines, false);
  lua_lexer lexer(source, "");
  for (token t = lexer.next(); t.kind != token_kind::end_of_file; t = lexer.next()) {
    for (auto line = static_cast<std::size_t>(t.line);
         line < static_cast<std::size_t>(lexer.line()); ++line) {
      inside[line] = true;
    }
  }
  return inside;
}

std::string indented(std::string_view body, std::string_view indentation) {
  const std::vector<std::string> lines = text::split(body, '\n');
  const std::vector<bool> untouched = lines_inside_strings(body, lines.size());
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += '\n';
    if (!untouched[i] && !lines[i].empty()) out += indentation;
    out += lines[i];
  }
  return out;
}

std::string_view without_final_newlines(std::string_view body) {
  while (body.ends_with('\n')) body.remove_suffix(1);
  return body;
}

/// Fills one template, line by line.
class renderer {
 public:
  renderer(const new_script& values, std::string_view path) : values_(values), path_(path) {}

  std::string render(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
      ++line_;
      add_line(text.substr(0, end));
      text.remove_prefix(end);
    }
    return std::move(out_);
  }

 private:
  void add_line(std::string_view line) {
    const std::string_view content = text::trim(line);
    for (const bool up : {true, false}) {
      if (content != (up ? "${upgrades}" : "${downgrades}")) continue;
      const std::string_view body =
          without_final_newlines(up ? values_.upgrades : values_.downgrades);
      if (body.empty()) return;
      const auto at = static_cast<std::size_t>(content.data() - line.data());
      out_ += indented(body, line.substr(0, at));
      out_ += line.substr(at + content.size());
      return;
    }
    fill(line, content.starts_with("--"));
  }

  void fill(std::string_view line, bool in_comment) {
    while (true) {
      const std::size_t at = line.find("${");
      if (at == std::string_view::npos) break;
      if (at > 0 && line[at - 1] == '$') {
        out_.append(line.substr(0, at - 1)).append("${");
        line.remove_prefix(at + 2);
        continue;
      }
      const std::size_t end = line.find('}', at);
      if (end == std::string_view::npos)
        fail("the slot '${' has no '}'", "write $${ for a plain ${");
      out_ += line.substr(0, at);
      out_ += slot(line.substr(at + 2, end - at - 2), in_comment);
      line.remove_prefix(end + 1);
    }
    out_ += line;
  }

  std::string slot(std::string_view name, bool in_comment) const {
    const auto ids = [&](const std::vector<std::string>& items, std::string_view none) {
      if (!in_comment) return literal(items);
      return items.empty() ? std::string(none) : text::join(items, ", ");
    };
    if (name == "message") return message_text(values_.message, in_comment);
    if (name == "create_date") return date_text(values_.created);
    if (name == "up_revision") return ids({values_.revision}, "");
    if (name == "down_revision") {
      return ids(values_.down_revision, values_.is_sql ? "nil" : "<base>");
    }
    if (name == "branch_labels") return ids(values_.branch_labels, "nil");
    if (name == "depends_on") return ids(values_.depends_on, "nil");
    if (name == "upgrades") return values_.upgrades;
    if (name == "downgrades") return values_.downgrades;
    fail("unknown slot '${" + std::string(name) + "}'" + text::did_you_mean(name, slot_names()),
         "slots: ${" + text::join(slot_names(), "} ${") + "}; $${ is a plain ${");
  }

  [[noreturn]] void fail(std::string message, std::string hint) const {
    error problem(errc::config, std::move(message), std::move(hint));
    problem.file = path_;
    problem.line = line_;
    throw problem;
  }

  const new_script& values_;
  std::string_view path_;
  std::string out_;
  int line_ = 0;
};

}  // namespace

std::string render(std::string_view text, const new_script& values, std::string_view path) {
  return renderer(values, path).render(text);
}

}  // namespace luamig::script
