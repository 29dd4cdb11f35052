#include "db/sqlite_policy.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "db/lexer.hpp"

namespace luamig::db {

namespace {

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::array<std::string_view, 10> reading_with_argument = {
    "table_info",  "table_xinfo",      "table_list",        "index_list",      "index_info",
    "index_xinfo", "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check"};

constexpr std::array<std::string_view, 4> acting_without_argument = {
    "wal_checkpoint", "incremental_vacuum", "optimize", "shrink_memory"};

/// They are kept in the file, or are no settings.
constexpr std::array<std::string_view, 3> settable_by_scripts = {"user_version", "application_id",
                                                                 "optimize"};

/// They hold for the connection, and are put back at the end of the revision. Inside a transaction
/// the others do nothing, or luamig relies on them.
constexpr std::array<std::string_view, 12> settings_put_back = {
    "analysis_limit",      "automatic_index", "cache_size",         "cache_spill",
    "case_sensitive_like", "cell_size_check", "defer_foreign_keys", "ignore_check_constraints",
    "recursive_triggers",  "threads",         "trusted_schema",     "reverse_unordered_selects"};

bool is_schema_action(int action) noexcept {
  return (action >= SQLITE_CREATE_INDEX && action <= SQLITE_CREATE_VIEW) ||
         (action >= SQLITE_DROP_INDEX && action <= SQLITE_DROP_VIEW) ||
         action == SQLITE_ALTER_TABLE || action == SQLITE_REINDEX || action == SQLITE_ANALYZE ||
         action == SQLITE_CREATE_VTABLE || action == SQLITE_DROP_VTABLE;
}

bool makes_temporary(int action) noexcept {
  return action == SQLITE_CREATE_TEMP_INDEX || action == SQLITE_CREATE_TEMP_TABLE ||
         action == SQLITE_CREATE_TEMP_TRIGGER || action == SQLITE_CREATE_TEMP_VIEW;
}

/// Indexes and triggers come with their table second, ALTER TABLE and virtual tables with the
/// table in the place that is theirs.
bool table_is_second(int action) noexcept {
  return action == SQLITE_CREATE_INDEX || action == SQLITE_CREATE_TEMP_INDEX ||
         action == SQLITE_CREATE_TRIGGER || action == SQLITE_CREATE_TEMP_TRIGGER ||
         action == SQLITE_DROP_INDEX || action == SQLITE_DROP_TEMP_INDEX ||
         action == SQLITE_DROP_TRIGGER || action == SQLITE_DROP_TEMP_TRIGGER ||
         action == SQLITE_ALTER_TABLE;
}

bool makes_references(int action) noexcept {
  return action == SQLITE_CREATE_TABLE || action == SQLITE_CREATE_TEMP_TABLE ||
         action == SQLITE_ALTER_TABLE;
}

/// ANALYZE reads, and writes what it learns elsewhere.
bool only_reads(int action) noexcept { return action == SQLITE_ANALYZE; }

bool is_row_change(int action) noexcept {
  return action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
}

bool is_internal(std::string_view table) { return table.substr(0, 7) == "sqlite_"; }

bool is_on(std::string_view value) {
  const std::string lower = text::lower_ascii(value);
  return lower == "1" || lower == "on" || lower == "true" || lower == "yes";
}

std::string last_part(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string part = text::lower_ascii(dot == std::string_view::npos ? name : name.substr(dot + 1));
  std::erase(part, '"');
  return part;
}

void add_once(std::vector<std::string>& to, std::string_view name) {
  if (std::find(to.begin(), to.end(), name) == to.end()) to.emplace_back(name);
}

}  // namespace

bool is_reading_pragma(std::string_view name, std::string_view argument) {
  const std::string lower = text::lower_ascii(name);
  if (argument.empty()) return !among(acting_without_argument, lower);
  return among(reading_with_argument, lower);
}

sqlite_policy::mode mode_of(authority who) noexcept {
  using mode = sqlite_policy::mode;
  if (who == authority::host) return mode::host;
  return who == authority::undo_keeper ? mode::undo : mode::script;
}

void sqlite_policy::install(sqlite3* on) {
  on_ = on;
  sqlite3_set_authorizer(on, &asked, this);
}

bool defers_violation(sqlite3* on) noexcept {
  int open = 0;
  int unused = 0;
  sqlite3_db_status(on, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &unused, 0);
  return open != 0;
}

void sqlite_policy::protect(const std::vector<std::string>& tables) {
  protected_.clear();
  for (const std::string& table : tables) protected_.push_back(last_part(table));
}

void sqlite_policy::begin_prepare(mode how, std::string_view sql) {
  begin_step(how, sql);
  recording_ = true;
  record_ = {};
}

void sqlite_policy::begin_step(mode how, std::string_view sql) {
  mode_ = how;
  sql_ = sql;
  recording_ = false;
  refusal_.clear();
}

sqlite_policy::record sqlite_policy::take_record() {
  recording_ = false;
  record_.facts.refusal = refusal_;
  return std::move(record_);
}

int sqlite_policy::asked(void* self, int action, const char* first, const char* second,
                         const char* database, const char* trigger) noexcept {
  const auto view = [](const char* s) { return s == nullptr ? std::string_view{} : s; };
  try {
    return static_cast<sqlite_policy*>(self)->answer(
        {action, view(first), view(second), view(database), view(trigger)});
  } catch (const std::exception&) {  // no memory: C code must not see it
    return SQLITE_DENY;
  }
}

int sqlite_policy::answer(const question& q) {
  if (recording_) note(q);
  if (mode_ == mode::host) return SQLITE_OK;
  if (std::string why = reason(q); !why.empty()) {
    if (refusal_.empty()) refusal_ = std::move(why);
    if (mode_ == mode::script || mode_ == mode::undo) return SQLITE_DENY;
  }
  // Some PRAGMAs act while they are prepared.
  const bool acts = q.action == SQLITE_PRAGMA && !is_reading_pragma(q.first, q.second);
  return mode_ == mode::look && acts ? SQLITE_DENY : SQLITE_OK;
}

void sqlite_policy::note(const question& q) {
  statement_facts& facts = record_.facts;
  if (is_schema_action(q.action)) {
    note_schema(q);
  } else if (q.action == SQLITE_TRANSACTION || q.action == SQLITE_SAVEPOINT) {
    facts.kind = statement_kind::transaction;
  } else if (q.action == SQLITE_PRAGMA) {
    const bool reads = is_reading_pragma(q.first, q.second);
    facts.kind = reads ? statement_kind::query : statement_kind::setting;
    const std::string name = text::lower_ascii(q.first);
    if (!reads && among(settings_put_back, name)) facts.setting = name;
  } else if (is_row_change(q.action) && !is_internal(q.first)) {
    const bool own = q.trigger.empty() && facts.kind != statement_kind::schema;
    if (own) facts.kind = statement_kind::change;
    add_once(facts.writes, q.first);
  } else if (q.action == SQLITE_READ && !is_internal(q.first)) {
    add_once(facts.reads, q.first);
  } else if (q.action == SQLITE_SELECT && facts.kind == statement_kind::other) {
    facts.kind = statement_kind::query;
  }
}

void sqlite_policy::note_schema(const question& q) {
  record_.facts.kind = statement_kind::schema;
  record_.makes_temporary = record_.makes_temporary || makes_temporary(q.action);
  const std::string_view table = table_is_second(q.action) ? q.second : q.first;
  if (!table.empty() && !is_internal(table)) add_once(record_.facts.writes, table);
  if (q.action == SQLITE_DROP_TABLE) add_once(record_.dropped_tables, q.first);
}

bool sqlite_policy::is_protected(std::string_view table) const {
  const std::string lower = text::lower_ascii(table);
  return std::find(protected_.begin(), protected_.end(), lower) != protected_.end();
}

bool sqlite_policy::names_protected() const {
  const std::string lower = text::lower_ascii(sql_);
  return std::any_of(protected_.begin(), protected_.end(), [&](const std::string& table) {
    return lower.find(table) != std::string::npos;
  });
}

/// The table of luamig's own after this word, of which the authorizer is not told; "" for none.
std::string sqlite_policy::protected_after(std::string_view word) const {
  lexer tokens{sql_, engine::sqlite};
  bool follows = false;
  while (const auto t = tokens.next()) {
    if (t->what == token::sort::space) continue;
    const bool quoted = t->what == token::sort::quoted && t->text.size() > 1;
    const std::string_view name = quoted ? t->text.substr(1, t->text.size() - 2) : t->text;
    if (follows && is_protected(name)) return std::string(name);
    follows = t->what == token::sort::word && text::lower_ascii(t->text) == word;
  }
  return "";
}

std::string sqlite_policy::reason(const question& q) const {
  // It copies every table into an unnamed database, in a transaction of its own, and changes none.
  const bool vacuums = first_word(sql_, engine::sqlite) == "vacuum";
  if (vacuums && (q.action != SQLITE_ATTACH || q.first.empty())) return "";
  switch (q.action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return "a script may not begin or end a transaction: luamig does that around every revision";
    case SQLITE_ATTACH:
      return "a script may not attach a database or write one by VACUUM INTO";
    case SQLITE_DETACH:
      return "a script may not detach a database";
    case SQLITE_PRAGMA:
      return reason_pragma(q);
    case SQLITE_FUNCTION:
      return reason_function(text::lower_ascii(q.second));
    default:
      return reason_table(q);
  }
}

std::string sqlite_policy::reason_function(std::string_view name) {
  if (name == "load_extension")
    return "a script may not load an extension: name it in [sqlite] extensions";
  // It gives and takes addresses of code.
  if (name == "fts3_tokenizer") return "a script may not call fts3_tokenizer()";
  return "";
}

/// A table of that name would stand in the way of the function that luamig reads the schema by.
std::string sqlite_policy::reason_name(const question& q) const {
  const bool renames = q.action == SQLITE_ALTER_TABLE;
  const std::string said = text::lower_ascii(renames ? std::string_view(sql_) : q.first);
  const std::size_t from = renames ? said.find("rename to") : 0;
  const std::size_t at = from == std::string::npos ? from : said.find("pragma_", from);
  if (at == std::string::npos || (!renames && at != 0)) return "";
  return "a script may not make a table whose name begins with pragma_: it would hide a function "
         "of "
         "SQLite";
}

std::string sqlite_policy::reason_pragma(const question& q) const {
  const std::string name = text::lower_ascii(q.first);
  if (name == "defer_foreign_keys" && !q.second.empty() && !is_on(q.second) &&
      defers_violation(on_)) {
    return "a script may not turn defer_foreign_keys off while a foreign key is violated: SQLite "
           "would forget it";
  }
  if (is_reading_pragma(q.first, q.second) || among(settable_by_scripts, name) ||
      among(settings_put_back, name))
    return "";
  return "a script may not run PRAGMA " + name + (q.second.empty() ? "" : " with a value") +
         (name == "foreign_keys" ? ": set [sqlite] foreign_keys in luamig.toml" : "");
}

std::string sqlite_policy::reason_table(const question& q) const {
  const bool rows = is_row_change(q.action);
  if (!rows && (!is_schema_action(q.action) || only_reads(q.action))) return "";
  if (q.action == SQLITE_ALTER_TABLE && q.first == "temp" && names_protected()) {
    return "a script may not give a temporary table the name of one of luamig's own tables";
  }
  if (q.action == SQLITE_ALTER_TABLE) {
    if (const std::string table = protected_after("to"); !table.empty()) {
      return "a script may not rename a table to '" + table +
             "', which is one of luamig's own tables";
    }
  }
  if (makes_references(q.action) || q.action == SQLITE_CREATE_VIEW ||
      q.action == SQLITE_CREATE_TEMP_VIEW || q.action == SQLITE_CREATE_VTABLE) {
    if (std::string why = reason_name(q); !why.empty()) return why;
  }
  if (makes_references(q.action)) {
    if (const std::string table = protected_after("references"); !table.empty()) {
      return "a script may not let a foreign key refer to '" + table +
             "', which is one of luamig's own tables";
    }
  }
  if (mode_ == mode::undo && rows && text::lower_ascii(q.first) == undo_table) return "";
  const bool hit = is_protected(q.first) || (!rows && is_protected(q.second));
  if (!hit) return "";
  return "a script may not change '" + std::string(is_protected(q.first) ? q.first : q.second) +
         "', which is one of luamig's own tables";
}

}  // namespace luamig::db
