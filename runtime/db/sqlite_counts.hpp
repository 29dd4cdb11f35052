#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"

struct sqlite3;

namespace luamig::db {

/// Counts the rows that change in each table: by triggers and cascades too, and by a DELETE without
/// WHERE, which SQLite does row by row while somebody counts. Its own tables and temporary ones are
/// left out.
class sqlite_counts {
 public:
  /// Must outlive the connection's use.
  void install(sqlite3* on);
  /// Those since the last call, in the order in which tables were first touched.
  [[nodiscard]] std::vector<row_changes> take();

 private:
  static void on_change(void* self, sqlite3* on, int action, const char* database,
                        const char* table, std::int64_t before, std::int64_t after) noexcept;
  [[nodiscard]] row_changes& of(std::string_view table);

  std::vector<row_changes> changes_;
  std::size_t last_ = 0;
};

/// Makes the connection one that never changes the file and lets others read it: where the log
/// holds something, nothing of it is carried over when the connection is closed, and what has
/// changed is kept in memory (256 MB of it) rather than in the file. A log that is empty goes with
/// the last connection, as it always does.
void never_change_file(sqlite3* on, bool log_holds);

}  // namespace luamig::db
