#include "engine/table_lines.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

#include "base/text.hpp"
#include "db/lexer.hpp"

namespace luamig::engine {
namespace {

/// Some of the tokens of a text: from the first to before the last.
struct span {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// A constraint, from its word on.
struct clause {
  std::string kind;  ///< "check"; "constraint" where a name is all of it
  std::string name;
  span at;
};

constexpr std::array<std::string_view, 12> beginnings{
    "constraint", "check",   "unique",     "primary",   "foreign", "not",
    "null",       "default", "references", "generated", "as",      "collate"};

class table_text {
 public:
  table_text(std::string_view table, std::string_view sql) : table_(table) {
    bool blank = false;
    db::lexer tokens{sql, db::engine::sqlite};
    while (const auto t = tokens.next()) {
      const bool space = t->what == db::token::sort::space;
      if (!space) all_.push_back({t->text, text::lower_ascii(t->text), blank});
      blank = space;
    }
  }

  [[nodiscard]] std::vector<std::string> lines() {
    const std::size_t open = find("(", 0);
    const std::size_t close = behind_brackets(open) - 1;
    if (!is(close, ")") || is(1, "virtual")) return {};
    for (span item{open + 1, 0}; item.first < close; item.first = item.last + 1) {
      item.last = std::min(find(",", item.first), close);
      read_item(item);
    }
    if (close + 1 < all_.size()) {
      out_.push_back("options of " + table_ + ": " + text_of({close + 1, all_.size()}));
    }
    return std::move(out_);
  }

 private:
  struct piece {
    std::string_view text;
    std::string lower;
    bool behind_blank;
  };

  [[nodiscard]] bool is(std::size_t at, std::string_view word) const {
    return at < all_.size() && all_[at].lower == word;
  }
  [[nodiscard]] bool is_one_of(std::size_t at,
                               std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return is(at, word); });
  }
  /// Where brackets end that open here, or else what stands here.
  [[nodiscard]] std::size_t behind_brackets(std::size_t at) const {
    if (!is(at, "(")) return at + 1;
    for (int depth = 0; at < all_.size(); ++at) {
      if (is(at, "(")) ++depth;
      if (is(at, ")") && --depth == 0) return at + 1;
    }
    return at;
  }
  /// Where it stands outside of brackets; the number of tokens: nowhere.
  [[nodiscard]] std::size_t find(std::string_view what, std::size_t from) const {
    while (from < all_.size() && !is(from, what)) from = behind_brackets(from);
    return std::min(from, all_.size());
  }
  /// Its words with one blank where there are some, or a comment.
  [[nodiscard]] std::string text_of(span of) const {
    std::string out;
    for (std::size_t at = of.first; at < std::min(of.last, all_.size()); ++at) {
      if (at > of.first && all_[at].behind_blank) out += ' ';
      out += all_[at].text;
    }
    return out;
  }
  /// A name without its quotes.
  [[nodiscard]] std::string name_at(std::size_t at) const {
    const std::string_view text = all_[at].text;
    if (text.size() < 2 || std::string_view("\"`['").find(text[0]) == std::string_view::npos) {
      return std::string(text);
    }
    const char quote = text[0];
    std::string out;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      out += text[i];
      if (quote != '[' && text[i] == quote) ++i;  // it stands there twice
    }
    return out;
  }

  /// Whether a constraint begins here, and does not go on.
  [[nodiscard]] bool begins(std::size_t at) const {
    if (std::find(beginnings.begin(), beginnings.end(), all_[at].lower) == beginnings.end()) {
      return false;
    }
    if (is(at, "not")) return is(at + 1, "null");
    const bool goes_on = (is(at, "null") && is_one_of(at - 1, {"not", "set", "default"})) ||
                         (is(at, "default") && is(at - 1, "set")) ||
                         (is(at, "as") && is(at - 1, "always"));
    return !goes_on;
  }

  /// Those of a column, or of the table: SQLite asks for no comma between them.
  [[nodiscard]] std::vector<clause> clauses(span of) const {
    std::vector<clause> found;
    bool named = false;
    for (std::size_t at = of.first; at < of.last; at = behind_brackets(at)) {
      const bool of_foreign = !found.empty() && found.back().kind == "foreign";
      if (!begins(at) || (of_foreign && is(at, "references"))) continue;
      if (!found.empty() && !named) found.back().at.last = at;
      if (!named) found.emplace_back();
      found.back().kind = all_[at].lower;
      found.back().at = {at, of.last};
      named = is(at, "constraint") && at + 1 < of.last;
      if (named) found.back().name = name_at(++at);
    }
    return found;
  }

  void read_item(span item) {
    const bool of_table =
        is_one_of(item.first, {"constraint", "check", "unique", "primary", "foreign"});
    const std::string column = of_table ? "" : name_at(item.first);
    if (!of_table) ++item.first;
    for (const clause& c : clauses(item)) add(c, column);
  }

  void add_constraint(const clause& c, const std::string& what) {
    out_.push_back("constraint " + table_ + (c.name.empty() ? "" : "." + c.name) + " " + what);
  }

  /// `column`: "" where it is the table's.
  void add(const clause& c, const std::string& column) {
    const std::string of = "(" + column + ")";
    if (c.kind == "collate") {
      out_.push_back("collation of " + table_ + "." + column + ": " +
                     text_of({c.at.first + 1, c.at.last}));
    } else if (c.kind == "generated" || c.kind == "as") {
      const std::size_t open = find("(", c.at.first);
      out_.push_back("expression of " + table_ + "." + column + ": " +
                     text_of({open, behind_brackets(open)}));
    } else if (c.kind == "foreign" || c.kind == "references") {
      add_deferral(c,
                   column.empty() ? text_of({c.at.first + 2, find("references", c.at.first)}) : of);
    } else if (c.kind == "check" || (c.kind == "unique" && column.empty())) {
      add_constraint(c, text_of(c.at));
    } else if (c.kind == "unique") {
      add_constraint(c, words("UNIQUE " + of, {c.at.first + 1, c.at.last}));
    } else if (c.kind == "primary") {
      add_primary_key(c, column.empty() ? "" : of);
    }
  }

  /// What a foreign key's own line does not tell.
  void add_deferral(const clause& c, const std::string& columns) {
    for (std::size_t at = c.at.first; at < c.at.last; ++at) {
      if (!is_one_of(at, {"not", "deferrable", "initially"})) continue;
      return add_constraint(c, words("FOREIGN KEY " + columns, {at, c.at.last}));
    }
  }

  /// The lines of the columns tell one without a name, of one column, with nothing behind it.
  void add_primary_key(const clause& c, const std::string& of) {
    const std::size_t rest = c.at.first + 2;
    const bool plain = of.empty() ? c.at.last - rest == 3 : c.at.last == rest;
    if (plain && c.name.empty()) return;
    add_constraint(c, words("PRIMARY KEY" + (of.empty() ? "" : " " + of), {rest, c.at.last}));
  }

  [[nodiscard]] std::string words(const std::string& first, span rest) const {
    return first + (rest.first < rest.last ? " " + text_of(rest) : "");
  }

  std::string table_;
  std::vector<piece> all_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> table_lines(std::string_view table, std::string_view sql) {
  return table_text(table, sql).lines();
}

}  // namespace luamig::engine
