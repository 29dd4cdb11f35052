#include "db/postgres_role.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "db/lexer.hpp"

namespace luamig::db {

namespace {

/// The first words in lower case, quotes of names taken off.
std::vector<std::string> first_words(std::string_view sql, std::size_t count) {
  std::vector<std::string> out;
  lexer tokens{sql, engine::postgresql};
  while (out.size() < count) {
    const auto t = tokens.next();
    if (!t || t->text == ";") break;
    if (t->what == token::sort::space) continue;
    if (t->what == token::sort::quoted) {
      out.emplace_back(t->text.substr(1, t->text.size() - 2));
    } else {
      out.push_back(text::lower_ascii(t->text));
    }
  }
  return out;
}

}  // namespace

bool is_commit(std::string_view sql) {
  const std::string word = first_word(sql, engine::postgresql);
  return word == "commit" || word == "end";
}

std::string savepoint_of(std::string_view sql) { return first_words(sql, 4).back(); }

postgres_role role_of(std::string_view sql) {
  using role = postgres_role;
  const std::size_t first = sql.find_first_not_of(" \t\r\n");
  constexpr std::string_view begins = "bBsScCeErRaA/-";
  if (first == std::string_view::npos || begins.find(sql[first]) == std::string_view::npos) {
    return role::plain;
  }
  const std::vector<std::string> words = first_words(sql, 3);
  if (words.empty()) return role::plain;
  const std::string& word = words[0];
  if (word == "begin" || (word == "start" && words.size() > 1 && words[1] == "transaction")) {
    return role::begin;
  }
  if (word == "savepoint") return role::savepoint;
  if (word == "release") return role::release;
  if (word == "rollback" || word == "abort") {
    const bool to = std::find(words.begin(), words.end(), "to") != words.end();
    return to ? role::rollback_to : role::end;
  }
  return word == "commit" || word == "end" ? role::end : role::plain;
}

}  // namespace luamig::db
