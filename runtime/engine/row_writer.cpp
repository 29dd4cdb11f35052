#include "engine/row_writer.hpp"

#include <algorithm>
#include <utility>

#include "engine/session.hpp"

namespace luamig::engine {
namespace {

// Sent, while the next are made: not more than a socket takes, or both sides wait for each other.
constexpr std::size_t rows_at_once = 256;
constexpr std::size_t bytes_at_once = 1U << 16U;
constexpr std::size_t most_rows = 50'000;      // kept until it is known what became of them
constexpr std::size_t most_cells = 100'000;    // as well
constexpr std::size_t most_bytes = 2U << 20U;  // as well
constexpr std::size_t most_sent = 200'000;     // rows that are not kept, as well
constexpr std::size_t first_careful = 64;      // rows, where one among them was refused

/// While it is there, what is written lies in so many savepoints at the most.
class within_depth {
 public:
  within_depth(std::size_t& reach, std::size_t depth)
      : reach_(reach), before_(std::exchange(reach, depth)) {}
  ~within_depth() { reach_ = before_; }
  within_depth(const within_depth&) = delete;
  within_depth& operator=(const within_depth&) = delete;

 private:
  std::size_t& reach_;
  std::size_t before_;
};

}  // namespace

row_writer::row_writer(session& owner, db::row_target into, std::string file, int line,
                       refusal on_refusal)
    : row_intake(std::move(into)),
      owner_(&owner),
      shown_{db::statement_of(into_, owner.kind()), {}, {}, std::move(file), line},
      on_refusal_(std::move(on_refusal)),
      guarded_(on_refusal_ && !into_.names_refused && owner.kind() == db::engine::postgresql),
      depth_(owner.levels_.size()) {
  owner.writers_.push_back(this);
  clear();
}

/// One that has not come to its end has been left by an error: what it sent so far stays.
row_writer::~row_writer() {
  if (owner_ == nullptr) return;
  std::erase(owner_->writers_, this);
  if (owner_->writing_ != this) return;
  owner_->writing_ = nullptr;
  owner_->note_failure(shown_);
  owner_->sink_.reader().drop_rows();
}

void row_writer::leave() noexcept {
  owner_ = nullptr;
  begun_ = false;
  clear();
}

session& row_writer::owner() {
  if (owner_ == nullptr) throw error(errc::migration, "these rows belong to a step that has ended");
  return *owner_;
}

void row_writer::clear() {
  block_.clear(into_.columns.size());
  numbers_.clear();
  gone_.clear();
  sent_ = 0;
  looked_at_ = 0;
}

/// Of rows that will not be written once more the numbers are enough, to name the one that fails.
void row_writer::let_go() {
  for (const std::int64_t number : numbers_) gone_.add(number);
  block_.clear(into_.columns.size());
  numbers_.clear();
  sent_ = 0;
  looked_at_ = 0;
}

void row_writer::end_row(std::int64_t number) {
  numbers_.push_back(number);
  const std::size_t rows = numbers_.size();
  const std::size_t bytes = block_.size();
  const bool enough = rows - sent_ >= rows_at_once || bytes - looked_at_ >= bytes_at_once;
  if (enough && !holds_) send();
  if (gone_.size() >= most_sent || gone_.runs() + rows >= most_rows ||
      rows * into_.columns.size() >= most_cells || bytes >= most_bytes) {
    settle();
  }
}

void row_writer::begin() {
  owner().begin_rows(*this, shown_, into_, guarded_);
  begun_ = true;
  if (!std::exchange(counted_, true)) ++owner_->counters_.statements;
}

/// Sends the rows that are new, without waiting for what becomes of them.
void row_writer::send() {
  if (!begun_) begin();
  const std::size_t first = std::exchange(sent_, numbers_.size());
  looked_at_ = block_.size();
  take_refusals(first, sent_);
  if (!guarded_) let_go();
}

/// SQLite tells at once which row it does not take.
void row_writer::take_refusals(std::size_t first, std::size_t last) {
  while (first < last) {
    const db::row_outcome out = owner_->send_rows(shown_, block_, first, last);
    written_ += out.written;
    owner_->counters_.rows += out.written;
    if (!out.failure) return;
    first += static_cast<std::size_t>(out.row);
    refuse(first - 1, *out.failure);
  }
}

void row_writer::settle() {
  if (numbers_.empty() && !begun_) return;
  const within_depth place(owner().reach_, depth_);
  if (numbers_.size() > sent_) send();
  const db::row_outcome out = owner().end_rows(shown_, guarded_);
  begun_ = false;
  written_ += out.written;
  owner_->counters_.rows += out.written;
  if (out.failure) {
    if (!guarded_ || !db::is_about_row(*out.failure)) end_at(out);
    write_around(0, numbers_.size());
  }
  clear();
}

std::int64_t row_writer::finish() {
  settle();
  const auto took = std::chrono::steady_clock::now() - made_;
  if (counted_) {
    owner().sink_.wrote(shown_, std::chrono::duration<double>(took).count(), written_);
  }
  return written_;
}

/// Where rows are read between those that are written, they are sent many at a time: beginning anew
/// costs more than what overlaps.
void row_writer::pause() {
  if (begun_) settle();
  holds_ = true;
}

/// Writes these rows once more, in a savepoint. False where one of them is refused.
bool row_writer::write_again(std::size_t first, std::size_t last, db::row_outcome& out) {
  begin();
  static_cast<void>(owner_->send_rows(shown_, block_, first, last));
  out = owner_->end_rows(shown_, guarded_);
  begun_ = false;
  if (out.failure && !db::is_about_row(*out.failure)) throw error{std::move(*out.failure)};
  written_ += out.written;
  owner_->counters_.rows += out.written;
  return !out.failure;
}

/// Nothing of the block is kept, because of one row or several: few rows at a time, and fewer where
/// one is refused that the server does not name.
void row_writer::write_around(std::size_t first, std::size_t last) {
  std::size_t size = first_careful;
  while (first < last) {
    const std::size_t end = std::min(first + size, last);
    db::row_outcome out;
    if (write_again(first, end, out)) {
      first = end;
      size *= 2;
    } else if (out.row > 1) {
      size = static_cast<std::size_t>(out.row) - 1;  // those before it
    } else if (out.row == 1 || end - first == 1) {
      refuse(first++, *out.failure);
      size = first_careful;
    } else {
      size = (end - first) / 2;
    }
  }
}

/// Of the rows that are in hand no more one was refused: it is shown as far as it is known.
void row_writer::end_at(const db::row_outcome& refused) {
  owner_->note_failure(shown_);
  const auto row = static_cast<std::size_t>(refused.row);
  if (guarded_ || row < 1 || row > gone_.size()) throw error{*refused.failure};
  const std::int64_t number = gone_.at(row - 1);
  if (!on_refusal_) fail(number, *refused.failure);
  if (!db::is_about_row(*refused.failure)) throw error{*refused.failure};
  db::row_block shown;
  shown.clear(into_.columns.size());
  for (const std::string& column : into_.columns) {
    if (column == refused.failure->column && refused.value)
      shown.add_bytes(db::cell_kind::text, *refused.value);
    else if (refused.failure->kind == "not_null")
      shown.add_null();
    else
      shown.add_boolean(false);  // which is not said
  }
  on_refusal_(number, shown, 0, *refused.failure);
  throw error{*refused.failure};
}

/// As long as nobody has taken the refusal, it is a statement that failed.
void row_writer::refuse(std::size_t row, const error& why) {
  const std::int64_t number = numbers_[row];
  owner_->note_failure(shown_);
  if (on_refusal_) {
    on_refusal_(number, block_, row, why);
    owner_->failed_at_.reset();
    return;
  }
  fail(number, why);
}

void row_writer::fail(std::int64_t number, const error& why) {
  error e = why;
  e.message = "row " + std::to_string(number) + ": " + e.message;
  throw e;
}

}  // namespace luamig::engine
