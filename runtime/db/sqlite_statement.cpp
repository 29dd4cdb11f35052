#include "db/sqlite_statement.hpp"

#include <sqlite3.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/checks.hpp"
#include "db/lexer.hpp"
#include "db/sqlite_error.hpp"

namespace luamig::db {

namespace {

constexpr std::size_t kept_statements = 128;

/// Text and blobs are not copied: they outlive the statement's run.
struct value_binder {
  sqlite3_stmt* to;
  int at;

  int operator()(null_value) const { return sqlite3_bind_null(to, at); }
  int operator()(bool b) const { return sqlite3_bind_int(to, at, b ? 1 : 0); }
  int operator()(std::int64_t i) const { return sqlite3_bind_int64(to, at, i); }
  int operator()(double d) const {
    check_sqlite_real(d);
    return sqlite3_bind_double(to, at, d);
  }
  int operator()(const decimal& d) const {
    const sqlite_number number = to_sqlite_number(d);
    return number.is_integer ? (*this)(number.integer) : (*this)(number.real);
  }
  int operator()(const std::string& s) const { return text(s); }
  int operator()(const blob& b) const { return bytes(b.bytes); }
  int operator()(const array&) const { refuse_sqlite_array(); }

  [[nodiscard]] int text(std::string_view s) const {
    const char* const data = s.data() == nullptr ? "" : s.data();
    return sqlite3_bind_text64(to, at, data, s.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  [[nodiscard]] int bytes(std::string_view b) const {
    if (b.empty()) return sqlite3_bind_zeroblob(to, at, 0);
    return sqlite3_bind_blob64(to, at, b.data(), b.size(), SQLITE_STATIC);
  }
};

int bind_cell(const value_binder& to, const row_block& block, const cell& c) {
  switch (c.kind) {
    case cell_kind::null:
      return to(null_value{});
    case cell_kind::boolean:
      return to(c.integer != 0);
    case cell_kind::integer:
      return to(c.integer);
    case cell_kind::real:
      return to(c.real);
    case cell_kind::decimal:
      return to(decimal{std::string(block.bytes(c))});
    case cell_kind::text:
      return to.text(block.bytes(c));
    case cell_kind::blob:
      return to.bytes(block.bytes(c));
    case cell_kind::array:
      break;
  }
  refuse_sqlite_array();
}

sqlite_statement::role role_of(std::string_view sql) {
  using role = sqlite_statement::role;
  const std::string word = first_word(sql, engine::sqlite);
  if (word == "begin" || word == "commit" || word == "end" || word == "savepoint" ||
      word == "release") {
    return role::control;
  }
  if (word == "rollback") {
    lexer tokens{sql, engine::sqlite};
    while (const auto t = tokens.next()) {
      if (t->what == token::sort::word && text::lower_ascii(t->text) == "to") return role::control;
    }
    return role::rollback;
  }
  if (word == "pragma" && text::lower_ascii(sql).find("foreign_keys") != std::string::npos &&
      sql.find('=') != std::string_view::npos) {
    return text::lower_ascii(sql).find("defer_") == std::string::npos ? role::foreign_keys
                                                                      : role::plain;
  }
  return role::plain;
}

[[noreturn]] void refuse(std::string_view sql, const std::string& why, std::string_view kind) {
  error e{errc::sql, why};
  e.sql = sql;
  e.kind = kind;
  throw error{std::move(e)};
}

}  // namespace

void sqlite_statement::finalizer::operator()(sqlite3_stmt* s) const noexcept {
  sqlite3_finalize(s);
}

namespace {

void require_count(const sqlite_statement& to, std::size_t given) {
  const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(to.raw.get()));
  if (wanted == given) return;
  refuse(to.text,
         "the statement takes " + std::to_string(wanted) + " values, but " + std::to_string(given) +
             " were given",
         "parameters");
}

}  // namespace

void bind_row(const sqlite_statement& to, const row_block& block, std::size_t row) {
  sqlite3_stmt* const raw = to.raw.get();
  require_count(to, block.columns());
  for (std::size_t i = 0; i < block.columns(); ++i) {
    const int code = bind_cell({raw, static_cast<int>(i) + 1}, block, block.at(row, i));
    if (code != SQLITE_OK) throw sqlite_error(sqlite3_db_handle(raw), to.text);
  }
}

void bind_values(const sqlite_statement& to, std::span<const value> values) {
  sqlite3_stmt* const raw = to.raw.get();
  require_count(to, values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int code = std::visit(value_binder{raw, static_cast<int>(i) + 1}, as_variant(values[i]));
    if (code != SQLITE_OK) throw sqlite_error(sqlite3_db_handle(raw), to.text);
  }
}

sqlite_statements::list sqlite_statements::prepare(std::string_view sql, authority who) {
  list made;
  sqlite_statement& s = made.emplace_back();
  s.text = sql;
  s.who = who;
  policy_.begin_prepare(mode_of(who), s.text);
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(on_, s.text.data(), static_cast<int>(s.text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  s.raw.reset(raw);
  s.seen = policy_.take_record();
  if (!policy_.refusal().empty()) refuse(sql, policy_.refusal(), "refused");
  if (code != SQLITE_OK) throw sqlite_error(on_, sql);
  if (raw == nullptr) refuse(sql, "there is no statement in the text", "syntax");
  const std::string_view rest(tail, s.text.size() - static_cast<std::size_t>(tail - s.text.data()));
  if (!bare(rest, engine::sqlite).empty()) {
    refuse(sql, "there is more than one statement in the text", "syntax");
  }
  if (who == authority::host) s.part = role_of(s.text);
  s.undoes_savepoint =
      s.part == sqlite_statement::role::control && first_word(s.text, engine::sqlite) == "rollback";
  return made;
}

sqlite_statement& sqlite_statements::acquire(std::string_view sql, authority who) {
  auto& known = known_to(who);
  const auto found = known.find(sql);
  if (found != known.end() && !found->second->in_use) {
    all_.splice(all_.begin(), all_, found->second);
    found->second->in_use = true;
    return *found->second;
  }
  all_.splice(all_.begin(), prepare(sql, who));
  all_.front().in_use = true;
  // Nameless, and gone with `trim`: one whose text is in use already, PRAGMAs, some of which act
  // only while they are prepared, and EXPLAIN, which goes on telling of the tables as they were
  // then.
  const std::string first = first_word(sql, engine::sqlite);
  const bool is_fixed = first == "pragma" || first == "explain";
  if (found == known.end() && !is_fixed) known.emplace(all_.front().text, all_.begin());
  trim();
  return all_.front();
}

void sqlite_statements::release(sqlite_statement& s) noexcept {
  sqlite3_reset(s.raw.get());
  sqlite3_clear_bindings(s.raw.get());
  s.in_use = false;
}

void sqlite_statements::trim() {
  for (auto at = all_.end(); all_.size() > kept_statements && at != all_.begin();) {
    --at;
    if (at->in_use) continue;
    auto& known = known_to(at->who);
    const auto found = known.find(at->text);
    if (found != known.end() && found->second == at) known.erase(found);
    at = all_.erase(at);
  }
}

void sqlite_statements::forget_scripts() {
  known_to(authority::script).clear();
  known_to(authority::undo_keeper).clear();
  for (auto at = all_.begin(); at != all_.end();) {
    at = at->who != authority::host && !at->in_use ? all_.erase(at) : std::next(at);
  }
}

}  // namespace luamig::db
