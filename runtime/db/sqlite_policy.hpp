#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "db/statement_facts.hpp"

struct sqlite3;

namespace luamig::db {

/// What SQLite's authorizer is asked about: it records the facts of the statement being prepared,
/// and refuses a script what a script may not do. SQLite asks again whenever it prepares a
/// statement anew after a change of the schema, in the middle of a step too.
class sqlite_policy {
 public:
  enum class mode {
    host,    ///< everything is allowed
    script,  ///< refuses
    undo,    ///< refuses, but for changes of the rows of undo_table
    look,    ///< nothing will run: records a refusal, refuses only what acts while it is prepared
  };

  /// What a statement does, as far as it was seen while it was prepared.
  struct record {
    statement_facts facts;
    std::vector<std::string> dropped_tables;
    bool makes_temporary = false;
  };

  /// Asks for this connection from now on; must outlive its use.
  void install(sqlite3* on);

  /// Tables in lower case, without a schema.
  void protect(const std::vector<std::string>& tables);

  /// Before a prepare: forgets the last record.
  void begin_prepare(mode how, std::string_view sql);
  [[nodiscard]] record take_record();
  /// Before a step.
  void begin_step(mode how, std::string_view sql);
  /// Why the last prepare or step was refused; "" when it was not.
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }
  /// Whether the table is one of luamig's own.
  [[nodiscard]] bool is_protected(std::string_view table) const;

 private:
  struct question {
    int action;
    std::string_view first;
    std::string_view second;
    std::string_view database;
    std::string_view trigger;
  };
  static int asked(void* self, int action, const char* first, const char* second,
                   const char* database, const char* trigger) noexcept;
  [[nodiscard]] int answer(const question& q);
  void note(const question& q);
  void note_schema(const question& q);
  [[nodiscard]] std::string reason(const question& q) const;
  [[nodiscard]] static std::string reason_function(std::string_view name);
  [[nodiscard]] std::string reason_name(const question& q) const;
  [[nodiscard]] std::string reason_pragma(const question& q) const;
  [[nodiscard]] std::string reason_table(const question& q) const;
  [[nodiscard]] bool names_protected() const;
  [[nodiscard]] std::string protected_after(std::string_view word) const;

  sqlite3* on_ = nullptr;
  mode mode_ = mode::host;
  bool recording_ = false;
  std::string_view sql_;
  std::vector<std::string> protected_;
  record record_;
  std::string refusal_;
};

/// How the statements of one who speaks are looked at.
[[nodiscard]] sqlite_policy::mode mode_of(authority who) noexcept;

/// Whether a foreign key is violated at this moment that COMMIT will look at again.
[[nodiscard]] bool defers_violation(sqlite3* on) noexcept;

/// Whether this PRAGMA only reads, with the argument that it was given ("" for none).
[[nodiscard]] bool is_reading_pragma(std::string_view name, std::string_view argument);

}  // namespace luamig::db
