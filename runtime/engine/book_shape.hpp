#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "engine/book_sql.hpp"

namespace luamig::engine {

/// PostgreSQL: what the books are like, rows aside: their columns, owner and rights, and what
/// stands on them (triggers, rules, row level security, constraints, indexes, tables that inherit),
/// in SQL. `finds`: also the search_path of the session's role and database, by which luamig finds
/// them.
class book_shape {
 public:
  book_shape(const book_sql& of, bool finds);

  /// An expression of type text; quick, for every step.
  [[nodiscard]] const std::string& sql() const noexcept { return shape_; }
  /// A statement that fails where the expression is no longer $1. What it says then is for
  /// `difference`.
  [[nodiscard]] std::string check() const;
  /// An expression of type text: all of it for people, a line for each thing.
  [[nodiscard]] const std::string& lines() const noexcept { return lines_; }

 private:
  std::string shape_;
  std::string lines_;
};

inline constexpr std::string_view shape_kind =
    "books_shape";  ///< of such an error that a script saw
/// Whether an error is one of `book_shape::check`, of luamig's own statement: it has no line.
[[nodiscard]] bool says_shape_moved(const luamig::error& e);

/// What came and what went, as such an error tells, against the lines that there were: "the trigger
/// 'x' on …, the index …"; "" for nothing.
struct shape_difference {
  std::string added;
  std::string removed;
};
[[nodiscard]] shape_difference difference(const luamig::error& e, std::string_view lines);

}  // namespace luamig::engine
