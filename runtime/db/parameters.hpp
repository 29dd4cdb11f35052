#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/value.hpp"
#include "db/url.hpp"

namespace luamig::db {

/// What a script gave beside a statement. A list under a name spreads inside IN (…).
struct parameters {
  struct entry {
    value single;
    std::vector<value> list;
    bool is_list = false;
  };
  std::map<std::string, entry, std::less<>> named;
  std::vector<value> positional;
  bool given = false;   ///< without parameters ":" and "$1" mean nothing to us
  bool is_row = false;  ///< a whole row: the statement may take some of its columns
};

/// A statement ready for the driver, and its values: $1… for PostgreSQL, ? and, where one is met
/// again, ?1… for SQLite.
struct bound_statement {
  std::string sql;
  std::vector<value> values;
};

/// Replaces :name and $N by the engine's own lexical rules: never in quotes, comments, dollar
/// quotes, `::` casts or array slices. An empty list is no row at all: `IN (:ids)` matches nothing,
/// `NOT IN (:ids)` everything. Throws error{errc::migration} for a name that was not given (with a
/// suggestion), a position out of range, values that are never used, a list outside parentheses.
[[nodiscard]] bound_statement bind(std::string_view sql, engine kind, const parameters& given);

/// Where each value of a bound statement comes from, in their order: a name, or a position from 0.
struct value_source {
  std::string name;
  std::size_t position = 0;
};

/// Texts that were bound, so that the same one, given values for the same names, is not read again.
class bound_texts {
 public:
  /// Whether a text is kept.
  [[nodiscard]] bool knows(std::string_view sql) const { return texts_.contains(sql); }
  [[nodiscard]] bound_statement bind(std::string_view sql, engine kind, const parameters& given);

 private:
  struct text {
    engine kind = engine::sqlite;
    std::string sql;
    std::vector<std::string> names;  // all that were given
    std::size_t positions = 0;
    bool is_row = false;
    std::vector<value_source> values;
    [[nodiscard]] bool fits(engine wanted, const parameters& given) const;
  };
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, text, hash, std::equal_to<>> texts_;
};

/// Adds a piece of a statement that is put together of several, each with parameters of its own;
/// the positions go on from those that `to` has. A piece without parameters is taken as it stands,
/// and must not ask for a value.
void append(bound_statement& to, std::string_view sql, engine kind, const parameters& given);

/// The statement with its values written as literals, safe for every kind: for `--sql`.
[[nodiscard]] std::string inline_values(const bound_statement& statement, engine kind);

/// One value as an SQL literal of this engine. Throws error{errc::migration} for what has none.
[[nodiscard]] std::string literal(const value& v, engine kind);

}  // namespace luamig::db
