#include "engine/rows.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "engine/record.hpp"
#include "engine/session.hpp"

namespace luamig::engine {

rows::rows(session& owner, db::connection& on, statement origin, db::cursor cursor,
           std::vector<std::string> tables, std::size_t depth)
    : owner_(owner),
      on_(on),
      origin_(std::move(origin)),
      cursor_(cursor),
      tables_(std::move(tables)),
      depth_(depth) {
  columns_ = on.columns(cursor);
  owner_.open_.push_back(this);
}

rows::rows(session& owner, db::connection& on, std::string_view record)
    : owner_(owner), on_(on), cursor_(0), depth_(0), aside_(std::make_unique<spool>()) {
  record_reader reader(record);
  columns_ = reader.columns();
  db::row_block block;
  while (!reader.at_end()) {
    reader.block(block);
    aside_->add(block);
  }
}

rows::~rows() { close(); }

std::string rows::take_record(std::size_t limit) {
  record_writer record;
  record.put(columns_);
  while (refill()) {
    record.put(block_);
    if (record.bytes().size() > limit) return {};
  }
  return record.bytes();
}

void row_source::refuse_lost() {
  throw error(errc::migration, "the rows of this query went with a call that was undone",
              "open the loop outside pcall() or db:try(), or read all of it inside");
}

bool rows::refill() {
  if (aside_ != nullptr) {
    if (aside_->next(block_)) return true;
    aside_.reset();
  } else if (cursor_ != 0) {
    lost_ = true;  // unless the fetch comes back
    const bool more = owner_.fetch(origin_, on_, cursor_, block_);
    lost_ = false;
    if (more) return true;
    close();
  }
  block_.clear(columns_.size());
  return false;
}

void rows::drain() {
  if (cursor_ == 0) return;
  const bool whole = !std::exchange(lost_, true);
  if (whole) {
    aside_ = std::make_unique<spool>();
    db::row_block block;
    while (on_.fetch(cursor_, block)) aside_->add(block);
    lost_ = false;
  }
  close();
}

void rows::close() noexcept {
  if (cursor_ == 0) return;
  on_.close(cursor_);
  cursor_ = 0;
  std::erase(owner_.open_, this);
}

void rows::savepoint_kept(std::size_t depth) noexcept { depth_ = std::min(depth_, depth - 1); }

/// PostgreSQL closes a cursor with the savepoint it was opened in; SQLite may abort any.
void rows::savepoint_undone(std::size_t depth) {
  if (depth_ >= depth) {
    lost_ = true;
    close();
  } else if (owner_.kind() == db::engine::sqlite) {
    drain();
  }
}

bool rows::reads_any(const std::vector<std::string>& tables) const {
  return std::any_of(tables.begin(), tables.end(), [&](const std::string& table) {
    return std::find(tables_.begin(), tables_.end(), table) != tables_.end();
  });
}

}  // namespace luamig::engine
