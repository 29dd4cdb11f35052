#include "db/connection.hpp"

#include "base/error.hpp"
#include "db/postgres.hpp"
#include "db/sqlite.hpp"
#include "db/sqlite_open.hpp"

namespace luamig::db {

namespace {

/// Closes a result on every way out.
class open_result {
 public:
  open_result(connection& on, std::string_view sql, std::span<const value> values)
      : on_(on), cursor_(on.open(sql, values, false)) {}
  ~open_result() { on_.close(cursor_); }
  open_result(const open_result&) = delete;
  open_result& operator=(const open_result&) = delete;

  [[nodiscard]] bool fetch(row_block& into) const { return on_.fetch(cursor_, into); }
  [[nodiscard]] cell_kind element(std::size_t at) const { return on_.columns(cursor_)[at].element; }

 private:
  connection& on_;
  cursor cursor_;
};

}  // namespace

std::unique_ptr<connection> open_database(const url& where, const open_options& how) {
  if (where.kind == engine::sqlite) return std::make_unique<sqlite_connection>(where, how);
  return open_postgres(where, how);
}

bool create_database(const url& where) {
  return where.kind == engine::sqlite ? create_sqlite_file(where) : create_postgres(where);
}

void connection::open_anew(const url& where, const open_options& /*how*/) {
  throw error{errc::connection,
              "'" + where.shown + "' is a file: its connection belongs to one process"};
}

std::optional<value> scalar(connection& on, std::string_view sql, std::span<const value> values) {
  const open_result result{on, sql, values};
  row_block block;
  if (!result.fetch(block)) return std::nullopt;
  return to_value(block, block.at(0, 0), result.element(0));
}

std::vector<std::vector<value>> all(connection& on, std::string_view sql,
                                    std::span<const value> values) {
  const open_result result{on, sql, values};
  std::vector<std::vector<value>> out;
  row_block block;
  while (result.fetch(block)) {
    for (std::size_t row = 0; row < block.rows(); ++row) {
      std::vector<value>& to = out.emplace_back();
      for (std::size_t i = 0; i < block.columns(); ++i) {
        to.push_back(to_value(block, block.at(row, i), result.element(i)));
      }
    }
  }
  return out;
}

}  // namespace luamig::db
