// What a statement takes and destroys, by its words: for plans, where nothing has run.
#include <algorithm>
#include <initializer_list>

#include "base/text.hpp"
#include "db/lexer.hpp"
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
  [[nodiscard]] std::size_t find(std::initializer_list<std::string_view> sequence) const {
    for (std::size_t at = 0; at + sequence.size() <= all_.size(); ++at) {
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
    while (is(at, "if") || is(at, "not") || is(at, "exists") || is(at, "only") || is(at, "table") ||
           is(at, "concurrently")) {
      ++at;
    }
    if (at >= all_.size()) return "";
    std::string out = all_[at];
    while (at + 2 < all_.size() && all_[at + 1] == ".") {
      out += "." + all_[at + 2];
      at += 2;
    }
    return out;
  }
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  std::vector<std::string> all_;
};

std::string lock(std::string_view mode, const std::string& table) {
  return std::string(mode) + " on " + table;
}

/// A foreign key locks the table that it refers to.
void add_references(std::vector<std::string>& out, const words& w) {
  const std::size_t at = w.find({"references"});
  if (at < w.size()) out.push_back(lock("SHARE ROW EXCLUSIVE", w.name(at + 1)));
}

std::vector<std::string> locks_of_alter(const words& w) {
  const std::string table = w.name(2);
  const bool light = w.has({"validate", "constraint"}) || w.has({"set", "statistics"}) ||
                     w.has({"attach", "partition"}) || w.has({"cluster", "on"}) ||
                     w.has({"set", "("});
  const bool triggers = w.has({"enable", "trigger"}) || w.has({"disable", "trigger"});
  const bool only_key = w.has({"foreign", "key"}) && !w.has({"add", "column"});
  std::vector<std::string> out{lock(light                  ? "SHARE UPDATE EXCLUSIVE"
                                    : triggers || only_key ? "SHARE ROW EXCLUSIVE"
                                                           : "ACCESS EXCLUSIVE",
                                    table)};
  add_references(out, w);
  return out;
}

}  // namespace

std::vector<std::string> locks_of(std::string_view sql, db::engine kind) {
  if (kind != db::engine::postgresql) return {};
  const words w(sql, kind);
  const bool concurrently = w.has({"concurrently"});
  if (w.begin({"alter", "table"})) return locks_of_alter(w);
  if (w.begin({"create"}) && w.has({"index"}) && w.find({"index"}) <= 2) {
    return {lock(concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE", w.name(w.find({"on"}) + 1))};
  }
  if (w.begin({"drop", "index"})) {
    return {concurrently ? "SHARE UPDATE EXCLUSIVE on the table of " + w.name(2)
                         : "ACCESS EXCLUSIVE on the table of " + w.name(2)};
  }
  if (w.begin({"drop", "table"}) || w.begin({"truncate"})) {
    return {lock("ACCESS EXCLUSIVE", w.name(w.begin({"truncate"}) ? 1 : 2))};
  }
  if (w.begin({"refresh"})) {
    return {lock(concurrently ? "EXCLUSIVE" : "ACCESS EXCLUSIVE", w.name(w.find({"view"}) + 1))};
  }
  if (w.begin({"create", "table"})) {
    std::vector<std::string> out;
    add_references(out, w);
    return out;
  }
  if (w.begin({"create"}) && w.has({"trigger"}) && w.find({"trigger"}) <= 4) {
    return {lock("SHARE ROW EXCLUSIVE", w.name(w.find({"on"}) + 1))};
  }
  if (w.begin({"insert"}) || w.begin({"delete"}) || w.begin({"merge"})) {
    return {lock("ROW EXCLUSIVE", w.name(2))};
  }
  if (w.begin({"update"})) return {lock("ROW EXCLUSIVE", w.name(1))};
  if (w.begin({"comment", "on"}) && (w.is(2, "table") || w.is(2, "column"))) {
    return {lock("SHARE UPDATE EXCLUSIVE", w.name(3))};
  }
  return {};
}

std::string_view destruction_of(std::string_view sql, db::engine kind) {
  const words w(sql, kind);
  if (w.begin({"drop", "table"}) || w.begin({"drop", "schema"})) return "drops a table";
  if (w.begin({"truncate"})) return "empties a table";
  if (w.begin({"delete"})) return "deletes rows";
  if (w.begin({"alter", "table"})) {
    const std::size_t drop = w.find({"drop"});
    const bool other = w.is(drop + 1, "constraint") || w.is(drop + 1, "not") ||
                       w.is(drop + 1, "default") || w.is(drop + 1, "identity") ||
                       w.is(drop + 1, "expression");
    if (w.has({"drop", "column"}) || (drop < w.size() && !other)) return "drops a column";
    const std::size_t type = w.find({"type"});
    if (type < w.size() && w.has({"alter"})) return "changes a type";
  }
  return "";
}

std::string_view destruction_by(std::string_view operation) {
  if (operation == "drop_table") return "drops a table";
  if (operation == "drop_column") return "drops a column";
  return "";
}

}  // namespace luamig::engine
