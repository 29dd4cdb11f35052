// Statements that go through many rows.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "db/checks.hpp"
#include "db/sqlite.hpp"

namespace luamig::db {

void sqlite_connection::execute_each(std::string_view sql, const row_block& rows,
                                     const tally& affected,
                                     std::span<const binary_form> /*forms*/) {
  check_value_count(rows.columns(), most_values());
  const sqlite_statement_use s{*statements_, sql, who_};
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    bind_row(*s, rows, row);
    begin(*s);
    while (step(*s)) {
    }
    *affected += sqlite3_changes64(database_->getHandle());
    sqlite3_reset(s->raw.get());
  }
  settle(*s);
}

std::optional<std::int64_t> sqlite_connection::execute_with(std::string_view sql,
                                                            std::span<const value> values,
                                                            row_program& program) {
  struct running {
    sqlite_program& on;
    running(sqlite_program& p, row_program& with) : on(p) { on.begin(with); }
    ~running() { on.end(); }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
  };
  check_value_count(values.size(), most_values());
  const sqlite_statement_use s{*statements_, sql, who_};
  bind_values(*s, values);
  begin(*s);
  const running with{program_, program};
  policy_.begin_step(sqlite_policy::mode::script, s->text);
  const int code = sqlite3_step(s->raw.get());
  if (code != SQLITE_DONE && program_.stopped()) return std::nullopt;
  if (code != SQLITE_DONE) fail(*s);
  const std::int64_t changed = sqlite3_changes64(database_->getHandle());
  sqlite3_reset(s->raw.get());
  settle(*s);
  return changed;
}

}  // namespace luamig::db
