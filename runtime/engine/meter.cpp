#include "engine/meter.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "db/lexer.hpp"
#include "db/mask.hpp"
#include "engine/plain_path.hpp"
#include "engine/plan_record.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t of_revision = static_cast<std::size_t>(-1);
constexpr std::size_t longest_summary = 72;
constexpr std::size_t longest_sql = 400;
constexpr std::size_t most_sql = 3;  // statements that are shown of one line
constexpr int most_of_time = 10;     // looking takes no more than a tenth of the run, but
constexpr std::chrono::milliseconds always_spent{200};

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string one_line(std::string_view sql) {
  std::string out;
  for (const char c : sql) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

bool says(std::string_view sql, std::string_view word, db::engine kind) {
  db::lexer tokens{sql, kind};
  while (const auto t = tokens.next()) {
    if (t->what == db::token::sort::word && text::lower_ascii(t->text) == word) return true;
  }
  return false;
}

void add_once(std::vector<std::string>& to, std::string what) {
  if (std::find(to.begin(), to.end(), what) == to.end()) to.push_back(std::move(what));
}

/// What a counter has gone up by; a TRUNCATE begins it anew.
std::int64_t gone_up(std::int64_t before, std::int64_t now) {
  return now >= before ? now - before : now;
}

}  // namespace

void meter::begin(std::string revision, std::string message, graph::direction way) {
  now_ = {};
  now_.revision = std::move(revision);
  now_.message = std::move(message);
  now_.way = way;
  began_ = clock::now();
  writer_began_ = began_;
  spent_ = {};
  by_place_.clear();
  names_.clear();
  levels_.clear();
  changes_.clear();
  writers_.clear();
  locks_.clear();
  truncated_.clear();
  current_ = 0;
  writes_ = 0;
  schema_changed_ = false;
  incomplete_ = false;
  static_cast<void>(on_.take_changes());
  if (!schema_) schema_ = read_schema(on_, own_);
  if (on_server()) {
    const sequence_positions now = read_sequences(on_);
    if (!sequences_) sequences_ = now;
    for (auto& [name, position] : *sequences_) {
      const auto found = now.find(name);
      if (found != now.end()) position = found->second;
    }
    last_ = read_server_counts(on_, own_);
    tables_before_.clear();
    for (const auto& [oid, relation] : last_->relations) tables_before_.insert(oid);
    now_.wal_bytes = -last_->wal;
  }
  anew_ = on_.state() == db::transaction_state::idle;
  running_ = true;
}

revision_effects meter::finish(bool failed) {
  running_ = false;
  now_.failed = failed;
  const bool lost = on_server() || on_.state() == db::transaction_state::failed;
  const bool readable = !failed || !lost;
  if (readable) {
    sample(true);
    schema_text after = read_schema(on_, own_);
    schema_difference difference = compare(*schema_, after);
    now_.schema_added = std::move(difference.added);
    now_.schema_removed = std::move(difference.removed);
    schema_ = std::move(after);
  } else {
    schema_.reset();
  }
  if (now_.wal_bytes && !(readable && last_)) now_.wal_bytes.reset();
  if (now_.wal_bytes) *now_.wal_bytes += last_->wal;
  if (on_server() && readable) now_.sequences = moved(*sequences_, read_sequences(on_));
  if (!readable && on_server() && !writers_.empty()) {
    not_simulated(
        "the rows of its last statements are not counted: a transaction that failed tells no more");
  }
  if (incomplete_) {
    not_simulated(
        "rows changed just before something was undone (by pcall, say) may be missing in the "
        "tables' counts: savepoints came too fast for the server's counters");
  }
  now_.seconds = seconds_between(began_, clock::now());
  ended();
  for (const operation_effects& o : now_.operations) {
    now_.statements += o.statements;
    now_.rows += o.rows;
  }
  std::erase_if(now_.tables, [](const auto& entry) { return !entry.second.any(); });
  for (operation_effects& o : now_.operations) {
    std::erase_if(o.tables, [](const auto& entry) { return !entry.second.any(); });
  }
  return std::move(now_);
}

void meter::name_operation(const called_operation& called) {
  names_[{std::string(called.file), called.line}] = {
      std::string(called.name), std::string(called.summary), std::string(called.destroys)};
}

std::size_t meter::operation_of(const statement& s) {
  const auto [at, is_new] = by_place_.try_emplace({s.file, s.line}, now_.operations.size());
  if (!is_new) return at->second;
  operation_effects& o = now_.operations.emplace_back();
  o.file = s.file;
  o.line = s.line;
  const auto named = names_.find(at->first);
  if (named != names_.end()) {
    o.name = named->second.name;
    o.destroys = named->second.destroys;
    o.summary = text::shorten(one_line(db::mask(named->second.summary)), longest_summary);
  } else {
    o.summary = text::shorten(one_line(db::mask(s.sql)), longest_summary);
  }
  return at->second;
}

void meter::before(const statement& s) {
  if (!on_server() && !now_.operations.empty()) take_rows(writes_);
  const db::statement_facts facts = on_.inspect(s.sql);
  const std::size_t operation = operation_of(s);
  current_ = operation;
  if (facts.kind != db::statement_kind::query) writes_ = operation;
  if (!on_server()) {
    const bool changes_schema = facts.kind == db::statement_kind::schema && !rebuilding_;
    if (changes_schema) objects_ = read_file_objects(on_);
    return;
  }
  if (std::exchange(anew_, false)) last_ = read_server_counts(on_, own_);
  if (facts.kind == db::statement_kind::query) return;
  const bool schema = facts.kind == db::statement_kind::schema;
  if (!writers_.empty() && (schema || !writers_.contains(operation))) sample(schema);
  if (schema) look_at_truncate(s, facts);
  if (writers_.empty()) writer_began_ = clock::now();
  writers_.insert(operation);
  schema_changed_ = schema_changed_ || schema;
}

void meter::after(const statement& s, double seconds, std::int64_t affected) {
  current_ = operation_of(s);  // others may have run since it began: rows that an iterator reads
  operation_effects& o = now_.operations[current_];
  ++o.statements;
  o.seconds += seconds;
  const db::statement_facts facts = on_.inspect(s.sql);
  const bool counts = facts.kind == db::statement_kind::change && !s.uncounted;
  if (counts) o.rows += affected;
  if (o.destroys.empty() && !rebuilding_) o.destroys = destruction_of(s.sql, on_.kind(), o.name);
  if (o.sql.size() < most_sql) {
    std::string shown = text::shorten(db::mask(s.sql), longest_sql);
    if (std::find(o.sql.begin(), o.sql.end(), shown) == o.sql.end()) {
      o.sql.push_back(std::move(shown));
    }
  }
  if (!on_server()) {
    take_rows(current_);
    if (db::first_word(s.sql, db::engine::sqlite) == "reindex") {
      o.indexes.insert(o.indexes.end(), facts.writes.begin(), facts.writes.end());
    }
    if (!rebuilding_) look_at_objects(current_);
  }
  if (!schema_changed_) return;
  sample(true);
  note_lock_again(s);
}

void meter::failed() noexcept {
  static_cast<void>(on_.take_changes());
  truncated_.clear();
  schema_changed_ = false;
}

/// Rows that a table made anew is filled with are no rows of the author's.
void meter::take_rows(std::size_t operation) {
  for (const db::row_changes& changed : on_.take_changes()) {
    if (changed.table.starts_with("luamig_") || changed.table == own_.version_table) continue;
    table_effects by{changed.inserted, changed.updated, changed.deleted};
    if (rebuilding_) by = {.rewritten = 1};
    add(operation, changed.table, by);
  }
}

void meter::rebuild(bool begins) {
  if (!now_.operations.empty()) take_rows(writes_);
  if (begins) objects_ = read_file_objects(on_);
  rebuilding_ = begins;
  if (!begins && !now_.operations.empty()) look_at_objects(writes_);
}

/// What SQLite's own counter leaves out: the rows that CREATE TABLE … AS has made, for a table that
/// is new holds no others; and the indexes that were built over a table that was there.
void meter::look_at_objects(std::size_t operation) {
  const auto before = std::exchange(objects_, std::nullopt);
  if (!before || on_.state() == db::transaction_state::failed) return;
  const file_objects now = read_file_objects(on_);
  for (const auto& [index, table] : now.indexes) {
    const bool built = !before->indexes.contains(index) && before->tables.contains(table);
    if (built) now_.operations[operation].indexes.push_back(index);
  }
  for (const std::string& table : now.tables) {
    if (before->tables.contains(table) || table.starts_with("luamig_")) continue;
    add(operation, table, {.inserted = count_rows(on_, table)});
  }
}

void meter::add(std::size_t operation, const std::string& table, const table_effects& by) {
  const change c{operation, table, by};
  apply(c, 1);
  if (!levels_.empty()) changes_.push_back(c);
}

void meter::apply(const change& c, int sign) {
  const auto to = [&](table_effects& sum) {
    sum.inserted += sign * c.by.inserted;
    sum.updated += sign * c.by.updated;
    sum.deleted += sign * c.by.deleted;
    sum.rewritten += sign * c.by.rewritten;
  };
  to(now_.tables[c.table]);
  if (c.operation != of_revision) to(now_.operations[c.operation].tables[c.table]);
}

void meter::undo_to(std::size_t changes) noexcept {
  for (; changes_.size() > changes; changes_.pop_back()) apply(changes_.back(), -1);
}

void meter::enter() {
  const bool known = writers_.empty() || sample(false);
  levels_.push_back({changes_.size(), known});
}

void meter::kept() {
  if (levels_.empty()) return;
  levels_.pop_back();
  if (levels_.empty()) changes_.clear();
}

/// PostgreSQL counts what was undone as well: its counters are read anew before the next statement.
void meter::undone() noexcept {
  if (levels_.empty()) return;
  failed();
  undo_to(levels_.back().changes);
  incomplete_ = incomplete_ || !levels_.back().known;
  anew_ = on_server();
  writers_.clear();
}

void meter::commits() {
  sample(true);
  anew_ = on_server();
}

/// Of a lock that several transactions have held, the longest time is told.
void meter::ended() {
  const auto end = clock::now();
  for (auto& [lock, since] : locks_) {
    lock.seconds = seconds_between(since, end);
    const auto known = std::find_if(
        now_.locks.begin(), now_.locks.end(),
        [&of = lock](const auto& l) { return l.table == of.table && l.mode == of.mode; });
    if (known == now_.locks.end()) {
      now_.locks.push_back(std::move(lock));
    } else if (known->seconds < lock.seconds) {
      *known = std::move(lock);
    }
  }
  locks_.clear();
  writer_began_ = end;
}

void meter::not_simulated(std::string what) { add_once(now_.not_simulated, std::move(what)); }

script_place meter::place() const {
  if (now_.operations.empty()) return {};
  const operation_effects& o = now_.operations[std::min(current_, now_.operations.size() - 1)];
  return {o.file, o.line};
}

script_place meter::place_of_lock(std::string_view table) const {
  for (const auto& [lock, since] : locks_) {
    if (lock.table == table) return {lock.file, lock.line};
  }
  return place();
}

/// Reads the counters, where it is needed or does not cost too much. Whether it has.
bool meter::sample(bool needed) {
  if (!on_server() || !last_ || anew_) return true;
  const auto begins = clock::now();
  if (!needed && spent_ > always_spent && spent_ * most_of_time > begins - began_) return false;
  take_plain_path(on_);
  server_counts now = read_server_counts(on_, own_);
  put_path_back(on_);
  count(now);
  note_locks(now);
  last_ = std::move(now);
  writers_.clear();
  truncated_.clear();
  schema_changed_ = false;
  spent_ += clock::now() - begins;
  return true;
}

void meter::count(const server_counts& now) {
  const std::size_t by = writers_.size() == 1 ? *writers_.begin() : of_revision;
  std::set<std::int64_t> rewritten;
  for (const auto& [oid, relation] : now.relations) {
    if (relation.index) continue;
    const auto known = last_->relations.find(oid);
    const server_counts::relation none;
    const server_counts::relation& before = known == last_->relations.end() ? none : known->second;
    table_effects done{gone_up(before.inserted, relation.inserted),
                       gone_up(before.updated, relation.updated),
                       gone_up(before.deleted, relation.deleted)};
    const bool other_file = known != last_->relations.end() && before.file != relation.file;
    if (other_file) rewritten.insert(oid);
    const auto cut = truncated_.find(oid);
    if (cut != truncated_.end()) {
      done.deleted += cut->second;
    } else {
      done.rewritten = other_file ? 1 : 0;
    }
    if (done.any()) add(by, relation.name, done);
  }
  for (const auto& [oid, relation] : now.relations) {
    if (!relation.index || rewritten.contains(relation.of)) continue;
    const auto known = last_->relations.find(oid);
    const bool is_new = known == last_->relations.end() && last_->relations.contains(relation.of);
    const bool again = known != last_->relations.end() && known->second.file != relation.file;
    if ((is_new || again) && by != of_revision) {
      now_.operations[by].indexes.push_back(relation.name);
    }
  }
  if (by != of_revision) now_.operations[by].wal_bytes += now.wal - last_->wal;
}

void meter::note_locks(const server_counts& now) {
  for (const auto& [oid, mode] : now.locks) {
    const auto named = now.relations.find(oid);
    const auto before = last_->relations.find(oid);
    if (!tables_before_.contains(oid)) continue;
    const server_counts::relation* of = nullptr;
    if (named != now.relations.end()) of = &named->second;
    if (of == nullptr && before != last_->relations.end()) of = &before->second;
    if (of == nullptr || of->index) continue;
    const auto seen =
        std::any_of(locks_.begin(), locks_.end(), [&, held = mode](const auto& entry) {
          return entry.first.table == of->name && entry.first.mode == held;
        });
    const bool held_before = std::find(last_->locks.begin(), last_->locks.end(),
                                       std::pair{oid, mode}) != last_->locks.end();
    if (seen || held_before) continue;
    const std::size_t by = writers_.empty() ? current_ : *writers_.begin();
    if (by >= now_.operations.size()) continue;
    operation_effects& o = now_.operations[by];
    add_once(o.locks, mode + " on " + of->name);
    locks_.emplace_back(lock_effects{of->name, mode, 0, o.file, o.line}, writer_began_);
  }
}

/// A lock that an earlier revision of the rehearsal has left is there before; that this one takes
/// it as well is known by its words only.
void meter::note_lock_again(const statement& s) {
  for (const std::string& lock : locks_of(s.sql, db::engine::postgresql)) {
    const std::size_t at = lock.find(" on ");
    const std::string mode = lock.substr(0, at);
    const std::string table = lock.substr(at + 4);
    const auto named = std::find_if(last_->relations.begin(), last_->relations.end(),
                                    [&](const auto& r) { return r.second.name == table; });
    if (named == last_->relations.end() || !tables_before_.contains(named->first)) continue;
    const auto& held = last_->locks;
    if (std::find(held.begin(), held.end(), std::pair{named->first, mode}) == held.end()) continue;
    const bool seen = std::any_of(locks_.begin(), locks_.end(), [&](const auto& entry) {
      return entry.first.table == table && entry.first.mode == mode;
    });
    if (seen) continue;
    operation_effects& o = now_.operations[current_];
    add_once(o.locks, lock);
    locks_.emplace_back(lock_effects{table, mode, 0, o.file, o.line}, writer_began_);
  }
}

/// Its rows are not counted by the server.
void meter::look_at_truncate(const statement& s, const db::statement_facts& facts) {
  if (db::first_word(s.sql, db::engine::postgresql) != "truncate") return;
  constexpr auto server = db::engine::postgresql;
  truncated_ = count_before_truncate(on_, facts.writes, says(s.sql, "cascade", server),
                                     !says(s.sql, "only", server));
}

}  // namespace luamig::engine
