#pragma once

#include "db/row_target.hpp"
#include "db/sqlite.hpp"

namespace luamig::db {

/// The INSERT that begin_rows has prepared, in use until the rows have ended.
struct sqlite_connection::writing {
  writing(sqlite_statements& from_, row_target into_, authority who);
  ~writing();
  writing(const writing&) = delete;
  writing& operator=(const writing&) = delete;

  sqlite_statements& from;
  row_target into;
  sqlite_statement& insert;
};

}  // namespace luamig::db
