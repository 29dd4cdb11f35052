// The header of an SQL file stands in comments above its first section:
//
//   -- the message
//   -- revision: ab12
//   -- upgrade
//
// A section begins with a line of exactly that, wherever it stands: no SQL is read to find it.
#include "script/sql_file.hpp"

#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "script/header_builder.hpp"
#include "script/header_name.hpp"
#include "script/leading_comment.hpp"
#include "script/lua_lexer.hpp"

namespace luamig::script {
namespace {

/// One line of the file, without its end.
struct source_line {
  std::string_view text;
  std::size_t at = 0;   // its first byte in the source
  std::size_t end = 0;  // the first byte of the next
  int number = 0;
};

/// Goes through the lines of a file.
class line_reader {
 public:
  explicit line_reader(std::string_view source)
      : source_(source), at_(after_byte_order_mark(source)) {}

  std::optional<source_line> next() {
    if (at_ >= source_.size()) return std::nullopt;
    const std::size_t newline = std::min(source_.find('\n', at_), source_.size() - 1);
    source_line line{source_.substr(at_, newline + 1 - at_), at_, newline + 1, ++number_};
    while (!line.text.empty() && std::string_view(" \t\r\n").find(line.text.back()) != npos) {
      line.text.remove_suffix(1);
    }
    at_ = newline + 1;
    return line;
  }

 private:
  static constexpr std::size_t npos = std::string_view::npos;
  std::string_view source_;
  std::size_t at_;
  int number_ = 0;
};

bool is_comment(std::string_view line) { return line.starts_with("--"); }

std::string_view content_of(std::string_view comment) {
  comment.remove_prefix(std::min(comment.find_first_not_of('-'), comment.size()));
  return text::trim(comment);
}

std::optional<header_name> section_of(std::string_view line) {
  if (!line.starts_with("--") || line.starts_with("---")) return std::nullopt;
  const std::string_view word = content_of(line);
  if (word == "upgrade") return header_name::upgrade;
  if (word == "downgrade") return header_name::downgrade;
  return std::nullopt;
}

/// The word before the first ':' or '=' of a comment, "" where several stand there.
std::string_view label_of(std::string_view content) {
  const std::size_t end = content.find_first_of(":=");
  if (end == std::string_view::npos) return {};
  const std::string_view word = text::trim(content.substr(0, end));
  return word.find_first_of(" \t") == std::string_view::npos ? word : std::string_view();
}

std::optional<header_name> header_name_of(std::string_view label) {
  const auto known = find_name(label);
  return known && *known < header_name::upgrade ? known : std::nullopt;
}

std::string_view example(header_name name) {
  switch (name) {
    case header_name::revision:
      return "-- revision: c0ffee123456";
    case header_name::down_revision:
      return "-- down_revision: 77b0c1d2e3f4, nil for a base, `a, b` for a merge";
    case header_name::depends_on:
      return "-- depends_on: id, label (or nil)";
    case header_name::branch_labels:
      return "-- branch_labels: billing, invoices (or nil)";
    case header_name::transactional:
      return "-- transactional: true or false";
    case header_name::irreversible:
      return "-- irreversible: why it cannot be undone";
    case header_name::environments:
      return "-- environments: production, staging (or nil)";
    default:
      return "";
  }
}

/// Reads the header, and looks at every other line for what was meant as part of it.
class sql_reader {
 public:
  sql_reader(std::string_view source, std::string_view path)
      : lines_(source), path_(path), built_(path) {}

  header read() {
    while (const auto line = lines_.next()) read_line(*line);
    check_complete();
    leading_comment comment = read_leading_comment(comment_);
    built_.head.message = std::move(comment.message);
    built_.head.notes = std::move(comment.notes);
    return std::move(built_.head);
  }

 private:
  void read_line(const source_line& line) {
    if (const auto section = section_of(line.text)) return begin_section(*section, line.number);
    if (!in_section_) return read_head(line);
    if (!is_comment(line.text)) return;
    const std::string_view content = content_of(line.text);
    check_section_word(content, line);
    if (const auto name = header_name_of(label_of(content))) {
      fail(line.number, text::in_quotes(text_of(*name)) + " stands inside a section",
           "write it above the first section; a comment of your own is indented");
    }
  }

  void begin_section(header_name section, int line) {
    built_.first_time(section, line, "section '-- " + std::string(text_of(section)) + "' begins");
    in_section_ = true;
  }

  void read_head(const source_line& line) {
    const std::string_view text = text::trim(line.text);
    if (!is_comment(text)) {
      if (!text.empty()) not_in_section(line.number);
      block_ended_ = block_ended_ || !comment_.empty();
      return;
    }
    const std::string_view content = content_of(text);
    check_section_word(content, line);
    const std::string_view label = label_of(content);
    if (const auto name = header_name_of(label)) {
      const std::string_view rest = text::trim(content.substr(label.size()));
      if (rest[0] == '=') not_written_so(*name, line.number);
      return set(*name, text::trim(rest.substr(1)), line.number);
    }
    check_label(label, line.number);
    if (!block_ended_ && (!content.empty() || !comment_.empty())) {
      comment_.append(text).append("\n");
    }
  }

  /// A comment of one word that is nearly a section's.
  void check_section_word(std::string_view content, const source_line& line) const {
    if (content.find_first_of(" \t") != std::string_view::npos) return;
    const auto near = meant_name(content, header_name::upgrade, header_name::downgrade);
    if (!near) return;
    fail(line.number,
         "no section begins with '" + std::string(line.text) + "' (did you mean '-- " + *near +
             "'?)",
         "a line of exactly '-- " + *near + "' begins one; a comment has more than one word");
  }

  void check_label(std::string_view label, int line) const {
    const auto near = meant_name(label, header_name::revision, header_name::environments);
    if (label.empty() || !near) return;
    fail(line,
         "unknown name " + text::in_quotes(label) + " (did you mean " + text::in_quotes(*near) +
             "?)",
         "a comment of your own is written without ':' after its first word");
  }

  void set(header_name name, std::string_view value, int line) {
    built_.first_time(name, line, text::in_quotes(text_of(name)) + " is set");
    if (value.empty()) not_a_value(name, "has no value", line);
    const bool is_nil = value == "nil";
    switch (name) {
      case header_name::revision:
        if (is_nil) not_a_value(name, "must be an id", line);
        check_bare(name, value, line);
        built_.set_revision(std::string(value), line);
        break;
      case header_name::transactional:
        if (!is_nil && value != "true" && value != "false") {
          not_a_value(name, "must be true or false", line);
        }
        built_.head.transactional = value != "false";
        break;
      case header_name::irreversible:
        if (!is_nil) built_.head.irreversible = value;
        break;
      default:
        built_.set_list(name, is_nil ? std::vector<std::string>() : items_of(name, value, line),
                        line);
    }
  }

  std::vector<std::string> items_of(header_name name, std::string_view value, int line) const {
    std::vector<std::string> items;
    for (const std::string& item : text::split(value, ',')) {
      const std::string_view bare = text::trim(item);
      if (bare.empty()) not_a_value(name, "has an empty item", line);
      check_bare(name, bare, line);
      items.emplace_back(bare);
    }
    return items;
  }

  void check_bare(header_name name, std::string_view value, int line) const {
    if (value.find_first_of("\"'{}[]() \t") == std::string_view::npos) return;
    not_a_value(name, "is not written as '" + text::escape_controls(value) + "': values stand bare",
                line);
  }

  void check_complete() {
    if (built_.head.revision.empty()) {
      fail(1, "the file has no revision",
           "write '-- revision: …' and '-- down_revision: …' above the line '-- upgrade'");
    }
    built_.head.has_upgrade = built_.line_of(header_name::upgrade) != 0;
    built_.head.has_downgrade = built_.line_of(header_name::downgrade) != 0;
    if (!built_.head.has_upgrade) {
      fail(built_.head.revision_line, "the file has no section '-- upgrade'",
           "write that line above its statements; the section may be empty");
    }
    if (!built_.head.has_downgrade && built_.head.irreversible.empty()) {
      fail(built_.head.revision_line, "the file has no section '-- downgrade'",
           "write that section, or say why not: -- irreversible: the reason");
    }
  }

  [[noreturn]] void not_in_section(int line) const {
    fail(line, "a statement stands above the first section",
         "above it stand comments alone; a line '-- upgrade' begins the statements");
  }
  [[noreturn]] void not_written_so(header_name name, int line) const {
    not_a_value(name, "is set with '='", line);
  }
  [[noreturn]] void not_a_value(header_name name, const std::string& why, int line) const {
    fail(line, text::in_quotes(text_of(name)) + " " + why, "write " + std::string(example(name)));
  }
  [[noreturn]] void fail(int line, std::string message, std::string hint) const {
    throw error_at(errc::script, path_, line, std::move(message), std::move(hint));
  }

  line_reader lines_;
  std::string_view path_;
  header_builder built_;
  std::string comment_;  // the first block of comment lines that are no header
  bool block_ended_ = false;
  bool in_section_ = false;
};

}  // namespace

bool is_sql_source(std::string_view source) {
  line_reader lines(source);
  while (const auto line = lines.next()) {
    if (section_of(line->text)) return true;
    const std::string_view text = text::trim(line->text);
    if (!text.empty() && !is_comment(text)) return false;
  }
  return false;
}

sql_sections read_sql_sections(std::string_view source) {
  sql_sections sections;
  sql_section* open = nullptr;
  std::size_t from = 0;
  const auto close = [&](std::size_t end) {
    if (open != nullptr) open->text = source.substr(from, end - from);
  };
  line_reader lines(source);
  while (const auto line = lines.next()) {
    const auto section = section_of(line->text);
    if (!section) continue;
    close(line->at);
    open = *section == header_name::upgrade ? &sections.upgrade : &sections.downgrade;
    open->line = line->number + 1;
    from = line->end;
  }
  close(source.size());
  return sections;
}

header read_sql_repeatable(std::string_view source, std::string_view path) {
  line_reader lines(source);
  while (const auto line = lines.next()) {
    const auto name = header_name_of(label_of(content_of(line->text)));
    const auto found = name && is_comment(line->text) ? name : section_of(line->text);
    if (!found) continue;
    throw error_at(errc::script, path, line->number,
                   text::in_quotes(text_of(*found)) + " is not for a file of repeatable/",
                   "it is run whole, again when it changes; revisions lie in versions/");
  }
  leading_comment comment = read_leading_comment(source);
  header head;
  head.message = std::move(comment.message);
  head.notes = std::move(comment.notes);
  head.has_upgrade = true;
  return head;
}

header read_sql_header(std::string_view source, std::string_view path) {
  return sql_reader(source, path).read();
}

}  // namespace luamig::script
