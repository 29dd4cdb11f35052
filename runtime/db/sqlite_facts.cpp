// What a statement is and where it ends, without running it.

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "db/lexer.hpp"
#include "db/sqlite_open.hpp"

namespace luamig::db {

namespace {

struct word_kind {
  std::string_view word;
  statement_kind kind;
};

constexpr std::array<word_kind, 24> by_first_word = {{
    {"select", statement_kind::query},
    {"values", statement_kind::query},
    {"with", statement_kind::query},
    {"explain", statement_kind::query},
    {"insert", statement_kind::change},
    {"replace", statement_kind::change},
    {"update", statement_kind::change},
    {"delete", statement_kind::change},
    {"create", statement_kind::schema},
    {"alter", statement_kind::schema},
    {"drop", statement_kind::schema},
    {"analyze", statement_kind::schema},
    {"reindex", statement_kind::schema},
    {"vacuum", statement_kind::schema},
    {"begin", statement_kind::transaction},
    {"commit", statement_kind::transaction},
    {"end", statement_kind::transaction},
    {"rollback", statement_kind::transaction},
    {"savepoint", statement_kind::transaction},
    {"release", statement_kind::transaction},
    {"pragma", statement_kind::setting},
    {"attach", statement_kind::other},
    {"detach", statement_kind::other},
    {"", statement_kind::other},
}};

statement_kind kind_of_word(std::string_view word) {
  for (const word_kind& known : by_first_word) {
    if (known.word == word) return known.kind;
  }
  return statement_kind::other;
}

bool has_word(std::string_view sql, std::string_view wanted) {
  lexer tokens{sql, engine::sqlite};
  while (const auto t = tokens.next()) {
    if (t->what == token::sort::word && text::lower_ascii(t->text) == wanted) return true;
  }
  return false;
}

void guess(statement_facts& facts, std::string_view sql, std::string_view word) {
  facts.kind = kind_of_word(word);
  if (word == "with" && (has_word(sql, "insert") || has_word(sql, "update") ||
                         has_word(sql, "delete") || has_word(sql, "replace"))) {
    facts.kind = statement_kind::change;
  }
  facts.returns_rows = facts.kind == statement_kind::query ||
                       (facts.kind == statement_kind::change && has_word(sql, "returning"));
}

}  // namespace

statement_facts inspect_sqlite(sqlite3* on, sqlite_policy& policy, std::string_view sql) {
  const std::string text(sql);
  const std::string word = first_word(text, engine::sqlite);
  policy.begin_prepare(sqlite_policy::mode::look, text);
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v2(on, text.c_str(), static_cast<int>(text.size()), &raw, nullptr);
  statement_facts facts = policy.take_record().facts;
  if (code != SQLITE_OK && facts.kind != statement_kind::setting) {
    guess(facts, text, word);
  } else {
    facts.returns_rows = sqlite3_column_count(raw) > 0;
    if (facts.kind == statement_kind::other) facts.kind = kind_of_word(word);
    if (word == "explain") facts.kind = statement_kind::query;
  }
  sqlite3_finalize(raw);
  facts.needs_autocommit = word == "vacuum";
  if (facts.needs_autocommit && has_word(text, "into")) {
    facts.refusal = "a script may not attach a database or write one by VACUUM INTO";
  }
  return facts;
}

std::vector<std::string_view> split_sqlite(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t start = 0;
  const auto cut = [&](std::size_t end) {
    const std::string_view piece = bare(text.substr(start, end - start), engine::sqlite);
    if (!piece.empty()) out.push_back(piece);
    start = end;
  };
  lexer tokens{text, engine::sqlite};
  while (const auto t = tokens.next()) {
    if (t->text != ";") continue;
    const auto end = static_cast<std::size_t>(t->text.data() - text.data()) + 1;
    if (sqlite3_complete(std::string(text.substr(start, end - start)).c_str()) != 0) cut(end);
  }
  cut(text.size());
  return out;
}

}  // namespace luamig::db
