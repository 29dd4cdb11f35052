#include "engine/text_checks.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/checks.hpp"
#include "db/lexer.hpp"

namespace luamig::engine {
namespace {

bool holds_statement(std::string_view text, db::engine kind) {
  db::lexer tokens{text, kind};
  while (const auto t = tokens.next()) {
    if (t->what != db::token::sort::space && t->text != ";") return true;
  }
  return false;
}

}  // namespace

void refuse(const statement& s, std::string why, std::string hint) {
  error e(errc::migration, std::move(why), std::move(hint));
  e.sql = text::shorten(s.sql, 200);
  e.file = s.file;
  e.line = s.line;
  throw e;
}

void check_text(std::string_view text, db::engine kind, const statement& s, bool own_lines) {
  db::check_sql(text);
  const auto open = db::open_comment(text, kind);
  if (!open) return;
  const std::string_view before = text.substr(0, *open);
  const auto lines = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const bool says_line = !own_lines && text.find('\n') != std::string_view::npos;
  refuse({.sql = std::string(text.substr(*open)),
          .values = {},
          .comment = {},
          .file = s.file,
          .line = own_lines ? s.line + lines : s.line},
         "the comment that begins here" +
             (says_line ? ", in line " + std::to_string(lines + 1) + " of the text," : "") +
             " never ends: what stands below it would not run",
         "end it by */");
}

void require_statement(std::string_view text, db::engine kind, const statement& s) {
  if (holds_statement(text, kind)) return;
  const bool empty = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  refuse(s,
         empty ? "the text is empty: there is no statement to run"
               : "there is no statement in the text, only comments",
         "leave the call out; for one engine alone, { sqlite = \"…\", postgresql = \"\" } does "
         "nothing there");
}

bool only_reads(const db::statement_facts& facts, db::engine kind) {
  if (!facts.refusal.empty()) return true;
  if (kind == db::engine::sqlite && facts.kind == db::statement_kind::other) return true;
  return facts.kind == db::statement_kind::query && facts.writes.empty();
}

}  // namespace luamig::engine
