#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "db/connection.hpp"
#include "db/row_program.hpp"
#include "db/sqlite_tables.hpp"

namespace luamig::engine {

class step_keeper;

/// An operation that a script calls. The statements that come from the same line are its own.
struct called_operation {
  std::string_view name;      ///< "add_column"
  std::string_view summary;   ///< one line: "add column users.email"
  std::string_view destroys;  ///< "drops a column"; "" where no rows or values are lost
  std::string_view file;
  int line = 0;
};

/// One statement on its way to the database.
struct statement {
  std::string sql;
  std::vector<value> values;
  std::string comment;  ///< what it is for; "" for none
  std::string file;     ///< the migration's own file and line, for messages
  int line = 0;
  std::optional<std::string_view> data{};  ///< what a COPY … FROM stdin reads
  std::vector<db::binary_form> forms{};    ///< of the columns of a COPY, for execute_each
  bool alone = false;                      ///< it runs outside every transaction
  bool setting = false;                    ///< it sets something for the rest of the revision
  bool keeps_undo = false;                 ///< it may change rows of luamig_undo
  bool uncounted = false;                  ///< its rows are none of the script's
};

/// What stands behind the session's door: a live database, a text, or a record. Online, `--sql`,
/// plan and dry run differ in nothing else.
class sink {
 public:
  virtual ~sink() = default;
  [[nodiscard]] virtual db::engine kind() const noexcept = 0;
  /// Nothing is executed: statements are written down.
  [[nodiscard]] virtual bool offline() const noexcept = 0;
  /// A statement of a script's comes next: what has to stand before it is done, by the host.
  virtual void ready(const statement& /*s*/) {}
  /// Takes one statement; returns the rows affected (0 offline).
  virtual std::int64_t execute(const statement& s) = 0;
  /// As the functions of db::connection. Online only.
  virtual void execute_each(const statement&, const db::row_block&, const db::tally&) {
    throw error(errc::migration, "rows are written online only");
  }
  virtual void execute_unread(const statement& s, const db::unread& answers) {
    answers->affected += execute(s);
  }
  [[nodiscard]] virtual std::optional<std::int64_t> execute_with(const statement&,
                                                                 db::row_program&) {
    throw error(errc::migration, "rows are written online only");
  }
  /// Rows are about to be written by db::connection::add_rows, for which `ready` was called, and
  /// have been; `s` is the statement that it comes to. Before may come more than once.
  virtual void writes(const statement& /*s*/) {}
  virtual void wrote(const statement& /*s*/, double /*seconds*/, std::int64_t /*rows*/) {}
  /// Opens one query, as db::connection::open. Offline, one that would not see what the text has
  /// changed is error{errc::migration}.
  virtual db::cursor open(const statement& s, bool streaming) {
    return reader().open(s.sql, s.values, streaming);
  }
  /// The host's own statement inside a step: a savepoint.
  virtual void host(const std::string& sql) = 0;
  /// Replaces the text that SQLite keeps of a table; `s` is the statement that it comes to.
  virtual void rewrite(const statement& s, const db::stored_text& as) = 0;
  /// Begins (`true`) and ends what a table of SQLite is made anew in. The end never fails.
  virtual void rebuild(bool begins) = 0;
  /// Whether it wants to know which operation statements belong to, and a call of one.
  [[nodiscard]] virtual bool names_operations() const noexcept { return false; }
  virtual void begin_operation(const called_operation& /*called*/) {}
  /// A file that a script has written belongs to what is kept. False: it is given up, for nothing
  /// is kept.
  [[nodiscard]] virtual bool keeps_file(const std::string& /*path*/) { return true; }
  /// Who keeps the steps of a durable revision; null: the revision is one transaction.
  [[nodiscard]] virtual step_keeper* steps() noexcept { return nullptr; }
  /// The database to read from. Offline without one: error{errc::migration} naming the cure.
  [[nodiscard]] virtual db::connection& reader() = 0;
  /// Where the schema is asked that the statements so far have made; null: nobody knows it.
  [[nodiscard]] virtual db::connection* catalog() = 0;
};

}  // namespace luamig::engine
