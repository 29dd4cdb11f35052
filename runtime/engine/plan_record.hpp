#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/sink.hpp"

namespace luamig::engine {

/// What one line of a migration would ask for.
struct planned_operation {
  std::string file;
  int line = 0;
  std::string name;     ///< "add_column"; "" for SQL of the author's
  std::string summary;  ///< one line
  std::int64_t statements = 0;
  std::vector<std::string> sql;    ///< the first few, shortened
  std::vector<std::string> locks;  ///< PostgreSQL: "ACCESS EXCLUSIVE on users"
  std::string destroys;            ///< "drops a column"; "" where no rows or values are lost
};

/// The operations of revisions whose statements are written and not run.
class plan_record {
 public:
  void begin_step(std::string revision);
  void name_operation(std::string_view name, std::string_view summary, std::string_view file,
                      int line);
  void add(const statement& s, db::engine kind);

  /// The revision that was begun last.
  [[nodiscard]] const std::string& last() const noexcept { return last_; }
  /// By revision, as far as it came.
  [[nodiscard]] const std::map<std::string, std::vector<planned_operation>, std::less<>>& steps()
      const noexcept {
    return steps_;
  }

 private:
  std::map<std::string, std::vector<planned_operation>, std::less<>> steps_;
  std::string last_;
  std::vector<planned_operation>* now_ = nullptr;
  std::map<std::pair<std::string, int>, std::pair<std::string, std::string>> names_;
};

/// The locks on tables that a statement of PostgreSQL takes, by what it says, with its tables as it
/// names them. None for one that only reads, and on SQLite, which locks the whole database.
[[nodiscard]] std::vector<std::string> locks_of(std::string_view sql, db::engine kind);

/// What a statement destroys, by what it says: "drops a table", "drops a column", "empties a
/// table", "deletes rows", "changes a type", "cannot be told" (DO, CALL, … CASCADE); "" for
/// nothing.
[[nodiscard]] std::string_view destruction_of(std::string_view sql, db::engine kind);
/// The same of an operation, by its name, whatever its statements are.
[[nodiscard]] std::string_view destruction_by(std::string_view operation);

}  // namespace luamig::engine
