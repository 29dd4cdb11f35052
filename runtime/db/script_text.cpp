#include "db/script_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "db/lexer.hpp"
#include "db/postgres_facts.hpp"
#include "db/sqlite_open.hpp"

namespace luamig::db {
namespace {

constexpr std::size_t npos = std::string_view::npos;

/// Whether the words of a statement say COPY … FROM STDIN.
class copy_watch {
 public:
  void see(const token& t) {
    if (t.what == token::sort::space) return;
    const bool is_word = t.what == token::sort::word;
    const std::string word = is_word ? text::lower_ascii(t.text) : "";
    if (first_) copies_ = word == "copy";
    reads_ = reads_ || (copies_ && after_from_ && word == "stdin");
    after_from_ = word == "from";
    first_ = false;
  }
  [[nodiscard]] bool at_start() const noexcept { return first_; }
  [[nodiscard]] bool reads_stdin() const noexcept { return reads_; }

 private:
  bool first_ = true;
  bool copies_ = false;
  bool after_from_ = false;
  bool reads_ = false;
};

std::size_t end_of_line(std::string_view text, std::size_t from) {
  const std::size_t newline = text.find('\n', from);
  return newline == npos ? text.size() : newline + 1;
}

std::string_view line_at(std::string_view text, std::size_t from) {
  return text::trim(text.substr(from, end_of_line(text, from) - from));
}

/// Cuts what psql would read line by line, the data of COPY and its own commands, out of a text;
/// what is left between goes to the parser.
class dump_reader {
 public:
  explicit dump_reader(std::string_view text) : text_(text) {}

  std::vector<script_statement> split() {
    while (at_ < text_.size()) {
      const std::size_t stop = next_stop();
      parse(stop);
      if (at_ >= text_.size()) break;
      if (text_[at_] == '\\') {
        command();
      } else {
        data();
      }
    }
    return std::move(out_);
  }

 private:
  /// Where a COPY that reads stdin ends, or a backslash begins a statement, or the text ends.
  std::size_t next_stop() {
    lexer tokens{text_.substr(at_), engine::postgresql};
    copy_watch statement;
    while (const auto t = tokens.next()) {
      const auto from = static_cast<std::size_t>(t->text.data() - text_.data());
      if (t->text == "\\" && statement.at_start()) return from;
      if (t->text != ";") {
        statement.see(*t);
        continue;
      }
      if (statement.reads_stdin()) return from;
      statement = {};
    }
    return text_.size();
  }

  void parse(std::size_t end) {
    for (const std::string_view one : reader_.split(text_.substr(at_, end - at_))) {
      out_.push_back({one, {}, 0, "", ""});
    }
    at_ = end;
  }

  void refuse(std::string_view what, std::string why, std::string hint) {
    out_.push_back({what, {}, 0, std::move(why), std::move(hint)});
  }

  /// pg_dump restricts psql to SQL by \restrict, which is all that is ever read here.
  void command() {
    const std::string_view line = line_at(text_, at_);
    at_ = end_of_line(text_, at_);
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    if (word == "\\restrict" || word == "\\unrestrict") return;
    refuse(line, "'" + std::string(word) + "' is a command of psql, not of the database",
           "leave it out: a migration is SQL alone");
  }

  /// `at_` is the ';' of a COPY, its statement the last of those found.
  void data() {
    script_statement& copy = out_.back();
    const std::string_view behind = line_at(text_, at_ + 1);
    if (!bare(behind, engine::postgresql).empty()) {
      copy.refusal = "the rows of COPY … FROM stdin begin on the line below it";
      copy.hint = "write what comes after its ';' below the rows";
    }
    const std::size_t from = end_of_line(text_, at_);
    std::size_t end = from;
    while (end < text_.size() && line_at(text_, end) != "\\.") end = end_of_line(text_, end);
    at_ = end_of_line(text_, end);
    if (end == text_.size()) {
      copy.refusal = "the rows of this COPY … FROM stdin never end";
      copy.hint = "a line of \\. ends them";
      return;
    }
    copy.data = text_.substr(from, end - from);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  postgres_reader reader_;
  std::vector<script_statement> out_;
};

/// SQLite reads no data from a script: all below a COPY is its data, so that its refusal is the
/// first and only error.
std::vector<script_statement> split_for_sqlite(std::string_view text) {
  std::vector<script_statement> out;
  for (const std::string_view one : split_sqlite(text)) {
    out.push_back({one, {}, 0, "", ""});
    lexer tokens{one, engine::sqlite};
    copy_watch statement;
    while (const auto t = tokens.next()) statement.see(*t);
    if (!statement.reads_stdin()) continue;
    out.back().data = text.substr(static_cast<std::size_t>(one.data() - text.data()) + one.size());
    break;
  }
  return out;
}

}  // namespace

std::vector<script_statement> split(std::string_view text, engine kind) {
  std::vector<script_statement> all =
      kind == engine::sqlite ? split_for_sqlite(text) : dump_reader(text).split();
  const char* at = text.data();
  int lines = 0;
  for (script_statement& one : all) {
    lines += static_cast<int>(std::count(at, one.sql.data(), '\n'));
    one.lines_above = lines;
    at = one.sql.data();
  }
  return all;
}

bool sets_locally(std::string_view sql, engine kind) {
  if (kind == engine::sqlite) return false;
  lexer tokens{sql, kind};
  std::vector<std::string> words;
  while (const auto t = tokens.next()) {
    if (t->what == token::sort::space) continue;
    words.push_back(text::lower_ascii(t->text));
    if (words.size() == 2) break;
  }
  return words.size() == 2 && (words[1] == "local" || words[1] == "constraints");
}

bool needs_autocommit(std::string_view sql, engine kind) {
  if (kind == engine::sqlite) return first_word(sql, kind) == "vacuum";
  return postgres_reader().read(sql).facts.needs_autocommit;
}

}  // namespace luamig::db
