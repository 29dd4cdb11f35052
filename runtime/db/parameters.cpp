#include "db/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/lexer.hpp"

namespace luamig::db {

namespace {

constexpr std::string_view nil_vanishes =
    "if it was nil: a nil vanishes from a Lua table, so write null for NULL";

std::size_t number_after_sign(std::string_view text) {
  std::size_t out = 0;
  std::from_chars(text.data() + 1, text.data() + text.size(), out);
  return out;
}

/// Rewrites one statement, numbering values in the order in which they are first met.
class binder {
 public:
  binder(bound_statement& out, std::string_view sql, engine kind, const parameters& given)
      : out_(out), kind_(kind), given_(given), positions_(given.positional.size()) {
    lexer tokens{sql, kind};
    while (const std::optional<token> t = tokens.next()) tokens_.push_back(*t);
  }

  void run() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) step(tokens_[at_]);
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      if (positions_[i] == 0) {
        throw error{errc::migration, "parameter " + std::to_string(i + 1) + " of " +
                                         std::to_string(positions_.size()) +
                                         " is not used: the statement has no $" +
                                         std::to_string(i + 1)};
      }
    }
    if (!given_.is_row) refuse_unused();
  }

  /// Where each value came from; nothing when the text depends on more than the names.
  [[nodiscard]] std::optional<std::vector<value_source>> sources() const {
    if (spread_ || sources_.size() != out_.values.size()) return std::nullopt;
    return sources_;
  }

 private:
  void step(const token& t) {
    switch (t.what) {
      case token::sort::name:
        if (is_slice(t)) {
          out_.sql += t.text;
        } else {
          put_name(t.text.substr(1));
        }
        break;
      case token::sort::position:
        put_position(t.text);
        break;
      case token::sort::anonymous:
        throw error{errc::migration, "'?' does not say which parameter it means",
                    "write $1, $2 … or :name"};
      default:
        out_.sql += t.text;
    }
    if (t.text == "[") ++brackets_;
    if (t.text == "]" && brackets_ > 0) --brackets_;
    if (t.what == token::sort::word) note_word(t.text);
  }

  /// The words before a '(': an empty list takes "[NOT] IN (" back.
  void note_word(std::string_view word) {
    const std::string lower = text::lower_ascii(word);
    if (lower == "not") not_at_ = out_.sql.size() - word.size();
    if (lower != "in") return;
    in_at_ = out_.sql.size() - word.size();
    const std::string_view between =
        not_at_ < in_at_ ? std::string_view(out_.sql).substr(not_at_ + 3, in_at_ - not_at_ - 3)
                         : "-";
    negated_ = bare(between, kind_).empty();
  }

  [[nodiscard]] const token* neighbour(int way) const {
    for (std::size_t i = at_ + static_cast<std::size_t>(way); i < tokens_.size();
         i += static_cast<std::size_t>(way)) {
      if (tokens_[i].what != token::sort::space) return &tokens_[i];
    }
    return nullptr;
  }
  [[nodiscard]] std::string_view beside(int way) const {
    const token* const t = neighbour(way);
    return t == nullptr ? std::string_view{} : t->text;
  }

  /// `a[1:n]` and `a[:n]`: inside brackets, a ':' after an operand or after '[' (unless there is
  /// such a parameter).
  [[nodiscard]] bool is_slice(const token& t) const {
    if (kind_ != engine::postgresql || brackets_ == 0) return false;
    const token* const before = neighbour(-1);
    if (before == nullptr) return false;
    if (before->text == "[") return given_.named.find(t.text.substr(1)) == given_.named.end();
    return before->what != token::sort::symbol || before->text == "]" || before->text == ")";
  }

  /// On SQLite a plain '?' takes the next number, which is the one that a value gets when it is
  /// first met. ?NNN means the same, but SQLite looks up the name of every one: 100,000 of them
  /// took it a minute.
  void put_number(std::size_t slot) {
    out_.sql += kind_ == engine::postgresql ? '$' : '?';
    if (kind_ == engine::postgresql || slot <= met_) out_.sql += std::to_string(slot);
    met_ = std::max(met_, slot);
  }

  std::size_t add(const value& v) {
    out_.values.push_back(v);
    return out_.values.size();
  }

  void put_position(std::string_view text) {
    const std::size_t n = number_after_sign(text);
    if (n == 0 || n > positions_.size()) {
      throw error{errc::migration,
                  "the statement asks for " + std::string(text) + ", but " +
                      std::to_string(positions_.size()) +
                      (positions_.size() == 1 ? " value was" : " values were") + " given",
                  std::string(nil_vanishes)};
    }
    std::size_t& slot = positions_[n - 1];
    if (slot == 0) {
      slot = add(given_.positional[n - 1]);
      sources_.push_back({"", n - 1});
    }
    put_number(slot);
  }

  void put_name(std::string_view name) {
    const auto found = given_.named.find(name);
    if (found == given_.named.end()) refuse_unknown(name);
    std::size_t& slot = names_[std::string(name)];
    if (found->second.is_list) {
      spread_ = true;
      return put_list(name, found->second.list);
    }
    if (slot == 0) {
      slot = add(found->second.single);
      sources_.push_back({std::string(name), 0});
    }
    put_number(slot);
  }

  void refuse_unused() const {
    for (const auto& [name, unused] : given_.named) {
      if (names_.contains(name)) continue;
      // Every name of one letter is near every other one.
      std::vector<std::string> asked;
      for (const auto& [key, slot] : names_) asked.push_back(key);
      throw error{errc::migration,
                  "parameter '" + name + "' is not used: the statement has no :" + name +
                      (name.size() < 3 ? "" : text::did_you_mean(name, asked)),
                  "leave it out; only a row of db:rows or db:one may have more than is asked for"};
    }
  }

  [[noreturn]] void refuse_unknown(std::string_view name) const {
    std::vector<std::string> known;
    for (const auto& [key, unused] : given_.named) known.push_back(key);
    throw error{
        errc::migration,
        "no value was given for ':" + std::string(name) + "'" + text::did_you_mean(name, known),
        std::string(nil_vanishes)};
  }

  void put_list(std::string_view name, const std::vector<value>& list) {
    const std::string_view before = beside(-1);
    const std::string_view after = beside(1);
    if ((before != "(" && before != ",") || (after != ")" && after != ",")) {
      throw error{errc::migration, "':" + std::string(name) + "' is a list and stands alone",
                  "write IN (:" + std::string(name) + ")"};
    }
    if (list.empty()) return put_empty(name, before == "(" && after == ")");
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_.sql += ", ";
      put_number(add(list[i]));
    }
  }

  /// SQLite compares anything with a sub-select of no row. PostgreSQL gives such a sub-select the
  /// type text, which no number compares with, but it types an empty array by the other side.
  void put_empty(std::string_view name, bool alone) {
    const bool after_in = alone && in_at_ < out_.sql.size() &&
                          bare(std::string_view(out_.sql).substr(in_at_ + 2), kind_) == "(";
    if (!after_in) {
      throw error{errc::migration, "':" + std::string(name) + "' is an empty list",
                  "an empty list may only stand alone, as IN (:" + std::string(name) + ")"};
    }
    if (kind_ == engine::sqlite) {
      out_.sql += "SELECT 1 WHERE 0";
      return;
    }
    out_.sql.resize(negated_ ? not_at_ : in_at_);
    out_.sql += negated_ ? "<> ALL ('{}'" : "= ANY ('{}'";
  }

  bound_statement& out_;
  engine kind_;
  const parameters& given_;
  std::vector<std::size_t> positions_;  // slot of each, 0: not met yet
  std::map<std::string, std::size_t, std::less<>> names_;
  std::vector<token> tokens_;
  std::size_t at_ = 0;
  std::size_t met_ = 0;
  std::size_t brackets_ = 0;
  std::size_t in_at_ = std::string::npos;
  std::size_t not_at_ = std::string::npos;
  bool negated_ = false;
  bool spread_ = false;  // a list has become part of the text
  std::vector<value_source> sources_;
};

constexpr std::size_t most_texts = 64;
constexpr std::size_t longest_text = 16 * 1024;

value taken(const parameters& given, const value_source& from) {
  return from.name.empty() ? given.positional[from.position]
                           : given.named.find(from.name)->second.single;
}

/// The values of the other pieces must not fall to a text that brings none.
void refuse_placeholders(std::string_view sql, engine kind) {
  lexer tokens{sql, kind};
  while (const std::optional<token> t = tokens.next()) {
    const bool asks = t->what == token::sort::position || t->what == token::sort::anonymous ||
                      (t->what == token::sort::name && kind == engine::sqlite);
    if (!asks) continue;
    throw error{errc::migration,
                "the text asks for " + std::string(t->text) + ", and no values were given with it",
                "give them beside the text: (\"id = :id\", { id = 7 })"};
  }
}

}  // namespace

bound_statement bind(std::string_view sql, engine kind, const parameters& given) {
  bound_statement out;
  if (given.given) {
    binder{out, sql, kind, given}.run();
  } else {
    out.sql = sql;
  }
  return out;
}

bool bound_texts::text::fits(engine wanted, const parameters& given) const {
  return kind == wanted && is_row == given.is_row && positions == given.positional.size() &&
         std::equal(given.named.begin(), given.named.end(), names.begin(), names.end(),
                    [](const auto& one, const std::string& name) {
                      return one.first == name && !one.second.is_list;
                    });
}

bound_statement bound_texts::bind(std::string_view sql, engine kind, const parameters& given) {
  if (!given.given) return {std::string(sql), {}};
  bound_statement out;
  if (const auto found = texts_.find(sql);
      found != texts_.end() && found->second.fits(kind, given)) {
    out.sql = found->second.sql;
    out.values.reserve(found->second.values.size());
    for (const value_source& from : found->second.values) out.values.push_back(taken(given, from));
    return out;
  }
  binder reads{out, sql, kind, given};
  reads.run();
  const auto sources = reads.sources();
  if (!sources || sql.size() > longest_text) return out;
  if (texts_.size() >= most_texts) texts_.clear();
  text& kept = texts_[std::string(sql)];
  kept = {kind, out.sql, {}, given.positional.size(), given.is_row, *sources};
  for (const auto& [name, unused] : given.named) kept.names.push_back(name);
  return out;
}

void append(bound_statement& to, std::string_view sql, engine kind, const parameters& given) {
  if (given.given) return binder{to, sql, kind, given}.run();
  refuse_placeholders(sql, kind);
  to.sql += sql;
}

std::string inline_values(const bound_statement& statement, engine kind) {
  if (statement.values.empty()) return statement.sql;
  std::string out;
  lexer tokens{statement.sql, kind};
  std::size_t met = 0;
  while (const std::optional<token> t = tokens.next()) {
    if (t->what != token::sort::position && t->what != token::sort::anonymous) {
      out += t->text;
      continue;
    }
    const std::size_t n = t->what == token::sort::anonymous ? met + 1 : number_after_sign(t->text);
    met = std::max(met, n);
    if (n == 0 || n > statement.values.size()) {
      throw error{errc::migration, "no value for " + std::string(t->text)};
    }
    out += literal(statement.values[n - 1], kind);
  }
  return out;
}

}  // namespace luamig::db
