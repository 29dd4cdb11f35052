#include "db/postgres_connection.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "db/checks.hpp"
#include "db/copy_binary.hpp"
#include "db/copy_text.hpp"
#include "db/postgres_values.hpp"

namespace luamig::db {

namespace {

constexpr int rows_a_block = 1000;
constexpr int first_fetch = 100;  // rows; later ones go by how much they hold
constexpr int most_rows_a_fetch = 10'000;
constexpr std::size_t bytes_a_fetch = 1024 * 1024;
constexpr std::size_t most_in_flight = 512;

[[noreturn]] void throw_refused(std::string_view sql, const std::string& why) {
  error e{errc::sql, why};
  e.sql = sql;
  e.kind = "refused";
  throw error{std::move(e)};
}

std::string fetch_text(int rows, const std::string& name) {
  return "FETCH " + std::to_string(rows) + " FROM " + name;
}

/// How many rows to ask for after a page of so many, which took so much memory.
int next_fetch(int rows, std::size_t memory) {
  const double fitting =
      static_cast<double>(bytes_a_fetch) * rows / static_cast<double>(memory + 1);
  return std::clamp(static_cast<int>(std::min(fitting, rows * 4.0)), 1, most_rows_a_fetch);
}

}  // namespace

/// An open result: the rows at hand, and the server's cursor where there is one.
struct postgres_connection::result {
  result_owner rows;
  int next = 0;
  std::vector<column> columns;
  std::string name;  // of the server's cursor, "" for none
  std::string sql;
  int asked = 0;                // how many rows the last FETCH is for
  std::shared_ptr<reply> more;  // the page after these rows, on its way; null: nobody has asked
  bool at_end = true;
  bool gone = false;  // its savepoint or transaction was undone
};

postgres_connection::postgres_connection(const libpq_library& pq, connected to,
                                         const open_options& how)
    : pq_(pq),
      options_(how),
      raw_(std::move(to.raw)),
      cancel_(pq_.getCancel(raw_.get()), pq_.freeCancel),
      pipeline_(pq_, raw_.get()),
      settings_hold_(to.settings_hold) {
  pq_.setNoticeReceiver(raw_.get(), &postgres_connection::ignore_notice, nullptr);
  if (options_.most_rows > 0) pipeline_.bound(options_.most_rows, [this] { interrupt(); });
}

postgres_connection::~postgres_connection() = default;

/// What the other process has of libpq is never given back: that would end its session.
void postgres_connection::open_anew(const url& where, const open_options& how) {
  connected to = connect_postgres(pq_, where, how, where.instead);
  static_cast<void>(raw_.release());
  raw_ = std::move(to.raw);
  cancel_.reset(pq_.getCancel(raw_.get()));
  pq_.setNoticeReceiver(raw_.get(), &ignore_notice, nullptr);
  pipeline_.go_over(raw_.get());
  settings_hold_ = to.settings_hold;
  results_.clear();
  end_transaction();
  who_ = authority::host;
  loose_ = dirty_ = committing_ = false;
}

bool postgres_connection::in_transaction() const {
  return begun_ || pq_.transactionStatus(raw_.get()) == PQTRANS_INTRANS ||
         pq_.transactionStatus(raw_.get()) == PQTRANS_INERROR;
}

transaction_state postgres_connection::state() const {
  if (pipeline_.in_flight() > 0) {
    return begun_ ? transaction_state::open : transaction_state::idle;
  }
  switch (pq_.transactionStatus(raw_.get())) {
    case PQTRANS_IDLE:
      return transaction_state::idle;
    case PQTRANS_INTRANS:
      return transaction_state::open;
    case PQTRANS_ACTIVE:
      return begun_ ? transaction_state::open : transaction_state::idle;
    case PQTRANS_INERROR:
      return transaction_state::failed;
    case PQTRANS_UNKNOWN:
      break;
  }
  return begun_ ? transaction_state::failed : transaction_state::idle;
}

void postgres_connection::guard(std::string_view sql) {
  check_postgres_text(sql);
  if (who_ != authority::host) guard_script(sql, false);
}

void postgres_connection::guard_script(std::string_view sql, bool with_data) {
  const postgres_reader::answer& known = reader_.read(sql);
  if (!known.parsed) require_parsed(sql);
  const bool refused = !known.facts.refusal.empty() && !(with_data && known.takes_data);
  if (refused) throw_refused(sql, known.facts.refusal);
  if (known.changes_undo && who_ != authority::undo_keeper) {
    throw_refused(sql, "a script may not change '" + std::string(undo_table) +
                           "', which is one of luamig's own tables");
  }
  dirty_ = dirty_ || known.may_dirty;
}

/// A syntax error is told by the server, which does not run what it is given here.
void postgres_connection::require_parsed(std::string_view sql) {
  sync();
  pipeline_.send_parse(sql);
  sync();
}

void postgres_connection::close_left_open() {
  if (to_close_.empty() || !begun_) return;
  if (pipeline_.in_flight() == 0 && pq_.transactionStatus(raw_.get()) != PQTRANS_INTRANS) {
    return;
  }
  const auto names = std::move(to_close_);
  to_close_.clear();
  for (const auto& [id, name] : names) {
    const std::string sql = "CLOSE " + name;
    pipeline_.send({sql, {}, "", 0, false, naming::never, true});
  }
}

void postgres_connection::note_rollback_to(const std::string& name) {
  const auto found = std::find_if(savepoints_.rbegin(), savepoints_.rend(),
                                  [&](const savepoint& s) { return s.name == name; });
  if (found == savepoints_.rend()) return;
  const cursor first = found->first_after;
  savepoints_.erase(found.base(), savepoints_.end());
  for (auto& [id, open] : results_) open->gone = open->gone || (id >= first && !open->name.empty());
  std::erase_if(to_close_, [&](const auto& left) { return left.first >= first; });
}

void postgres_connection::end_transaction() noexcept {
  begun_ = false;
  savepoints_.clear();
  to_close_.clear();
  for (auto& [id, open] : results_) open->gone = open->gone || !open->name.empty();
}

void postgres_connection::note(role part, std::string_view sql) {
  if (part == role::begin) begun_ = true;
  if (part == role::end) end_transaction();
  if (part == role::plain || part == role::begin || part == role::end) return;
  const std::string name = savepoint_of(sql);
  if (part == role::savepoint) savepoints_.push_back({name, next_cursor_});
  if (part == role::rollback_to) note_rollback_to(name);
  if (part != role::release) return;
  const auto found = std::find_if(savepoints_.rbegin(), savepoints_.rend(),
                                  [&](const savepoint& s) { return s.name == name; });
  if (found != savepoints_.rend()) savepoints_.erase(std::prev(found.base()), savepoints_.end());
}

/// Outside a transaction, what is sent together would be one transaction: kept apart.
void postgres_connection::keep_apart(role part) {
  if (loose_) {
    sync();
  } else if (part != role::begin && !begun_) {
    pipeline_.barrier();
  }
}

void postgres_connection::send(std::string_view sql, std::span<const value> values, bool keep,
                               const tally& affected, const unread& answers) {
  check_value_count(values.size(), most_postgres_values);
  guard(sql);
  const bool host = who_ == authority::host;
  const role part = host ? role_of(sql) : role::plain;
  keep_apart(part);
  if (part == role::plain || part == role::savepoint) close_left_open();
  pipeline_.send({sql,
                  values,
                  "",
                  0,
                  keep,
                  host ? naming::first_use : naming::second_use,
                  host,
                  {},
                  affected,
                  answers});
  if (part == role::begin && (!settings_hold_ || pipeline_.pooled())) send_settings();
  loose_ = part != role::begin && !in_transaction();
  committing_ = part == role::end && is_commit(sql);
  note(part, sql);
}

/// Notes on every way out that there is no transaction: BEGIN itself may not have run.
struct postgres_connection::settled {
  postgres_connection& on;
  ~settled() {
    if (on.pq_.transactionStatus(on.raw_.get()) == PQTRANS_IDLE) on.end_transaction();
  }
};

postgres_pipeline::outcome postgres_connection::sync() {
  loose_ = false;
  const bool committing = std::exchange(committing_, false);
  const settled after{*this};
  postgres_pipeline::outcome out = pipeline_.sync();
  if (committing && out.tag == "ROLLBACK") {
    error e{errc::sql, "the transaction had failed and was rolled back instead of committed"};
    e.kind = "lost_transaction";
    throw error{std::move(e)};
  }
  return out;
}

/// What is on its way before a rollback may fail, and would take the rollback with it.
void postgres_connection::settle_before_rollback() {
  drop_rows();
  if (pipeline_.in_flight() == 0) return;
  loose_ = committing_ = false;
  const settled after{*this};
  pipeline_.settle();
}

std::int64_t postgres_connection::execute(std::string_view sql, std::span<const value> values) {
  const role part = who_ == authority::host ? role_of(sql) : role::plain;
  const bool whole_rollback = part == role::end && !is_commit(sql);
  if (whole_rollback || part == role::rollback_to) settle_before_rollback();
  if (whole_rollback && !in_transaction()) return 0;
  send(sql, values, false);
  return sync().affected;
}

std::int64_t postgres_connection::copy_in(std::string_view sql, std::string_view data) {
  check_postgres_text(sql);
  check_postgres_text(data);
  if (who_ != authority::host) guard_script(sql, true);
  close_left_open();
  sync();
  return pipeline_.copy_in(sql, data);
}

void postgres_connection::enqueue(std::string_view sql, std::span<const value> values) {
  const role part = who_ == authority::host ? role_of(sql) : role::plain;
  if (part == role::rollback_to || (part == role::end && !is_commit(sql))) {
    execute(sql, values);
    return;
  }
  send(sql, values, false);
  if (pipeline_.in_flight() >= most_in_flight) sync();
}

void postgres_connection::execute_each(std::string_view sql, const row_block& rows,
                                       const tally& affected, std::span<const binary_form> forms) {
  if (reader_.read(sql).takes_data) return copy_each(sql, rows, affected, forms);
  std::vector<value> arrays;
  arrays.reserve(rows.columns());
  for (std::size_t i = 0; i < rows.columns(); ++i) arrays.emplace_back(format_column(rows, i));
  send(sql, arrays, false, affected);
  pipeline_.push();
}

void postgres_connection::copy_each(std::string_view sql, const row_block& rows,
                                    const tally& affected, std::span<const binary_form> forms) {
  if (who_ != authority::host) guard_script(sql, true);
  close_left_open();
  sync();
  for (const cell& c : rows.cells()) check_postgres_cell(rows, c);
  std::size_t done = 0;
  const std::string_view binary =
      forms.empty() ? "" : copy_binary(rows, done, rows.rows(), forms, copy_room_);
  if (!forms.empty() && done == rows.rows())
    return pipeline_.send_copy(std::string(sql).append(binary_option),
                               {copy_binary_head, binary, copy_binary_end}, affected);
  pipeline_.send_copy(sql, {copy_text(rows, 0, rows.rows(), copy_room_)}, affected);
}

void postgres_connection::begin_rows(const row_target& into) {
  if (who_ != authority::host) guard_script(statement_of(into, engine::postgresql), true);
  close_left_open();
  sync();
  writing_.emplace(pipeline_, into);
}

row_outcome postgres_connection::add_rows(const row_block& rows, std::size_t first,
                                          std::size_t last) {
  writing_->add(rows, first, last);
  return {};
}

row_outcome postgres_connection::end_rows() {
  row_outcome out = writing_->end();
  writing_.reset();
  return out;
}

void postgres_connection::drop_rows() noexcept {
  writing_.reset();
  pipeline_.drop_copy();
}

void postgres_connection::execute_unread(std::string_view sql, std::span<const value> values,
                                         const unread& answers) {
  send(sql, values, false, {}, answers);
  pipeline_.keep_pace();
}

std::optional<std::int64_t> postgres_connection::execute_with(std::string_view sql,
                                                              std::span<const value>,
                                                              row_program&) {
  error e{errc::sql, "PostgreSQL calls no function of luamig's"};
  e.sql = sql;
  throw error{std::move(e)};
}

void postgres_connection::flush() { sync(); }

postgres_connection::result& postgres_connection::at(cursor c) const {
  const auto found = results_.find(c);
  if (found == results_.end()) throw error{errc::sql, "the result is closed"};
  return *found->second;
}

const std::vector<column>& postgres_connection::columns(cursor c) const { return at(c).columns; }

void postgres_connection::open_streaming(result& made, cursor id, std::string_view sql,
                                         std::span<const value> values) {
  check_value_count(values.size(), most_postgres_values);
  guard(sql);
  close_left_open();
  made.name = "luamig_cursor_" + std::to_string(id);
  const std::string head = "DECLARE " + made.name + " NO SCROLL CURSOR FOR ";
  const std::string declare = head + std::string(sql);
  pipeline_.send({declare, values, sql, head.size(), false, naming::never, false});
  made.asked = first_fetch;
  const std::string first = fetch_text(made.asked, made.name);
  pipeline_.send({first, {}, sql, 0, true, naming::never, true});
  made.sql = sql;
  made.at_end = false;
}

cursor postgres_connection::open(std::string_view sql, std::span<const value> values,
                                 bool streaming) {
  const cursor id = next_cursor_++;
  auto made = std::make_unique<result>();
  if (streaming && in_transaction() && reader_.read(sql).can_stream) {
    open_streaming(*made, id, sql, values);
  } else {
    send(sql, values, true);
  }
  made->rows = sync().kept;
  if (made->rows && !made->at_end) made->at_end = pq_.ntuples(made->rows.get()) < made->asked;
  if (made->rows) made->columns = columns_of(pq_, made->rows.get());
  results_.emplace(id, std::move(made));
  return id;
}

/// The next page travels while these rows are worked on. Its order among the other statements is
/// that in which they are sent, so a later failure does not touch it.
void postgres_connection::ask_more(result& from) {
  if (from.at_end || from.gone || from.more) return;
  from.asked = next_fetch(pq_.ntuples(from.rows.get()), pq_.resultMemorySize(from.rows.get()));
  from.more = std::make_shared<reply>();
  const std::string text = fetch_text(from.asked, from.name);
  pipeline_.send({text, {}, from.sql, 0, false, naming::never, true, from.more});
  pipeline_.push();
}

void postgres_connection::take_more(result& from) {
  if (!from.gone && from.more) pipeline_.await(*from.more);
  if (from.gone || !from.more || !from.more->done) {
    throw error{errc::sql,
                "the rows of this query went with the savepoint or transaction that "
                "was rolled back"};
  }
  from.rows = std::move(from.more->rows);
  from.more.reset();
  from.next = 0;
  from.at_end = pq_.ntuples(from.rows.get()) < from.asked;
}

bool postgres_connection::fetch(cursor c, row_block& into) {
  result& from = at(c);
  into.clear(from.columns.size());
  if (!from.rows) return false;
  if (from.next >= pq_.ntuples(from.rows.get())) {
    if (from.at_end) return false;
    ask_more(from);
    take_more(from);
  }
  if (!pipeline_.waits_for_copy()) ask_more(from);
  const int last = std::min(pq_.ntuples(from.rows.get()), from.next + rows_a_block);
  db::add_rows(pq_, from.rows.get(), from.columns, from.next, last, into);
  from.next = last;
  return into.rows() > 0;
}

bool postgres_connection::is_at_hand(cursor c) const {
  const auto found = results_.find(c);
  return found != results_.end() && found->second->at_end;
}

void postgres_connection::close(cursor c) noexcept {
  const auto found = results_.find(c);
  if (found == results_.end()) return;
  const result& open = *found->second;
  if (!open.name.empty() && !open.gone) to_close_.emplace_back(c, open.name);
  results_.erase(found);
}

}  // namespace luamig::db
