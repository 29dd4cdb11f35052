#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "db/url.hpp"

namespace luamig::db {

/// What a text that is written into a column of SQLite has to be, which itself would take any; and
/// which columns of PostgreSQL take bytes, or arrays of them (byte_items). key: an integer, where
/// NULL would become one that SQLite makes up.
enum class column_rule : std::uint8_t {
  any,
  integer,
  number,
  boolean,
  bytes,
  byte_items,
  bytea,
  date,
  time,
  timestamp,
  key
};

/// The binary form of a column's type on PostgreSQL, where that takes every value that the type
/// takes: the server has nothing to say about one of them, only about its row.
enum class binary_form : std::uint8_t { int2, int4, int8, text, boolean, bytea };

/// Some columns of one table, that rows are written into.
struct row_target {
  std::string table;                 ///< as SQL, quoted and with its schema
  std::string name;                  ///< the table's alone, as the database says it
  std::vector<std::string> columns;  ///< their names, without quotes
  std::string list;                  ///< as SQL, "a, b"; none: each in quotes
  std::vector<column_rule> rules;    ///< of each; none: every value is taken as it comes
  std::vector<binary_form> forms{};  ///< of each; none: PostgreSQL reads all of them as texts
  bool names_refused = false;        ///< PostgreSQL: the first row that is refused ends it, and the
                                     ///< database says which one that is
};

/// What became of rows that were written.
struct row_outcome {
  std::int64_t written = 0;
  std::optional<error> failure;      ///< why a row was refused; other faults are thrown
  std::int64_t row = 0;              ///< which one, from 1; 0: not known
  std::optional<std::string> value;  ///< of the failure's column, where the database says it
};

/// Whether an error is about a row, not about the database as a whole: without that row the others
/// go in.
[[nodiscard]] bool is_about_row(const error& e);

/// What makes a COPY … FROM STDIN one in binary.
inline constexpr std::string_view binary_option = " (FORMAT binary)";

/// The statement that writes them: PostgreSQL's COPY … FROM STDIN, SQLite's INSERT of one row.
[[nodiscard]] std::string statement_of(const row_target& target, engine kind);

}  // namespace luamig::db
