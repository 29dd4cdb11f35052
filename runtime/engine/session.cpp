#include "engine/session.hpp"

#include <utility>

#include "db/script_text.hpp"
#include "engine/row_writer.hpp"
#include "engine/second_database.hpp"
#include "engine/session_attempt.hpp"
#include "engine/text_checks.hpp"

namespace luamig::engine {
namespace {

/// Its connection is the other process's, and on SQLite a file's locks are.
[[noreturn]] void refuse_beside(std::string_view name) {
  throw error(errc::migration,
              "a worker cannot reach the second database '" + std::string(name) + "'",
              "read what the function needs of it before, or leave 'workers' out");
}

std::string savepoint_name(std::size_t depth) { return "luamig_" + std::to_string(depth); }

/// One statement at the most: no ";" but at the end. Only then is the parser spared.
bool plainly_single(std::string_view text) {
  const std::size_t at = text.find(';');
  return at == std::string_view::npos ||
         text.find_first_not_of(" \t\r\n;", at) == std::string_view::npos;
}

}  // namespace

session::session(sink& behind) : sink_(behind) {}

session::~session() {
  abandon_rows(0);
  if (step_) undo_step();
  while (!open_.empty()) open_.back()->close();
  if (!offline()) sink_.reader().put_settings_back();
}

/// Drains the results that a statement would disturb.
void session::make_way(const db::statement_facts& facts) {
  const bool schema = facts.kind == db::statement_kind::schema;
  const bool sees_writes = kind() == db::engine::sqlite;
  for (rows* open : std::vector<rows*>(open_)) {
    if (schema || (sees_writes && open->reads_any(facts.writes))) open->drain();
  }
}

void session::send_savepoints() {
  // What was sent outside of a savepoint must not fail inside of it.
  if (unread_depth_ < reached()) settle_unread();
  for (std::size_t i = 0; i < reached(); ++i) {
    if (levels_[i].sent) continue;
    sink_.host("SAVEPOINT " + savepoint_name(i + 1));
    levels_[i].sent = true;
  }
}

std::int64_t session::execute(const statement& s, answer wanted) {
  check_text(s.sql, kind(), s, false);
  return execute_checked(s, wanted);
}

std::int64_t session::execute_checked(const statement& s, answer wanted) {
  require_whole();
  settle_rows();
  if (offline()) return takes_steps() ? execute_step(s) : write(s);
  db::connection& on = sink_.reader();
  const db::statement_facts facts = on.inspect(s.sql);
  require_place(s, facts);
  const bool sets = facts.kind == db::statement_kind::setting;
  if (sets && step_) require_passing(s, facts);
  if (takes_steps() && !sets) return execute_step(s);
  const bool changes = facts.kind == db::statement_kind::change && !facts.needs_autocommit;
  if (wanted == answer::unread && changes && kind() == db::engine::postgresql) {
    run_unread(s, facts);
    return 0;
  }
  if (sink_.steps() == nullptr || !(sets || facts.needs_autocommit)) return run(s, facts);
  statement marked = s;
  marked.setting = sets && !step_;
  marked.alone = facts.needs_autocommit;
  return run(marked, facts);
}

std::int64_t session::run(const statement& s, const db::statement_facts& facts) {
  sink_.ready(s);
  const std::int64_t affected = attempt(s, &sink_.reader(), [&] {
    make_way(facts);
    return sink_.execute(s);
  });
  ++counters_.statements;
  const bool counts = facts.kind == db::statement_kind::change && !s.uncounted;
  if (counts) counters_.rows += affected;
  // PostgreSQL counts what a query has found.
  return facts.kind == db::statement_kind::query && facts.writes.empty() ? 0 : affected;
}

/// Nothing runs but what keeps the schema known.
std::int64_t session::write(const statement& s) {
  db::connection* const on = sink_.catalog();
  if (on != nullptr) require_place(s, on->inspect(s.sql));
  ++counters_.statements;
  if (sink_.steps() == nullptr || !db::needs_autocommit(s.sql, kind())) {
    sink_.ready(s);
    return attempt(s, on, [&] { return sink_.execute(s); });
  }
  statement alone = s;
  alone.alone = true;
  sink_.ready(alone);
  return attempt(alone, on, [&] { return sink_.execute(alone); });
}

std::int64_t session::execute_text(std::string_view text, const db::parameters& given,
                                   std::string_view file, int line, answer wanted) {
  statement s{.sql = {}, .values = {}, .comment = {}, .file = std::string(file), .line = line};
  if (!texts_.knows(text)) {
    check_text(text, kind(), s, false);
    require_statement(text, kind(), s);
  }
  if (given.given || plainly_single(text)) {
    db::bound_statement bound = texts_.bind(text, kind(), given);
    s.sql = std::move(bound.sql);
    s.values = std::move(bound.values);
    return execute_checked(s, wanted);
  }
  return execute_all(text, std::move(s), false);
}

void session::execute_script(std::string_view text, std::string_view file, int line) {
  execute_all(
      text,
      {.sql = {}, .values = {}, .comment = {}, .file = std::string(file), .line = line, .data = {}},
      true);
}

/// Runs the statements of a text, at the line of `s` or each at its own. A text that holds what is
/// no statement is refused whole. Returns the rows affected by the last.
std::int64_t session::execute_all(std::string_view text, statement s, bool own_lines) {
  require_whole();
  check_text(text, kind(), s, own_lines);
  const std::vector<db::script_statement> all = db::split(text, kind());
  const int first = s.line;
  const auto take = [&](const db::script_statement& one) -> const statement& {
    s.sql = one.sql;
    s.data = one.data;
    if (own_lines) s.line = first + one.lines_above;
    return s;
  };
  for (const db::script_statement& one : all) {
    if (!one.refusal.empty()) refuse(take(one), one.refusal, one.hint);
  }
  std::int64_t affected = 0;
  for (const db::script_statement& one : all) affected = execute(take(one));
  return affected;
}

void session::rewrite_table(const db::stored_text& as, std::string_view comment,
                            std::string_view file, int line) {
  require_whole();
  settle_rows();
  const statement s{.sql = as.update(),
                    .values = {},
                    .comment = std::string(comment),
                    .file = std::string(file),
                    .line = line};
  ++counters_.statements;
  sink_.ready(s);
  attempt(s, sink_.catalog(), [&] {
    for (rows* open : std::vector<rows*>(open_)) open->drain();
    sink_.rewrite(s, as);
    return 0;
  });
}

void session::begin_rebuild() {
  require_whole();
  settle_rows();
  sink_.rebuild(true);
}

void session::end_rebuild() { sink_.rebuild(false); }

std::string session::problem(std::string_view sql) {
  db::connection* const on = sink_.catalog();
  return on == nullptr ? std::string() : on->tables()->problem(sql);
}

std::unique_ptr<row_source> session::query(std::string_view text, const db::parameters& given,
                                           bool streaming, std::string_view file, int line) {
  require_whole();
  db::bound_statement bound = db::bind(text, kind(), given);
  return query({.sql = std::move(bound.sql),
                .values = std::move(bound.values),
                .comment = {},
                .file = std::string(file),
                .line = line},
               streaming);
}

std::unique_ptr<row_source> session::query(statement s, bool streaming) {
  if (as_second_ != nullptr) return as_second_->query(*main_, s, streaming);
  return open_query(std::move(s), streaming);
}

std::unique_ptr<rows> session::open_query(statement s, bool streaming) {
  require_whole();
  check_text(s.sql, kind(), s, false);
  if (takes_steps()) return query_step(s);
  db::connection& on = sink_.reader();
  const db::statement_facts facts = on.inspect(s.sql);
  require_place(s, facts);
  if (facts.kind == db::statement_kind::query) {
    pause_rows();
  } else {
    settle_rows();
  }
  sink_.ready(s);
  const db::cursor c = attempt(s, &on, [&] {
    make_way(facts);
    return sink_.open(s, streaming);
  });
  ++counters_.statements;
  s.values.clear();
  return std::make_unique<rows>(*this, on, std::move(s), c, facts.reads, levels_.size());
}

void session::check_query(std::string_view text, const db::parameters& given, std::string_view file,
                          int line) {
  require_whole();
  db::connection* const on = sink_.catalog();
  if (on == nullptr) return;
  const statement s{.sql = db::bind(text, kind(), given).sql,
                    .values = {},
                    .comment = {},
                    .file = std::string(file),
                    .line = line};
  if (only_reads(on->inspect(s.sql), kind())) return;
  refuse(s, "this takes a query, and the statement does more than read: it was not run",
         "write a SELECT; run what changes the database by db:execute");
}

std::unique_ptr<row_source> session::look(statement s) {
  require_whole();
  db::connection* const on = sink_.catalog();
  if (on == nullptr) {
    throw error(errc::migration, "this asks for the schema, which --sql does not know here",
                kind() == db::engine::sqlite
                    ? "run it online, or write the text from base or where the database stands"
                    : "run it online: on PostgreSQL a text knows the schema only up to its first "
                      "change, and only beside a database");
  }
  pause_rows();
  // Not the script's: neither counted nor shown.
  const db::cursor c = attempt(s, on, [&] { return on->open(s.sql, s.values, false); });
  return std::make_unique<rows>(*this, *on, std::move(s), c, std::vector<std::string>{},
                                levels_.size());
}

bool session::fetch(const statement& origin, db::connection& on, db::cursor from,
                    db::row_block& into) {
  require_whole();
  if (writing_ != nullptr && &on == &sink_.reader() && !on.is_at_hand(from)) pause_rows();
  return attempt(origin, &on, [&] { return on.fetch(from, into); });
}

std::size_t session::enter() {
  levels_.push_back({});
  if (seconds_) seconds_->enter();
  return levels_.size();
}

void session::close_level(bool keep) {
  const std::size_t depth = levels_.size();
  const bool sent = levels_.back().sent;
  levels_.pop_back();
  for (rows* open : std::vector<rows*>(open_)) {
    if (keep) open->savepoint_kept(depth);
    if (!keep && sent) open->savepoint_undone(depth);
  }
  if (!sent) return;
  const counted_call counted(clock_);
  const std::string name = savepoint_name(depth);
  if (!keep) sink_.host("ROLLBACK TO SAVEPOINT " + name);
  sink_.host("RELEASE SAVEPOINT " + name);
}

void session::leave(std::size_t depth, bool keep) {
  if (cureless_) throw *cureless_;
  if (keep) settle_unread(depth);
  if (!keep) forget_unread(depth);
  if (!keep) abandon_rows(depth);
  const bool failed_inside = failed_at_ && *failed_at_ >= depth;
  if (keep && failed_inside) require_whole();
  const bool nothing_begun = step_ && !touched();
  if (!offline() && !nothing_begun) {
    // SQLite can lose the whole transaction (RAISE(ROLLBACK), a full disk): no savepoint is left.
    const auto state = sink_.reader().state();
    if (state == db::transaction_state::idle ||
        (kind() == db::engine::sqlite && state != db::transaction_state::open)) {
      fail(error(errc::migration, "the database ended the transaction",
                 "nothing of this revision is kept: mend the statement and run it again"));
      throw *cureless_;
    }
  }
  while (levels_.size() >= depth && !levels_.empty()) close_level(keep);
  settle_files(depth, keep);
  if (!keep && failed_inside) failed_at_.reset();
  if (seconds_) seconds_->leave(depth, keep);
}

/// Whatever it was, the program is given up, and another way found.
void session::refuse_within() {
  asked_within_ = true;
  throw error(errc::migration, "the database is busy with the rows of this statement");
}

void session::fail(const error& cause) {
  if (!cureless_) cureless_ = cause;
}

void session::require_whole() {
  if (within_) refuse_within();
  if (cureless_) throw *cureless_;
  if (!failed_at_) return;
  error e(
      errc::migration,
      "an earlier statement failed and its error was caught outside pcall: nothing after it can "
      "be kept",
      "catch it with pcall() or db:try(), which undo what the failed call did");
  e.sql = failed_.sql;
  e.file = failed_.file;
  e.line = failed_.line;
  throw e;
}

void session::interrupt() noexcept {
  if (!sink_.offline()) sink_.reader().interrupt();
  interrupt_beside();
}

void session::interrupt_beside() noexcept {
  if (seconds_) seconds_->interrupt();
}

void session::find_places(second_places where, observer& watching) {
  places_ = std::move(where);
  watching_ = &watching;
  if (!seconds_) seconds_ = std::make_unique<second_databases>();
}

door& session::beside(std::string_view name) {
  if (!seconds_ || !places_) throw error(errc::migration, "there is no second database here");
  if (apart_) refuse_beside(name);
  if (second_database* const open = seconds_->find(name)) return open->door();
  return seconds_->open(places_(name), *this, *watching_).door();
}

void session::stand_beside(session& main, second_database& as) noexcept {
  main_ = &main;
  as_second_ = &as;
  clock_ = main.clock();
}

session::counters session::take_counters() noexcept { return std::exchange(counters_, {}); }

}  // namespace luamig::engine
