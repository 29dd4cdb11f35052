#include "db/sqlite_program.hpp"

#include <sqlite3.h>

#include "db/checks.hpp"
#include "db/sqlite_guard.hpp"
#include "db/sqlite_values.hpp"

namespace luamig::db {

namespace {

void refuse(sqlite3_context* to, const char* why) { sqlite3_result_error(to, why, -1); }

/// Not copied: the changes outlive what SQLite does with the row.
void give(sqlite3_context* to, const row_block& block, const cell& c) {
  switch (c.kind) {
    case cell_kind::null:
      return sqlite3_result_null(to);
    case cell_kind::boolean:
    case cell_kind::integer:
      return sqlite3_result_int64(to, c.integer);
    case cell_kind::real:
      return sqlite3_result_double(to, c.real);
    case cell_kind::decimal: {
      const sqlite_number number = to_sqlite_number(decimal{std::string(block.bytes(c))});
      return number.is_integer ? sqlite3_result_int64(to, number.integer)
                               : sqlite3_result_double(to, number.real);
    }
    case cell_kind::blob: {
      const std::string_view bytes = block.bytes(c);
      if (bytes.empty()) return sqlite3_result_zeroblob(to, 0);
      return sqlite3_result_blob64(to, bytes.data(), bytes.size(), SQLITE_STATIC);
    }
    default: {
      const std::string_view text = block.bytes(c);
      return sqlite3_result_text64(to, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
  }
}

}  // namespace

void check_sqlite_row(const row_block& changes, std::size_t row) {
  for (std::size_t i = 0; i < changes.columns(); ++i) {
    const cell& c = changes.at(row, i);
    if (c.kind == cell_kind::real) check_sqlite_real(c.real);
    if (c.kind == cell_kind::array) refuse_sqlite_array();
    if (c.kind == cell_kind::decimal) {
      static_cast<void>(to_sqlite_number(decimal{std::string(changes.bytes(c))}));
    }
  }
}

void sqlite_program::install(sqlite3* on) {
  constexpr int how = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  sqlite3_create_function_v2(on, "luamig_run", -1, how, this, &on_run, nullptr, nullptr, nullptr);
  for (const int arguments : {1, 2})
    sqlite3_create_function_v2(on, "luamig_get", arguments, how, this, &on_get, nullptr, nullptr,
                               nullptr);
}

void sqlite_program::begin(row_program& program) {
  program_ = &program;
  program.gave_up = program.asks_rowid = false;
  at_ = 0;
  visited_.clear();
  by_rowid_.clear();
  stopped_ = unwritten_ = has_written_ = false;
}

void sqlite_program::on_run(sqlite3_context* to, int count, sqlite3_value** arguments) {
  auto& me = *static_cast<sqlite_program*>(sqlite3_user_data(to));
  guarded(to, [&] { me.run(to, {arguments, static_cast<std::size_t>(count)}); });
}

void sqlite_program::on_get(sqlite3_context* to, int count, sqlite3_value** arguments) {
  auto& me = *static_cast<sqlite_program*>(sqlite3_user_data(to));
  guarded(to, [&] { me.get(to, {arguments, static_cast<std::size_t>(count)}); });
}

row_program::answer sqlite_program::ask(std::span<sqlite3_value*> columns) {
  if (unwritten_) {
    program_->asks_rowid = !has_written_;
    return row_program::answer::give_up;
  }
  row_.clear(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    add_sqlite_argument(columns[i], program_->columns[i], row_);
  }
  return program_->run(row_);
}

void sqlite_program::run(sqlite3_context* to, std::span<sqlite3_value*> arguments) {
  const std::size_t columns = program_ == nullptr ? 0 : program_->columns.size();
  const bool by_rowid = arguments.size() == columns + 1;
  if (columns == 0 || (!by_rowid && arguments.size() != columns))
    return refuse(to, "luamig_run is luamig's own");
  const row_program::answer answer = ask(arguments.last(columns));
  program_->gave_up = answer == row_program::answer::give_up;
  stopped_ = program_->gave_up || answer == row_program::answer::fail;
  if (stopped_) return refuse(to, "stopped");
  const bool changes = answer == row_program::answer::change;
  unwritten_ = changes && !by_rowid;
  if (changes && by_rowid) {
    visited_.push_back({sqlite3_value_int64(arguments[0]), last_row()});
  }
  sqlite3_result_int(to, changes ? 1 : 0);
}

std::size_t sqlite_program::last_row() const {
  return program_->changes->cell_count() - program_->changes->columns();
}

/// Nearly always the row at hand, or the one after it. Null where the row was not changed.
const sqlite_program::visit* sqlite_program::find(std::int64_t rowid) {
  const auto is_at = [&](std::size_t i) {
    return i < visited_.size() && visited_[i].rowid == rowid;
  };
  if (is_at(at_)) return &visited_[at_];
  if (is_at(at_ + 1)) return &visited_[++at_];
  for (std::size_t i = by_rowid_.size(); i < visited_.size(); ++i) {
    by_rowid_.emplace(visited_[i].rowid, i);
  }
  const auto found = by_rowid_.find(rowid);
  if (found == by_rowid_.end()) return nullptr;
  at_ = found->second;
  return &visited_[at_];
}

/// The place and, before it, the rowid: without one it is the row that was shown last.
void sqlite_program::get(sqlite3_context* to, std::span<sqlite3_value*> arguments) {
  if (program_ == nullptr || program_->changes->cell_count() == 0)
    return refuse(to, "luamig_get is luamig's own");
  std::size_t row = last_row();
  if (arguments.size() == 2) {
    const visit* const found = find(sqlite3_value_int64(arguments[0]));
    if (found == nullptr) return refuse(to, "no such row was changed");
    row = found->change;
  }
  unwritten_ = false;
  has_written_ = true;
  const row_block& changes = *program_->changes;
  const auto column = static_cast<std::size_t>(sqlite3_value_int64(arguments.back()));
  if (column >= changes.columns()) return refuse(to, "no such column is changed");
  give(to, changes, changes.cells()[row + column]);
}

}  // namespace luamig::db
