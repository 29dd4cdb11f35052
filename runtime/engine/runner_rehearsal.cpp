// What a run does that is only a rehearsal, and what it does to be measured.
#include <array>
#include <csignal>

#include "base/file.hpp"
#include "base/text.hpp"
#include "db/mask.hpp"
#include "engine/runner.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view nothing_changed = "nothing was changed: dry run";

constexpr std::string_view deferred_sql =
    "SELECT string_agg(DISTINCT quote_ident(n.nspname) || '.' || quote_ident(k.conname), ', ') "
    "FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_namespace AS n ON n.oid = "
    "k.connamespace WHERE k.condeferred AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS o "
    "WHERE o.connamespace = k.connamespace AND o.conname = k.conname AND NOT o.condeferrable)";

constexpr std::string_view orphans_sql =
    "SELECT DISTINCT \"table\", parent FROM pragma_foreign_key_check LIMIT 3";

/// As SQLite's COMMIT says it, and who is meant.
error violated_key(db::connection& on) {
  std::string found;
  for (const auto& row : db::all(on, orphans_sql)) {
    found += (found.empty() ? "rows of '" : ", of '") + std::get<std::string>(row[0]) +
             "' refer to none of '" + std::get<std::string>(row[1]) + "'";
  }
  error e(errc::sql, "FOREIGN KEY constraint failed" + (found.empty() ? "" : " (" + found + ")"));
  e.sql = "COMMIT";
  e.sqlstate = "787";
  e.kind = "foreign_key";
  return e;
}

std::string in_seconds(double seconds) {
  const auto tenths = static_cast<std::int64_t>(seconds * 10 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

/// Where a rehearsal takes place: a file that is not there is an empty database in memory.
db::url runner::place() const {
  db::url where = options_.where;
  if (!options_.rehearses || where.kind != db::engine::sqlite || where.file.empty()) return where;
  if (file::is_missing(where.file) && file::is_directory(where.file.parent_path())) {
    where.file.clear();
  }
  return where;
}

/// What COMMIT would look at; what is deferred by its declaration is so again for the next step.
void runner::check_as_commit() {
  if (!on_postgresql()) {
    if (on_->tables()->defers_violation()) throw violated_key(*on_);
    return;
  }
  store_->check_deferred();
  const auto names = db::scalar(*on_, deferred_sql);
  const auto* list = names ? std::get_if<std::string>(&*names) : nullptr;
  if (list != nullptr) on_->execute("SET CONSTRAINTS " + *list + " DEFERRED");
}

/// A rollback does not put a sequence back. Under the migration lock nobody else moves these.
void runner::keep_own_sequences() {
  if (!options_.rehearses || !on_postgresql() || !put_back_.empty()) return;
  keep_sequence(store_->sql().history_table());
  keep_sequence(store_->sql().undo_table());
}

void runner::keep_sequence(const std::string& table_name) {
  constexpr std::string_view sequence_sql =
      "SELECT pg_catalog.pg_get_serial_sequence(to_regclass($1)::text, 'id') WHERE to_regclass($1) "
      "IS NOT NULL";
  const std::array table{value(table_name)};
  const auto name = db::scalar(*on_, sequence_sql, table);
  const auto* sequence = name ? std::get_if<std::string>(&*name) : nullptr;
  if (sequence == nullptr) return;
  const auto now = db::all(*on_, "SELECT last_value::text, is_called::text FROM " + *sequence);
  put_back_ += put_back_.empty() ? "SELECT " : ", ";
  put_back_ += "pg_catalog.setval(" + text::sql_string(*sequence) + ", " +
               std::get<std::string>(now[0][0]) + ", " + std::get<std::string>(now[0][1]) + ")";
}

/// At best: where a sequence is not luamig's to set, numbers are left out.
void runner::put_own_sequences_back() noexcept {
  watched_.reset();
  if (put_back_.empty() || !lock_) return;
  try {
    lock_->session()->execute(put_back_);
  } catch (const std::exception&) {
    return;
  }
}

void runner::watch_blocking() {
  if (!options_.rehearses || !on_postgresql() || options_.max_block.count() == 0 || watched_) {
    return;
  }
  const auto pid = db::scalar(*on_, "SELECT pg_catalog.pg_backend_pid()::bigint");
  watched_.emplace(*lock_->session(), std::get<std::int64_t>(*pid), options_.max_block, [this] {
    host_.interrupt(SIGTERM);
    on_->interrupt();
  });
}

/// Whether the rehearsal was ended because somebody waited for it: then the error says so.
bool runner::was_in_the_way(error& e) {
  if (watched_ && watched_->lost()) {
    e = error(errc::lock, "the session that watched whom the dry run keeps waiting is gone",
              "run the same command again");
    return true;
  }
  const auto blocked = watched_ ? watched_->verdict() : std::nullopt;
  if (!blocked) return false;
  const std::string lock =
      blocked->table.empty() ? "what it holds" : "the lock on " + blocked->table;
  script_place where;
  if (meter_ && meter_->running()) where = meter_->place_of_lock(blocked->table);
  const std::string taken_at =
      where.file.empty() ? "" : ", taken at " + where.file + ":" + std::to_string(where.line);
  error told(errc::migration,
             "the dry run was ended: '" + text::one_line(blocked->who) + "' (backend pid " +
                 std::to_string(blocked->pid) + ") waited " + in_seconds(blocked->seconds) +
                 " for " + lock + taken_at + ": " +
                 text::shorten(text::one_line(db::mask(blocked->query)), 120),
             "luamig upgrade --dry-run=copy blocks nobody; or --max-block with a longer time, "
             "when the application can wait");
  told.kind = "blocking";
  told.revision = e.revision;
  told.revision_message = e.revision_message;
  told.file = where.file;
  told.line = where.line;
  e = std::move(told);
  return true;
}

/// Before the end of its transaction, for PostgreSQL forgets what it did.
void runner::measure(const step_run& s, bool failed) {
  if (!meter_ || !meter_->running()) return;
  effects_ = meter_->finish(failed);
  effects_->seconds = s.seconds();
  if (!options_.rehearses) effects_->sequences.clear();  // they have moved with the rest
  if (!failed && options_.judge) options_.judge(*effects_);
}

void runner::tell_effects() {
  if (!effects_) return;
  watching_.measured(*effects_);
  report_.effects.push_back(*std::exchange(effects_, std::nullopt));
}

/// What a rehearsal's failure means for the database: nothing. What a real run would end with, it
/// ends with too.
void runner::explain_rehearsal(error& e) {
  if (was_in_the_way(e)) {
    e.state_after = nothing_changed;
    return;
  }
  if (e.sqlstate == "55P04") {
    e.code = errc::refused;
    e.hint =
        "PostgreSQL lets a new value of an enum be used after a COMMIT only, and a dry run is "
        "one transaction: luamig upgrade --dry-run=copy";
  } else if (e.sqlstate == "55P03") {
    e.code = errc::lock;
    e.hint = "others keep the database busy: try again later";
  } else if ((steps_done_ > 0 || in_part_) && e.code == errc::migration) {
    e.code = errc::partial;
  }
  if (e.code == errc::partial && e.hint.empty()) {
    e.hint = "a real run would stop here, half done, and go on from here when it is run again";
  }
  e.state_after = nothing_changed;
}

/// Everything is undone.
void runner::end_rehearsal() {
  error none(errc::migration, "");
  try {
    whole_->rollback();
  } catch (const error&) {
    if (!was_in_the_way(none)) throw;
  }
  whole_.reset();
  if (was_in_the_way(none)) throw error{std::move(none)};
}

}  // namespace luamig::engine
