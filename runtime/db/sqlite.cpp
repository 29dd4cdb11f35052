#include "db/sqlite.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/checks.hpp"
#include "db/lexer.hpp"
#include "db/sqlite_error.hpp"
#include "db/sqlite_images.hpp"
#include "db/sqlite_open.hpp"
#include "db/sqlite_values.hpp"
#include "db/sqlite_writing.hpp"

namespace luamig::db {

namespace {

constexpr std::size_t rows_a_block = 512;
constexpr std::size_t bytes_a_block = 256 * 1024;
constexpr std::size_t kept_facts = 1024;
constexpr auto silent_wait = std::chrono::seconds(1);  // writers of one file meet all the time
constexpr auto between_waiting_words = std::chrono::seconds(5);
constexpr int instructions_between_looks = 10'000;  // of SQLite's machine: well under a millisecond

error lost_transaction(std::string_view sql, const std::string& by) {
  error e{errc::sql, "the transaction was ended and undone by the database itself",
          "nothing can run before the host's ROLLBACK; the statement that ended it was: " +
              text::shorten(by, 200)};
  e.sql = sql;
  e.kind = "lost_transaction";
  return e;
}

}  // namespace

/// An open result. A whole one has its rows in `rows` and its statement has ended.
struct sqlite_connection::result {
  std::vector<value> values;  // what the statement is bound to
  std::unique_ptr<sqlite_statement_use> running;
  std::vector<column> columns;
  bool on_row = false;
  row_block whole;
};

sqlite_connection::sqlite_connection(const url& where, const open_options& how) : options_(how) {
  const bool log_holds = how.rehearses && log_holds_something(where);
  database_ = open_sqlite_file(where, how);
  configure(where);
  if (how.rehearses) never_change_file(database_->getHandle(), log_holds);
}

sqlite_connection::~sqlite_connection() {
  results_.clear();
  writing_.reset();
  statements_.reset();
}

void sqlite_connection::configure(const url& where) {
  sqlite3* const raw = database_->getHandle();
  sqlite3_extended_result_codes(raw, 1);
  if (options_.most_heap > 0) {
    sqlite3_hard_heap_limit64(static_cast<sqlite3_int64>(options_.most_heap));
  }
  sqlite3_busy_handler(raw, &on_busy, this);
  set_foreign_keys(options_.foreign_keys);
  load_sqlite_extensions(raw, options_.extensions);
  require_sqlite_database(raw, where);
  sqlite3_commit_hook(raw, &on_commit, this);
  if (options_.statement_timeout.count() > 0) {
    sqlite3_progress_handler(raw, instructions_between_looks, &on_progress, this);
  }
  policy_.install(raw);
  program_.install(raw);
  if (options_.counts_rows) counts_.install(raw);
  install_sqlite_images(raw);
  statements_ = std::make_unique<sqlite_statements>(raw, policy_);
  tables_ = std::make_unique<sqlite_tables>(raw, policy_);
}

/// Waits longer and longer, with jitter so that many runners do not wake as one.
int sqlite_connection::on_busy(void* self, int tries) noexcept {
  auto& me = *static_cast<sqlite_connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (tries == 0) {
    me.busy_since_ = now;
    me.say_waiting_at_ = now + silent_wait;
  }
  if (me.interrupted_ || now - me.busy_since_ >= me.options_.busy_wait) return 0;
  if (me.options_.waiting && now >= me.say_waiting_at_) {
    me.say_waiting_at_ = now + between_waiting_words;
    me.options_.waiting(std::chrono::duration<double>(now - me.busy_since_).count());
  }
  const auto jitter = std::chrono::microseconds(now.time_since_epoch().count() / 1000 % 4000);
  std::this_thread::sleep_for(std::chrono::milliseconds(std::min(tries, 20)) + jitter);
  return 1;
}

int sqlite_connection::on_commit(void* self) noexcept {
  const auto& me = *static_cast<const sqlite_connection*>(self);
  if (me.options_.rehearses) return 1;
  return me.begun_ && !me.host_may_commit_ ? 1 : 0;
}

/// Not 0 ends the statement.
int sqlite_connection::on_progress(void* self) noexcept {
  auto& me = *static_cast<sqlite_connection*>(self);
  me.timed_out_ = me.timed_out_ || std::chrono::steady_clock::now() >= me.deadline_;
  return me.timed_out_ ? 1 : 0;
}

/// The host's own statements have all the time they need.
void sqlite_connection::start_clock(const sqlite_statement& s) noexcept {
  using clock = std::chrono::steady_clock;
  timed_out_ = false;
  deadline_ = s.who != authority::host ? clock::now() + options_.statement_timeout
                                       : clock::time_point::max();
}

bool sqlite_connection::autocommit() const {
  return sqlite3_get_autocommit(database_->getHandle()) != 0;
}

std::size_t sqlite_connection::most_values() const {
  return static_cast<std::size_t>(
      sqlite3_limit(database_->getHandle(), SQLITE_LIMIT_VARIABLE_NUMBER, -1));
}

transaction_state sqlite_connection::state() const {
  if (begun_) return autocommit() ? transaction_state::failed : transaction_state::open;
  return autocommit() ? transaction_state::idle : transaction_state::open;
}

void sqlite_connection::begin(const sqlite_statement& s) {
  interrupted_ = false;
  start_clock(s);
  if (begun_ && autocommit() && s.part != sqlite_statement::role::rollback) {
    throw lost_transaction(s.text, lost_by_);
  }
  host_may_commit_ = s.part == sqlite_statement::role::control;
  if (!s.seen.dropped_tables.empty() && s.who != authority::host && foreign_keys_on()) {
    refuse_drop_of_referenced(s);
  }
}

bool sqlite_connection::step(const sqlite_statement& s) {
  policy_.begin_step(mode_of(s.who), s.text);
  const int code = sqlite3_step(s.raw.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(s);
  return false;
}

void sqlite_connection::fail(const sqlite_statement& s) { throw error{failure(s)}; }

/// Why the statement's step did not go through; it is reset.
error sqlite_connection::failure(const sqlite_statement& s) {
  error e = sqlite_error(database_->getHandle(), s.text);
  if (!policy_.refusal().empty()) {
    e.message = policy_.refusal();
    e.kind = "refused";
  }
  // A wait for another process that was interrupted ends as one that took too long.
  if (interrupted_ && e.kind == "locked") {
    e = error{errc::sql, "interrupted"};
    e.sql = s.text;
    e.kind = "interrupted";
  }
  if (timed_out_ && e.kind == "interrupted") {
    e.kind = "timeout";
    e.message = "the statement took longer than " +
                std::to_string(options_.statement_timeout.count()) + " ms, the statement timeout";
  }
  sqlite3_reset(s.raw.get());
  if (begun_ && autocommit() && s.part == sqlite_statement::role::plain) {
    lost_by_ = s.text;
    e.hint = "it ended and undid the whole transaction";
  }
  if (s.part == sqlite_statement::role::control && e.kind == "foreign_key") name_orphans(e);
  return e;
}

/// After a statement: what the host's own transaction statements mean.
void sqlite_connection::settle(const sqlite_statement& s) {
  using role = sqlite_statement::role;
  if (s.part == role::control || s.part == role::rollback) begun_ = !autocommit();
  if (s.part == role::rollback || s.undoes_savepoint) tables_->rolled_back();
  host_may_commit_ = false;
  if (s.part == role::foreign_keys) switch_foreign_keys(s);
  if (begun_ && autocommit()) {
    lost_by_ = s.text;
    throw lost_transaction(s.text, s.text);
  }
  temporary_ = temporary_ || s.seen.makes_temporary;
}

std::int64_t sqlite_connection::execute(std::string_view sql, std::span<const value> values) {
  check_value_count(values.size(), most_values());
  const sqlite_statement_use s{*statements_, sql, who_};
  if (s->part == sqlite_statement::role::rollback && autocommit()) {
    begun_ = false;
    tables_->rolled_back();
    return 0;
  }
  bind_values(*s, values);
  begin(*s);
  while (step(*s)) {
  }
  const bool counts = s->seen.facts.kind == statement_kind::change;
  const std::int64_t changed = counts ? sqlite3_changes64(database_->getHandle()) : 0;
  sqlite3_reset(s->raw.get());
  settle(*s);
  return changed;
}

void sqlite_connection::enqueue(std::string_view sql, std::span<const value> values) {
  execute(sql, values);
}

cursor sqlite_connection::open(std::string_view sql, std::span<const value> values,
                               bool streaming) {
  check_value_count(values.size(), most_values());
  auto made = std::make_unique<result>();
  made->values.assign(values.begin(), values.end());
  made->running = std::make_unique<sqlite_statement_use>(*statements_, sql, who_);
  const sqlite_statement& s = **made->running;
  bind_values(s, made->values);
  begin(s);
  // Columns are asked for after the first step, which prepares anew what the schema has outdated.
  made->on_row = step(s);
  for (int i = 0; i < sqlite3_column_count(s.raw.get()); ++i) {
    made->columns.push_back(sqlite_column(s.raw.get(), i));
  }
  if (!streaming) {
    made->whole.clear(made->columns.size());
    fill(*made, made->whole, static_cast<std::size_t>(-1));
  }
  if (!made->on_row) {
    sqlite3_reset(s.raw.get());
    settle(s);
    made->running.reset();
  }
  const cursor id = next_cursor_++;
  results_.emplace(id, std::move(made));
  return id;
}

sqlite_connection::result& sqlite_connection::at(cursor c) const {
  const auto found = results_.find(c);
  if (found == results_.end()) throw error{errc::sql, "the result is closed"};
  return *found->second;
}

const std::vector<column>& sqlite_connection::columns(cursor c) const { return at(c).columns; }

void sqlite_connection::fill(result& from, row_block& into, std::size_t rows) {
  const sqlite_statement& s = **from.running;
  const auto width = static_cast<int>(from.columns.size());
  const std::size_t limit = rows == rows_a_block ? bytes_a_block : static_cast<std::size_t>(-1);
  std::size_t bytes = 0;
  for (; from.on_row && rows > 0 && bytes < limit; --rows) {
    for (int i = 0; i < width; ++i) {
      bytes +=
          add_sqlite_cell(s.raw.get(), i, from.columns[static_cast<std::size_t>(i)].kind, into);
    }
    if (options_.most_rows > 0 && bytes > options_.most_rows && s.who != authority::host) {
      throw error{too_large_rows(s.text, options_.most_rows)};
    }
    from.on_row = step(s);
  }
}

bool sqlite_connection::fetch(cursor c, row_block& into) {
  result& from = at(c);
  into.clear(from.columns.size());
  if (from.whole.rows() > 0) {
    std::swap(into, from.whole);
    from.whole.clear(from.columns.size());
    return true;
  }
  if (!from.running) return false;
  interrupted_ = false;
  start_clock(**from.running);
  fill(from, into, rows_a_block);
  if (!from.on_row) from.running.reset();
  return into.rows() > 0;
}

void sqlite_connection::close(cursor c) noexcept { results_.erase(c); }

statement_facts sqlite_connection::inspect(std::string_view sql) {
  auto found = inspected_.find(sql);
  if (found == inspected_.end()) {
    if (inspected_.size() >= kept_facts) inspected_.clear();
    const statement_facts facts = inspect_sqlite(database_->getHandle(), policy_, sql);
    found = inspected_.emplace(std::string(sql), facts).first;
  }
  if (!found->second.setting.empty()) keep_setting(found->second.setting);
  return found->second;
}

std::int64_t sqlite_connection::copy_in(std::string_view sql, std::string_view) {
  error e{errc::sql, "COPY … FROM stdin is PostgreSQL's, and SQLite has nothing like it",
          "write the rows as INSERT statements, as pg_dump --inserts does"};
  e.sql = sql;
  e.kind = "syntax";
  throw error{std::move(e)};
}

void sqlite_connection::protect(std::vector<std::string> tables) {
  policy_.protect(tables);
  statements_->forget_scripts();
  inspected_.clear();
}

void sqlite_connection::interrupt() noexcept {
  interrupted_ = true;
  sqlite3_interrupt(database_->getHandle());
}

}  // namespace luamig::db
