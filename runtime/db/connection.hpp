#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "db/row_target.hpp"
#include "db/rows.hpp"
#include "db/statement_facts.hpp"
#include "db/url.hpp"

namespace luamig::db {

class sqlite_tables;
struct open_options;
struct row_program;

enum class transaction_state { idle, open, failed };

/// Who speaks. A script's statements are looked at before they run (no transaction control, no
/// books, no ATTACH, no COPY … PROGRAM …); the host's are not. The stdlib's, which keep what a
/// script's operation changes, are a script's that may change the rows of `undo_table`.
enum class authority { host, script, undo_keeper };

/// An open result. 0 is none.
using cursor = int;

/// Rows that statements have affected, counted when their results are known. It is shared: who
/// asked may have given up by then.
using tally = std::shared_ptr<std::int64_t>;

/// What statements have done to the rows of one table, by triggers and cascades too.
struct row_changes {
  std::string table;
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
  std::int64_t deleted = 0;
};

/// What became of statements that nobody waits for: the rows they affected, and whether one of them
/// was what failed.
struct unread_answers {
  std::int64_t affected = 0;
  bool failed = false;
};
using unread = std::shared_ptr<unread_answers>;

/// A connection to one database, used by one thread (but for `interrupt`). Every function throws
/// error{errc::sql} with sql, sqlstate, kind, table, column and constraint for what the database
/// refuses, error{errc::connection} when the connection is gone, for good. Kinds with a meaning of
/// their own: "refused" (a script may not), "lost_transaction" (nothing but the host's ROLLBACK
/// helps), "interrupted", "timeout", "locked" (with errc::lock where SQLite's wait has ended).
class connection {
 public:
  virtual ~connection() = default;

  [[nodiscard]] virtual engine kind() const noexcept = 0;

  /// Runs one statement and returns the rows it affected (0 where that has no meaning); rows that
  /// it returns are dropped. Statements are prepared once and kept by their text.
  virtual std::int64_t execute(std::string_view sql, std::span<const value> values = {}) = 0;

  /// Runs a COPY … FROM stdin, which reads `data` as it stands in a script. Returns the rows that
  /// came. SQLite has nothing of the kind: error{errc::sql}.
  virtual std::int64_t copy_in(std::string_view sql, std::string_view data) = 0;

  /// Runs one statement for every row of a block: SQLite once for each, whose cells are ?1, ?2 …;
  /// PostgreSQL once for all, with the text of an array for each column as $1, $2 …, enqueued, or
  /// as the data of a COPY … FROM stdin, which is not waited for; in binary where its columns have
  /// these forms, and all cells do. The rows affected are added to `affected`, at the latest by
  /// flush.
  virtual void execute_each(std::string_view sql, const row_block& rows, const tally& affected,
                            std::span<const binary_form> forms = {}) = 0;
  /// As execute, but PostgreSQL does not wait for the answer: an error comes out of a later call,
  /// at the latest `flush`.
  virtual void execute_unread(std::string_view sql, std::span<const value> values,
                              const unread& answers) {
    answers->affected += execute(sql, values);
  }

  /// Runs an UPDATE of SQLite that calls the program's functions. Returns the rows affected, or
  /// nothing when the program has stopped it (see row_program).
  /// PostgreSQL has nothing of the kind: error{errc::sql}.
  [[nodiscard]] virtual std::optional<std::int64_t> execute_with(std::string_view sql,
                                                                 std::span<const value> values,
                                                                 row_program& program) = 0;

  // Rows that are written into a table, without a statement for each: PostgreSQL's COPY, SQLite's
  // prepared INSERT. Nothing else may be asked of the connection in between.

  virtual void begin_rows(const row_target& into) = 0;
  /// Writes the rows from `first` up to `last`, which have a cell for each column. PostgreSQL tells
  /// only at the end what became of them. SQLite stops at the first that is refused, keeps those
  /// before it, and takes more.
  virtual row_outcome add_rows(const row_block& rows, std::size_t first, std::size_t last) = 0;
  /// What became of them on PostgreSQL, where one that is refused takes all of them along, and the
  /// transaction up to the last savepoint.
  virtual row_outcome end_rows() = 0;
  /// Ends it by an error of its own. Does nothing where none has begun.
  virtual void drop_rows() noexcept = 0;

  /// As execute, but PostgreSQL sends it only with the next call, in one round trip: its result is
  /// not waited for, and its error is thrown by that call. SQLite runs it at once.
  virtual void enqueue(std::string_view sql, std::span<const value> values = {}) = 0;
  /// Sends what is enqueued and waits for it. When a statement fails, none after it has run.
  virtual void flush() = 0;

  /// Runs a statement that returns rows. `streaming`: memory does not grow with the rows and other
  /// statements may run while it is open (PostgreSQL: a server-side cursor, inside a transaction).
  [[nodiscard]] virtual cursor open(std::string_view sql, std::span<const value> values,
                                    bool streaming) = 0;
  [[nodiscard]] virtual const std::vector<column>& columns(cursor c) const = 0;
  /// Replaces `into` by the next rows; false at the end, then `into` is empty.
  virtual bool fetch(cursor c, row_block& into) = 0;
  /// Whether all rows that are left of it are here, so that fetching them needs no connection.
  [[nodiscard]] virtual bool is_at_hand(cursor /*c*/) const { return false; }
  /// Ends a result; rows not fetched are dropped.
  virtual void close(cursor c) noexcept = 0;

  [[nodiscard]] virtual transaction_state state() const = 0;

  /// Looks at one statement without running it. Answers are kept by text.
  [[nodiscard]] virtual statement_facts inspect(std::string_view sql) = 0;
  /// Until the next call, statements are these tables' owner's (`host`) or a script's.
  virtual void act_as(authority who) noexcept = 0;
  /// Tables that a script may read but not change: the books, as named in the database.
  virtual void protect(std::vector<std::string> tables) = 0;

  /// Puts the session back between revisions: RESET ALL, temporary tables, LISTEN, advisory locks.
  /// PostgreSQL enqueues it. The `settings` of `open_database` hold again afterwards. Best outside
  /// a transaction: BEGIN takes some of them for the transaction.
  virtual void reset_session() = 0;

  /// What changing a table needs beyond statements; null on PostgreSQL, which needs nothing.
  [[nodiscard]] virtual sqlite_tables* tables() noexcept { return nullptr; }

  /// Puts back what scripts have set by statements with `statement_facts::setting`, to be called
  /// when a script is done with. PostgreSQL: SET LOCAL ends by itself. SQLite's deferring of
  /// foreign keys stays up to COMMIT while one is violated.
  virtual void put_settings_back() noexcept = 0;

  /// What has been done to rows since the last call, with open_options::counts_rows. PostgreSQL
  /// says it in its catalogs instead: nothing.
  [[nodiscard]] virtual std::vector<row_changes> take_changes() { return {}; }

  /// Ends the running statement with an error. Safe from another thread and from a signal handler.
  virtual void interrupt() noexcept = 0;

  /// Whether the other side has hung up, as far as it can be known without a round trip.
  [[nodiscard]] virtual bool alive() noexcept = 0;

  /// PostgreSQL, in a process that was forked from the one that opened it: a session of its own
  /// takes the place of the other one's, which is left alone. Nothing may be under way. Throws as
  /// open_database; error{errc::connection} on SQLite, whose connections belong to their process.
  virtual void open_anew(const url& where, const open_options& how);
  /// Whether a pooler stands before the server, as far as has been seen.
  [[nodiscard]] virtual bool pooled() const noexcept { return false; }
};

/// How a database is opened.
struct open_options {
  bool create = false;  ///< SQLite: make the file; else a missing one is error{errc::connection,
                        ///< kind "missing_database"}
  bool read_only = false;
  /// Nothing is ever committed. SQLite: every COMMIT is refused, a file in WAL mode is left as it
  /// is when it is closed, and others go on reading it.
  bool rehearses = false;
  bool counts_rows = false;  ///< for take_changes
  bool foreign_keys = true;
  std::vector<std::string> extensions;
  std::string application_name = "luamig";
  std::chrono::milliseconds busy_wait{60'000};  ///< SQLite: how long another's lock is waited for
  /// SQLite: told the seconds of such a wait once it is worth a word, and then every few seconds.
  std::function<void(double)> waiting;
  std::chrono::milliseconds statement_timeout{0};  ///< of a script's on SQLite; 0: none
  std::size_t most_heap = 0;  ///< SQLite: bytes that it takes in the whole process; 0: as many as
                              ///< there are
  std::size_t most_rows = 0;  ///< bytes of rows that are read at once for a script; 0: as above
  std::chrono::milliseconds lock_timeout{0};  ///< PostgreSQL; 0: none
};

/// Opens a database. PostgreSQL's client library is loaded here, the first time one is opened.
/// Throws error{errc::connection} with the masked URL, the reason and the cure.
[[nodiscard]] std::unique_ptr<connection> open_database(const url& where, const open_options& how);

/// Makes the database itself where it is missing (SQLite: the file; PostgreSQL: CREATE DATABASE
/// from the maintenance database). Returns whether it made it.
bool create_database(const url& where);

/// The first column of the first row, or nothing when there is no row.
[[nodiscard]] std::optional<value> scalar(connection& on, std::string_view sql,
                                          std::span<const value> values = {});
/// Every row, whole.
[[nodiscard]] std::vector<std::vector<value>> all(connection& on, std::string_view sql,
                                                  std::span<const value> values = {});

}  // namespace luamig::db
