#include "engine/text_sink.hpp"

#include <algorithm>
#include <ostream>

#include "base/text.hpp"
#include "db/lexer.hpp"
#include "db/parameters.hpp"

namespace luamig::engine {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

}  // namespace

void text_sink::line(std::string_view sql) {
  sql = text::trim(sql);
  while (sql.ends_with(';')) sql = text::trim(sql.substr(0, sql.size() - 1));
  if (!sql.empty()) out_ << sql << ";\n\n";
}

/// Online every revision has a session as new; here one that left settings behind cleans up, or the
/// books after it would be looked for by its search_path.
void text_sink::reset_settings() {
  if (may_have_set_ && kind_ == db::engine::postgresql) line("RESET ALL");
  may_have_set_ = false;
}

void text_sink::open_transaction() {
  if (!durable_ || open_) return;
  open_ = true;
  line("BEGIN");
  for (const std::string& setting : settings_) line(setting);
}

void text_sink::finish(std::string_view, std::string_view, const step_counts&) {
  if (std::exchange(open_, false)) line("COMMIT");
}

void text_sink::undo() noexcept {
  if (std::exchange(open_, false)) line("ROLLBACK");
}

void text_sink::ready(const statement& s) {
  if (!s.alone) open_transaction();
}

std::int64_t text_sink::execute(const statement& s) {
  if (record_ != nullptr) record_->add(s, kind_);
  const std::string text = db::inline_values({s.sql, s.values}, kind_);
  if (scratch_ == nullptr) {
    note({""}, s);
  } else if (!s.alone) {
    rehearse(s);
  }
  if (!s.comment.empty()) out_ << "-- " << s.comment << "\n";
  const bool sets = db::first_word(s.sql, kind_) == "set";
  if (durable_ && sets) settings_.push_back(text);
  may_have_set_ = may_have_set_ || sets || s.sql.find("set_config") != std::string::npos;
  if (s.data) {
    out_ << s.sql << ";\n" << *s.data << "\\.\n\n";
  } else {
    line(text);
  }
  return 0;
}

void text_sink::host(const std::string& sql) {
  open_transaction();
  if (scratch_ != nullptr) scratch_->execute(sql);
  line(sql);
}

/// Runs what can change the schema, or is refused to scripts; rows are left alone, because their
/// statements may depend on rows that are not here.
void text_sink::rehearse(const statement& s) {
  if (s.data) scratch_->copy_in(s.sql, *s.data);
  const db::statement_facts facts = scratch_->inspect(s.sql);
  if (facts.kind == db::statement_kind::query) return;
  note(facts.writes, s);
  if (facts.kind != db::statement_kind::change) scratch_->execute(s.sql, s.values);
}

void text_sink::note(const std::vector<std::string>& tables, const statement& s) {
  for (const std::string& table : tables) changes_.push_back({table, s.file, s.line});
}

db::connection* text_sink::catalog() {
  if (scratch_ != nullptr) return scratch_;
  return kind_ == db::engine::postgresql && changes_.empty() ? database_ : nullptr;
}

/// Nothing that reads this text can know the present schema version, and none needs to: the rows
/// are the same under both texts.
void text_sink::rewrite(const statement& s, const db::stored_text& as) {
  if (record_ != nullptr) record_->add(s, kind_);
  if (scratch_ != nullptr) scratch_->tables()->rewrite(as);
  note({as.table}, s);
  line("PRAGMA writable_schema = ON");
  line(s.sql);
  line("PRAGMA writable_schema = RESET");
}

/// Foreign keys cannot be switched off here, inside the transaction: whoever writes what stands
/// before it asks `takes_foreign_keys_off`.
void text_sink::rebuild(bool begins) {
  if (begins) open_transaction();
  rebuilds_ = true;
  if (record_ != nullptr) record_->rebuild(begins);
  if (scratch_ != nullptr && begins) scratch_->tables()->begin_rebuild();
  if (scratch_ != nullptr && !begins) scratch_->tables()->end_rebuild();
  line(begins ? "PRAGMA legacy_alter_table = ON" : "PRAGMA legacy_alter_table = OFF");
}

db::connection& text_sink::reader() {
  if (database_ == nullptr) {
    throw error(errc::migration, "this migration reads the database, and this --sql has none",
                "run it online, or without a range against a database that is at the start");
  }
  return *database_;
}

/// The change that the query would miss. SQLite tells what a query reads; a table that is not in
/// the database yet is one that the text has made.
const text_sink::change* text_sink::change_seen_by(const statement& query) {
  if (changes_.empty()) return nullptr;
  if (scratch_ == nullptr) return &changes_.back();
  const std::vector<std::string> there = database_->inspect(query.sql).reads;
  const change* missed = nullptr;
  for (const std::string& table : scratch_->inspect(query.sql).reads) {
    if (!contains(there, table)) missed = &changes_.back();
    for (const change& c : changes_) {
      if (c.table == table) missed = &c;
    }
  }
  return missed;
}

db::cursor text_sink::open(const statement& s, bool streaming) {
  const change* const missed = change_seen_by(s);
  if (missed == nullptr) return reader().open(s.sql, s.values, streaming);
  const std::string what = missed->table.empty() ? "the database" : "'" + missed->table + "'";
  throw error(errc::migration,
              "this reads what this text has changed: " + missed->file + ":" +
                  std::to_string(missed->line) + " writes to " + what +
                  ", and --sql runs nothing, so the answer would be that of before",
              "run it online, or write the change as one SQL statement (INSERT … SELECT, UPDATE … "
              "FROM)");
}

}  // namespace luamig::engine
