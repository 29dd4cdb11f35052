// What a statement takes and destroys, by its words: for plans, where nothing has run.
#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/text.hpp"
#include "db/lexer.hpp"
#include "db/statement_facts.hpp"
#include "engine/plan_record.hpp"

namespace luamig::engine {
namespace {

/// The words of a statement, names in their spelling, and where we are in them.
class words {
 public:
  words(std::string_view sql, db::engine kind) {
    db::lexer tokens{sql, kind};
    while (const auto t = tokens.next()) {
      if (t->what != db::token::sort::space) all_.emplace_back(t->text);
    }
  }

  [[nodiscard]] bool is(std::size_t at, std::string_view word) const {
    return at < all_.size() && text::lower_ascii(all_[at]) == word;
  }
  [[nodiscard]] bool begin(std::initializer_list<std::string_view> with) const {
    std::size_t at = 0;
    return std::all_of(with.begin(), with.end(), [&](auto word) { return is(at++, word); });
  }
  /// Where these words follow one another; the number of words: nowhere.
  [[nodiscard]] std::size_t find(std::initializer_list<std::string_view> sequence,
                                 std::size_t from = 0) const {
    for (std::size_t at = from; at + sequence.size() <= all_.size(); ++at) {
      std::size_t next = at;
      if (std::all_of(sequence.begin(), sequence.end(),
                      [&](auto word) { return is(next++, word); }))
        return at;
    }
    return all_.size();
  }
  [[nodiscard]] bool has(std::initializer_list<std::string_view> sequence) const {
    return find(sequence) != all_.size();
  }
  /// The name that stands here, behind IF EXISTS and ONLY: "app.users".
  [[nodiscard]] std::string name(std::size_t at) const {
    at = begin_of_name(at);
    return text(at, behind_name(at), "");
  }
  /// The same without its last part: the table of a column.
  [[nodiscard]] std::string owner(std::size_t at) const {
    at = begin_of_name(at);
    const std::size_t end = behind_name(at);
    return text(at, end > at + 2 ? end - 2 : end, "");
  }
  /// Where the words behind the name begin, which stands here.
  [[nodiscard]] std::size_t behind_name(std::size_t at) const {
    at = begin_of_name(at);
    while (at + 2 < all_.size() && all_[at + 1] == ".") at += 2;
    return std::min(at + 1, all_.size());
  }
  /// Where the next comma is that no bracket holds, or the end.
  [[nodiscard]] std::size_t end_of_part(std::size_t at) const {
    for (int depth = 0; at < all_.size(); ++at) {
      if (all_[at] == "(") ++depth;
      if (all_[at] == ")") --depth;
      if (all_[at] == "," && depth == 0) return at;
    }
    return at;
  }
  /// The words from here to there.
  [[nodiscard]] std::string text(std::size_t from, std::size_t to,
                                 std::string_view between = " ") const {
    std::string out;
    for (std::size_t at = from; at < std::min(to, all_.size()); ++at) {
      if (at > from) out += between;
      out += all_[at];
    }
    return out;
  }
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  [[nodiscard]] std::size_t begin_of_name(std::size_t at) const {
    while (is(at, "if") || is(at, "not") || is(at, "exists") || is(at, "only") || is(at, "table") ||
           is(at, "concurrently"))
      ++at;
    return at;
  }

  std::vector<std::string> all_;
};

/// From the weakest to the strongest that occur:
/// https://www.postgresql.org/docs/15/explicit-locking.html
enum class mode { row_share, row, share_update, share, share_row, exclusive, access };
constexpr std::array<std::string_view, 7> mode_names{
    "ROW SHARE",           "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
    "SHARE ROW EXCLUSIVE", "EXCLUSIVE",     "ACCESS EXCLUSIVE"};

std::string lock(mode m, const std::string& table) {
  return std::string(mode_names.at(static_cast<std::size_t>(m))) + " on " + table;
}

/// A foreign key locks the table that it refers to.
void add_references(std::vector<std::string>& out, const words& w) {
  for (std::size_t at = 0; at < w.size(); ++at)
    if (w.is(at, "references")) out.push_back(lock(mode::share_row, w.name(at + 1)));
}

/// Of one part of an ALTER TABLE, by https://www.postgresql.org/docs/15/sql-altertable.html
mode mode_of_part(const words& w, std::size_t from, std::size_t to) {
  const auto has = [&](std::initializer_list<std::string_view> sequence) {
    return w.find(sequence, from) < to;
  };
  if (w.is(from, "validate") || w.is(from, "attach") || w.is(from, "cluster") ||
      has({"without", "cluster"}))
    return mode::share_update;
  if ((w.is(from, "set") || w.is(from, "reset")) && w.is(from + 1, "(")) return mode::share_update;
  if (w.is(from, "alter") &&
      (has({"set", "statistics"}) || has({"set", "("}) || has({"reset", "("})))
    return mode::share_update;
  if (w.is(from, "detach") && has({"concurrently"})) return mode::share_update;
  if ((w.is(from, "enable") || w.is(from, "disable")) && has({"trigger"})) return mode::share_row;
  if (w.is(from, "add") && has({"foreign", "key"}) && !w.is(from + 1, "column"))
    return mode::share_row;
  return mode::access;
}

std::vector<std::string> locks_of_alter(const words& w) {
  std::size_t from = w.behind_name(2);
  mode strongest = mode::row_share;
  while (from < w.size()) {
    const std::size_t to = w.end_of_part(from);
    strongest = std::max(strongest, mode_of_part(w, from, to));
    from = to + 1;
  }
  std::vector<std::string> out{lock(strongest, w.name(2))};
  add_references(out, w);
  return out;
}

/// The same on each table of a list: DROP TABLE a, b.
std::vector<std::string> locks_of_list(mode m, const words& w, std::size_t from) {
  std::vector<std::string> out;
  while (from < w.size() && !w.is(from, "cascade") && !w.is(from, "restrict")) {
    const std::string name = w.name(from);
    if (!name.empty()) out.push_back(lock(m, name));
    from = w.end_of_part(from) + 1;
  }
  return out;
}

/// LOCK TABLE a IN SHARE MODE; without a mode, ACCESS EXCLUSIVE.
std::vector<std::string> locks_of_lock(const words& w) {
  mode m = mode::access;
  const std::size_t in = w.find({"in"});
  for (std::size_t i = 0; i < mode_names.size(); ++i) {
    if (text::lower_ascii(w.text(in + 1, w.find({"mode"}))) == text::lower_ascii(mode_names.at(i)))
      m = static_cast<mode>(i);
  }
  std::vector<std::string> out;
  for (std::size_t from = 1; from < in; from = w.end_of_part(from) + 1)
    out.push_back(lock(m, w.name(from)));
  return out;
}

struct rule {
  std::initializer_list<std::string_view> begins;
  std::string_view before;  ///< the word that the table's name follows
  mode takes;
};

/// What begins so locks the table behind a word.
const std::array<rule, 20> rules{{
    {{"create", "trigger"}, "on", mode::share_row},
    {{"create", "or", "replace", "trigger"}, "on", mode::share_row},
    {{"create", "constraint", "trigger"}, "on", mode::share_row},
    {{"drop", "trigger"}, "on", mode::access},
    {{"alter", "trigger"}, "on", mode::access},
    {{"create", "rule"}, "to", mode::access},
    {{"create", "or", "replace", "rule"}, "to", mode::access},
    {{"drop", "rule"}, "on", mode::access},
    {{"create", "policy"}, "on", mode::access},
    {{"alter", "policy"}, "on", mode::access},
    {{"drop", "policy"}, "on", mode::access},
    {{"create", "statistics"}, "from", mode::share_update},
    {{"reindex", "table"}, "table", mode::share},
    {{"analyze"}, "analyze", mode::share_update},
    {{"cluster"}, "cluster", mode::access},
    {{"insert"}, "into", mode::row},
    {{"merge"}, "into", mode::row},
    {{"delete"}, "from", mode::row},
    {{"update"}, "update", mode::row},
    {{"refresh", "materialized", "view"}, "view", mode::access},
}};

/// WITH d AS (DELETE FROM t …): the tables that the statement changes inside itself.
void add_changes_within(std::vector<std::string>& out, const words& w) {
  for (std::size_t at = 1; at + 1 < w.size(); ++at) {
    if (!w.is(at, "(")) continue;
    if (w.is(at + 1, "update")) out.push_back(lock(mode::row, w.name(at + 2)));
    if (w.is(at + 1, "delete") || w.is(at + 1, "insert"))
      out.push_back(lock(mode::row, w.name(at + 3)));
  }
}

/// Of a SELECT … FOR UPDATE, and what stands in brackets beside it.
std::vector<std::string> locks_of_query(const words& w) {
  std::vector<std::string> out;
  add_changes_within(out, w);
  const std::size_t at = w.find({"for"});
  const bool keeps_rows =
      w.is(at + 1, "update") || w.is(at + 1, "share") || w.is(at + 1, "no") || w.is(at + 1, "key");
  const std::size_t from = w.find({"from"});
  if (keeps_rows && from < at) out.push_back(lock(mode::row_share, w.name(from + 1)));
  return out;
}

std::vector<std::string> locks_of_create_table(const words& w) {
  std::vector<std::string> out;
  add_references(out, w);
  const std::size_t parents = w.find({"inherits", "("});
  if (parents < w.size()) out.push_back(lock(mode::share_update, w.name(parents + 2)));
  const std::size_t whole = w.find({"partition", "of"});
  if (whole < w.size()) out.push_back(lock(mode::access, w.name(whole + 2)));
  return out;
}

}  // namespace

std::vector<std::string> locks_of(std::string_view sql, db::engine kind) {
  if (kind != db::engine::postgresql) return {};
  const words w(sql, kind);
  const bool concurrently = w.has({"concurrently"});
  if (w.begin({"alter", "table"})) return locks_of_alter(w);
  if (w.begin({"create"}) && w.has({"index"}) && w.find({"index"}) <= 2) {
    return {lock(concurrently ? mode::share_update : mode::share, w.name(w.find({"on"}) + 1))};
  }
  if (w.begin({"drop", "index"})) {
    return {lock(concurrently ? mode::share_update : mode::access, "the table of " + w.name(2))};
  }
  if (w.begin({"truncate"})) return locks_of_list(mode::access, w, 1);
  if (w.begin({"drop", "table"}) || w.begin({"drop", "view"}))
    return locks_of_list(mode::access, w, 2);
  if (w.begin({"drop", "materialized", "view"})) return locks_of_list(mode::access, w, 3);
  if (w.begin({"create"}) && w.has({"table"}) && w.find({"table"}) <= 3)
    return locks_of_create_table(w);
  if (w.begin({"comment", "on", "table"})) return {lock(mode::share_update, w.name(3))};
  if (w.begin({"comment", "on", "column"})) return {lock(mode::share_update, w.owner(3))};
  if (w.begin({"lock"})) return locks_of_lock(w);
  if (w.begin({"refresh"}) && concurrently) {
    return {lock(mode::exclusive, w.name(w.find({"view"}) + 1))};
  }
  for (const rule& r : rules) {
    if (!w.begin(r.begins)) continue;
    std::vector<std::string> out;
    const std::size_t at = w.find({r.before});
    if (at + 1 < w.size()) out.push_back(lock(r.takes, w.name(at + 1)));
    add_changes_within(out, w);
    return out;
  }
  return w.begin({"select"}) || w.begin({"with"}) ? locks_of_query(w) : std::vector<std::string>{};
}

std::vector<ended> endings_of(std::string_view sql, db::engine kind) {
  if (kind != db::engine::postgresql) return {};
  const words w(sql, kind);
  std::vector<ended> out;
  if (w.begin({"drop", "table"})) {
    for (std::size_t from = 2; from < w.size(); from = w.end_of_part(from) + 1)
      out.push_back({w.name(from)});
  }
  if (!w.begin({"alter", "table"})) return out;
  for (std::size_t from = w.behind_name(2); from < w.size(); from = w.end_of_part(from) + 1) {
    const bool of_column = w.is(from + 1, "column");
    if (w.is(from, "drop") && w.is(from + 1, "constraint")) {
      out.push_back({w.name(2), w.name(from + 2)});
    } else if (w.is(from, "drop") ||
               (w.is(from, "alter") && w.find({"type"}, from) < w.end_of_part(from))) {
      out.push_back({w.name(2), "", w.name(from + (of_column ? 2 : 1))});
    }
  }
  return out;
}

/// Of an ALTER TABLE, whose parts are looked at one by one.
std::string_view destruction_of_alter(const words& w) {
  std::string_view out;
  for (std::size_t from = w.behind_name(2); from < w.size(); from = w.end_of_part(from) + 1) {
    const std::size_t to = w.end_of_part(from);
    if (w.is(from, "drop") && !w.is(from + 1, "constraint")) return "drops a column";
    if (w.is(from, "alter") && w.find({"type"}, from) < to) out = "changes a type";
  }
  return out;
}

/// A DELETE, beside others too, of rows that are not luamig's own.
bool deletes(const words& w) {
  const std::string quoted = '"' + std::string(db::undo_table) + '"';
  for (std::size_t at = w.find({"delete", "from"}); at < w.size();
       at = w.find({"delete", "from"}, at + 1)) {
    const std::size_t name = w.behind_name(at + 2) - 1;
    if (!w.is(name, db::undo_table) && !w.is(name, quoted)) return true;
  }
  return w.begin({"merge"}) && w.has({"then", "delete"});
}

std::string_view destruction_of(std::string_view sql, db::engine kind, std::string_view operation) {
  const std::string first = db::first_word(sql, kind);
  constexpr std::array<std::string_view, 8> destroying{"drop",  "truncate", "delete", "alter",
                                                       "merge", "with",     "do",     "call"};
  if (std::find(destroying.begin(), destroying.end(), first) == destroying.end()) return "";
  const words w(sql, kind);
  if (w.begin({"drop", "table"}) || w.begin({"drop", "schema"})) return "drops a table";
  if (w.begin({"drop", "materialized"})) return "drops a table";
  if (w.begin({"truncate"})) return "empties a table";
  if (deletes(w)) return "deletes rows";
  if (w.begin({"alter", "table"})) return destruction_of_alter(w);
  // Of code in a text, and of what hangs on what goes, the words do not tell.
  const bool of_script = operation.empty() || operation == "execute";
  if (!of_script) return "";
  if (w.begin({"do"}) || w.begin({"call"}) || (w.begin({"drop"}) && w.has({"cascade"})))
    return "cannot be told";
  return "";
}

}  // namespace luamig::engine
