#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/plan.hpp"

namespace luamig::engine {

/// What was done to the rows of one table.
struct table_effects {
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
  std::int64_t deleted = 0;
  int rewritten = 0;  ///< how often the whole table was written anew

  [[nodiscard]] std::int64_t rows() const noexcept { return inserted + updated + deleted; }
  [[nodiscard]] bool any() const noexcept { return rewritten != 0 || rows() != 0; }
};

/// By name, as SQL writes it; PostgreSQL: with the schema where that is not the books'.
using tables_touched = std::map<std::string, table_effects, std::less<>>;

/// A lock on a table of the user's, from when it was first seen to the end of its revision. Where
/// the revision has several transactions, to the end of the one that held it the longest.
struct lock_effects {
  std::string table;
  std::string mode;  ///< "ACCESS EXCLUSIVE"
  double seconds = 0;
  std::string file;  ///< of the operation that took it
  int line = 0;
};

/// What one line of a migration did.
struct operation_effects {
  std::string file;
  int line = 0;
  std::string name;     ///< "add_column"; "" for SQL of the author's
  std::string summary;  ///< "add column users.email"; the beginning of its SQL where it has no name
  std::vector<std::string> sql;  ///< the first few statements, shortened, without their values
  std::int64_t statements = 0;
  std::int64_t rows = 0;  ///< as its statements have reported them
  double seconds = 0;
  tables_touched tables;             ///< as far as they can be told from those of its neighbours
  std::vector<std::string> indexes;  ///< that it built
  std::vector<std::string> locks;    ///< "ACCESS EXCLUSIVE on users", that it took first
  std::string destroys;              ///< "drops a column"; "" where no rows or values are lost
  std::int64_t wal_bytes = 0;        ///< PostgreSQL
};

/// How far a sequence moved, which no rollback takes back.
struct sequence_effects {
  std::string name;
  std::int64_t before = 0;
  std::int64_t after = 0;
};

/// What one revision did, or would do.
struct revision_effects {
  std::string revision;
  std::string message;
  graph::direction way = graph::direction::upgrade;
  bool failed = false;  ///< up to where it failed
  double seconds = 0;
  std::int64_t statements = 0;
  std::int64_t rows = 0;
  std::vector<operation_effects> operations;
  tables_touched tables;
  std::vector<lock_effects> locks;
  std::optional<std::int64_t> wal_bytes;  ///< PostgreSQL, of the whole server meanwhile
  std::vector<std::string> schema_added;  ///< a line each, as schema_lines has them
  std::vector<std::string> schema_removed;
  std::vector<sequence_effects> sequences;
  std::vector<std::string> not_simulated;  ///< a sentence each
};

}  // namespace luamig::engine
