#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/sink.hpp"

namespace luamig::engine {

/// Something that a statement ends, and with it the foreign keys on it, as the statement spells it.
struct ended {
  std::string table;
  std::string constraint{};  ///< of the table; "" …
  std::string column{};      ///< … and this "" too: the table as a whole
};

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
  std::vector<ended> ends{};       ///< PostgreSQL
};

/// The operations of revisions whose statements are written and not run.
class plan_record {
 public:
  void begin_step(std::string revision);
  void name_operation(const called_operation& called);
  void add(const statement& s, db::engine kind);
  /// A table of SQLite is made anew in between: what stands there destroys nothing by itself.
  void rebuild(bool begins) noexcept { rebuilding_ = begins; }

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
  struct operation_name {
    std::string name;
    std::string summary;
    std::string destroys;
  };
  std::map<std::pair<std::string, int>, operation_name> names_;
  bool rebuilding_ = false;
};

/// The locks on tables that a statement of PostgreSQL takes, by what it says, with its tables as it
/// names them. None for one that only reads, and on SQLite, which locks the whole database.
[[nodiscard]] std::vector<std::string> locks_of(std::string_view sql, db::engine kind);

/// What a statement ends, by what it says.
[[nodiscard]] std::vector<ended> endings_of(std::string_view sql, db::engine kind);

/// Adds the locks on the other tables of the foreign keys that end, which the database knows.
void add_other_locks(planned_operation& of, db::connection& on);

/// What a statement destroys, by what it says: "drops a table", "drops a column", "empties a
/// table", "deletes rows", "changes a type", "cannot be told" (DO, CALL, … CASCADE); "" for
/// nothing, and for rows of luamig_undo. `operation`: of luamig's whose statement it is; what its
/// words do not tell, is none.
[[nodiscard]] std::string_view destruction_of(std::string_view sql, db::engine kind,
                                              std::string_view operation = "");

}  // namespace luamig::engine
