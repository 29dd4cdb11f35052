#include "cli/render_error.hpp"

#include <fstream>
#include <ostream>

#include "base/text.hpp"
#include "cli/format.hpp"
#include "db/mask.hpp"
#include "db/url.hpp"

namespace luamig::cli {
namespace {

constexpr std::size_t longest_line = 400;
constexpr std::size_t longest_source = 160;
// Of a statement or a message, and of the state or the cure: fifteen lines in all.
constexpr std::size_t most_lines = 3;
constexpr std::size_t fewer_lines = 2;

bool was_rolled_back(errc code) {
  return code == errc::migration || code == errc::limit || code == errc::sql ||
         code == errc::interrupted || code == errc::partial;
}

/// A revision that failed while it ran is what happened; the message is then why.
bool tells_of_a_run(const error& what) {
  return !what.revision.empty() && was_rolled_back(what.code) && !what.state_after.empty();
}

std::string_view how_it_ended(const error& what) {
  const bool kept = what.half_done;
  if (what.code == errc::interrupted) {
    return kept ? " was interrupted between its steps" : " was interrupted and rolled back";
  }
  return kept ? " stopped between its steps" : " failed and was rolled back";
}

std::string headline(const error& what) {
  if (!tells_of_a_run(what)) {
    return "";
  }
  const std::string message =
      what.revision_message.empty() ? "" : " \"" + what.revision_message + "\"";
  // A file that was run: those of repeatable/ have a slash, which no id has.
  const bool is_file = what.revision.find('/') != std::string::npos ||
                       what.revision.ends_with(".lua") || what.revision.ends_with(".sql");
  return (is_file ? "" : "revision ") + what.revision + message + std::string(how_it_ended(what));
}

/// At most so many lines, without blank ones; what is left out shows as "…".
std::vector<std::string> cut(const std::string& text, std::size_t most = most_lines) {
  std::vector<std::string> lines;
  for (const std::string& line : text::split(text::escape_controls(db::mask(text)), '\n')) {
    if (text::trim(line).empty()) {
      continue;
    }
    if (lines.size() == most) {
      lines.back() += " …";
      break;
    }
    lines.push_back(text::shorten(line, longest_line));
  }
  return lines;
}

void labelled(std::vector<std::string>& out, std::string_view label, const std::string& text,
              std::size_t most = most_lines) {
  for (const std::string& line : cut(text, most)) {
    out.push_back("  " + padded(label, 8) + line);
    label = "";
  }
}

/// A line as it may be seen: settings are shown without a value that could hold a password.
std::string without_secrets(const std::string& name, std::string_view line) {
  const std::filesystem::path path(name);
  if (path.filename() == ".env") {
    return "";
  }
  const std::string low = text::lower_ascii(line);
  const bool secret = text::trim(low).starts_with("url") || low.find('@') != std::string::npos ||
                      low.find("passw") != std::string::npos;
  if (path.extension() == ".toml" && secret) {
    return std::string(line.substr(0, line.find('='))) + "= …";
  }
  return db::mask(line);
}

std::string source_line(const std::string& name, int line, const std::filesystem::path& root) {
  for (const std::filesystem::path& path : {root / name, std::filesystem::path(name)}) {
    std::ifstream file(path);
    std::string text;
    for (int at = 0; at < line && file; ++at) {
      std::getline(file, text);
    }
    if (file || !text.empty()) {
      return text::shorten(text::escape_controls(without_secrets(name, text)), longest_source);
    }
  }
  return "";
}

void location(std::vector<std::string>& out, const error& what, const std::filesystem::path& root) {
  if (what.file.empty()) {
    return;
  }
  std::string place = "  --> " + text::shorten(text::one_line(what.file), longest_line);
  if (what.line > 0) {
    place += ":" + std::to_string(what.line);
  }
  out.push_back(place + (what.function.empty() ? "" : " in " + what.function + "()"));
  const std::string text = what.line > 0 ? source_line(what.file, what.line, root) : "";
  if (text.empty()) {
    return;
  }
  const std::string number = std::to_string(what.line);
  const std::string gap(number.size(), ' ');
  out.push_back(gap + " |");
  out.push_back(number + " | " + text);
  out.push_back(gap + " |");
}

}  // namespace

std::string sqlstate(const error& what) {
  constexpr std::size_t length = 5;
  return what.sqlstate.size() == length ? what.sqlstate : "";
}

std::vector<std::string> error_lines(const error& what, const std::filesystem::path& migrations) {
  std::vector<std::string> out;
  const std::string head = headline(what);
  std::vector<std::string> first = cut(head.empty() ? what.message : head);
  if (first.empty()) {
    first.emplace_back(name(what.code));
  }
  out.push_back("error: " + first.front());
  for (std::size_t i = 1; i < first.size(); ++i) {
    out.push_back("       " + std::string(text::trim(first[i])));
  }
  location(out, what, migrations);
  labelled(out, "sql", what.sql);
  const std::string code = sqlstate(what);
  if (!head.empty()) {
    labelled(out, "error", code + (code.empty() ? "" : " ") + what.message);
  } else {
    labelled(out, "error", code);
  }
  labelled(out, "state", what.state_after, fewer_lines);
  labelled(out, "next", what.hint, fewer_lines);
  return out;
}

void render_human(const error& what, const std::filesystem::path& migrations, const terminal& to) {
  bool first = true;
  for (const std::string& line : error_lines(what, migrations)) {
    if (first) {
      to.err() << to.paint(colour::red, "error:") << line.substr(6) << '\n';
    } else {
      to.err() << line << '\n';
    }
    first = false;
  }
  to.err() << std::flush;
}

}  // namespace luamig::cli
