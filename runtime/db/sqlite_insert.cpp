// Rows that are written into a table of SQLite by one INSERT, prepared once.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "base/error.hpp"
#include "db/checks.hpp"
#include "db/sqlite.hpp"
#include "db/sqlite_fit.hpp"
#include "db/sqlite_writing.hpp"

namespace luamig::db {

namespace {

error refused(const sqlite_statement& s, std::string why, const std::string& column) {
  error e{errc::sql, std::move(why)};
  e.sql = s.text;
  e.kind = "invalid_value";
  e.column = column;
  return e;
}

/// Nothing where every cell fits.
std::optional<error> bind_row(const sqlite_statement& s, const row_target& into,
                              const row_block& rows, std::size_t row) {
  for (std::size_t i = 0; i < rows.columns(); ++i) {
    const column_rule rule = into.rules.empty() ? column_rule::any : into.rules[i];
    std::string why = bind_cell(s.raw.get(), static_cast<int>(i) + 1, rows, rows.at(row, i), rule);
    if (!why.empty()) return refused(s, std::move(why), into.columns[i]);
  }
  return std::nullopt;
}

}  // namespace

sqlite_connection::writing::writing(sqlite_statements& from_, row_target into_, authority who)
    : from(from_),
      into(std::move(into_)),
      insert(from.acquire(statement_of(into, engine::sqlite), who)) {}

sqlite_connection::writing::~writing() { from.release(insert); }

void sqlite_connection::begin_rows(const row_target& into) {
  check_value_count(into.columns.size(), most_values());
  writing_ = std::make_unique<writing>(*statements_, into, who_);
}

row_outcome sqlite_connection::add_rows(const row_block& rows, std::size_t first,
                                        std::size_t last) {
  const sqlite_statement& s = writing_->insert;
  row_outcome out;
  policy_.begin_step(mode_of(s.who), s.text);
  for (std::size_t row = first; row < last; ++row) {
    begin(s);
    out.failure = bind_row(s, writing_->into, rows, row);
    if (!out.failure && sqlite3_step(s.raw.get()) != SQLITE_DONE) {
      out.failure = failure(s);
      if (!is_about_row(*out.failure)) throw error{std::move(*out.failure)};
    }
    sqlite3_reset(s.raw.get());
    settle(s);
    if (out.failure) {
      out.row = static_cast<std::int64_t>(row - first) + 1;
      return out;
    }
    out.written += sqlite3_changes64(database_->getHandle());  // none: RAISE(IGNORE)
  }
  return out;
}

row_outcome sqlite_connection::end_rows() {
  writing_.reset();
  return {};
}

void sqlite_connection::drop_rows() noexcept { writing_.reset(); }

}  // namespace luamig::db
