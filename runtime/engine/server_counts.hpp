#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/connection.hpp"
#include "engine/book_sql.hpp"
#include "engine/effects.hpp"

namespace luamig::engine {

/// What PostgreSQL says of the present transaction at one instant.
struct server_counts {
  struct relation {
    std::string name;
    bool index = false;
    std::int64_t of = 0;    ///< of an index: its table
    std::int64_t file = 0;  ///< changes when it is written anew
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t deleted = 0;
  };
  std::map<std::int64_t, relation> relations;               ///< by oid
  std::vector<std::pair<std::int64_t, std::string>> locks;  ///< stronger than reading; oid, mode
  std::int64_t wal = 0;                                     ///< bytes, of the whole server
};

[[nodiscard]] server_counts read_server_counts(db::connection& on, const books& own);

/// The sequences of the user's that are there and how far they are, by name.
using sequence_positions = std::map<std::string, std::int64_t, std::less<>>;
[[nodiscard]] sequence_positions read_sequences(db::connection& on);
/// Those of `before` that have moved.
[[nodiscard]] std::vector<sequence_effects> moved(const sequence_positions& before,
                                                  const sequence_positions& after);

/// How many rows a TRUNCATE is about to take, by the oid of the table: of the tables that it names;
/// with CASCADE, of those that refer to them; without ONLY, of their partitions.
[[nodiscard]] std::map<std::int64_t, std::int64_t> count_before_truncate(
    db::connection& on, const std::vector<std::string>& tables, bool cascades, bool descends);

}  // namespace luamig::engine
