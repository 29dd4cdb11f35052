#include "engine/rows.hpp"

#include <algorithm>

#include "engine/session.hpp"

namespace luamig::engine {

rows::rows(session& owner, db::cursor cursor, std::vector<db::column> columns,
           std::vector<std::string> tables, std::size_t depth)
    : owner_(owner),
      cursor_(cursor),
      columns_(std::move(columns)),
      tables_(std::move(tables)),
      depth_(depth) {
  owner_.open_.push_back(this);
}

rows::~rows() { close(); }

bool rows::next() {
  if (started_ && row_ + 1 < block_.rows()) {
    ++row_;
    return true;
  }
  started_ = true;
  row_ = 0;
  return refill();
}

bool rows::refill() {
  if (aside_ != nullptr) {
    if (aside_->next(block_)) return true;
    aside_.reset();
  } else if (cursor_ != 0) {
    if (owner_.behind().reader().fetch(cursor_, block_)) return true;
    close();
  }
  block_.clear(columns_.size());
  return false;
}

void rows::drain() {
  if (cursor_ == 0) return;
  aside_ = std::make_unique<spool>();
  db::row_block block;
  while (owner_.behind().reader().fetch(cursor_, block)) aside_->add(block);
  close();
}

void rows::close() noexcept {
  if (cursor_ == 0) return;
  owner_.behind().reader().close(cursor_);
  cursor_ = 0;
  std::erase(owner_.open_, this);
}

bool rows::reads_any(const std::vector<std::string>& tables) const {
  return std::any_of(tables.begin(), tables.end(), [&](const std::string& table) {
    return std::find(tables_.begin(), tables_.end(), table) != tables_.end();
  });
}

}  // namespace luamig::engine
