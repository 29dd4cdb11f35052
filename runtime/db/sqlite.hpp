#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "db/sqlite_counts.hpp"
#include "db/sqlite_policy.hpp"
#include "db/sqlite_program.hpp"
#include "db/sqlite_statement.hpp"
#include "db/sqlite_tables.hpp"

namespace SQLite {
class Database;
}

namespace luamig::db {

/// One SQLite database.
///
/// The host's `PRAGMA foreign_keys = …` takes effect inside a transaction too. Only the host's own
/// statements end a transaction; where SQLite ends one by itself (INSERT OR ROLLBACK,
/// RAISE(ROLLBACK), an interrupt) the state is `failed` until the host's ROLLBACK, which then does
/// not throw, and every other statement is refused with kind "lost_transaction".
class sqlite_connection final : public connection {
 public:
  sqlite_connection(const url& where, const open_options& how);
  ~sqlite_connection() override;
  sqlite_connection(const sqlite_connection&) = delete;
  sqlite_connection& operator=(const sqlite_connection&) = delete;

  [[nodiscard]] engine kind() const noexcept override { return engine::sqlite; }
  std::int64_t execute(std::string_view sql, std::span<const value> values) override;
  std::int64_t copy_in(std::string_view sql, std::string_view data) override;
  void begin_rows(const row_target& into) override;
  row_outcome add_rows(const row_block& rows, std::size_t first, std::size_t last) override;
  row_outcome end_rows() override;
  void drop_rows() noexcept override;
  void execute_each(std::string_view sql, const row_block& rows, const tally& affected,
                    std::span<const binary_form> forms = {}) override;
  [[nodiscard]] std::optional<std::int64_t> execute_with(std::string_view sql,
                                                         std::span<const value> values,
                                                         row_program& program) override;
  void enqueue(std::string_view sql, std::span<const value> values) override;
  void flush() override {}
  [[nodiscard]] cursor open(std::string_view sql, std::span<const value> values,
                            bool streaming) override;
  [[nodiscard]] const std::vector<column>& columns(cursor c) const override;
  bool fetch(cursor c, row_block& into) override;
  void close(cursor c) noexcept override;
  [[nodiscard]] transaction_state state() const override;
  [[nodiscard]] statement_facts inspect(std::string_view sql) override;
  void act_as(authority who) noexcept override { who_ = who; }
  void protect(std::vector<std::string> tables) override;
  void reset_session() override;
  [[nodiscard]] sqlite_tables* tables() noexcept override { return tables_.get(); }
  void put_settings_back() noexcept override;
  [[nodiscard]] std::vector<row_changes> take_changes() override { return counts_.take(); }
  void interrupt() noexcept override;
  [[nodiscard]] bool alive() noexcept override { return true; }

 private:
  struct result;
  struct writing;

  void configure(const url& where);
  static int on_busy(void* self, int tries) noexcept;
  static int on_commit(void* self) noexcept;
  static int on_progress(void* self) noexcept;

  [[nodiscard]] bool step(const sqlite_statement& s);
  [[noreturn]] void fail(const sqlite_statement& s);
  [[nodiscard]] error failure(const sqlite_statement& s);
  void begin(const sqlite_statement& s);
  void start_clock(const sqlite_statement& s) noexcept;
  void settle(const sqlite_statement& s);
  void keep_setting(const std::string& name);
  void name_orphans(error& e);
  void refuse_drop_of_referenced(const sqlite_statement& s);
  [[nodiscard]] std::string referents(const std::string& table);
  void set_foreign_keys(bool on);
  [[nodiscard]] bool foreign_keys_on() const;
  [[nodiscard]] bool autocommit() const;
  [[nodiscard]] std::size_t most_values() const;
  void switch_foreign_keys(const sqlite_statement& s);
  void fill(result& from, row_block& into, std::size_t rows);
  [[nodiscard]] result& at(cursor c) const;

  open_options options_;
  sqlite_policy policy_;
  sqlite_program program_;
  sqlite_counts counts_;
  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<sqlite_statements> statements_;
  std::unique_ptr<sqlite_tables> tables_;
  std::map<cursor, std::unique_ptr<result>> results_;
  std::unique_ptr<writing> writing_;  // the rows of begin_rows
  std::map<std::string, statement_facts, std::less<>> inspected_;
  std::map<std::string, std::string> kept_settings_;  // what a PRAGMA said before a script set it
  cursor next_cursor_ = 1;
  authority who_ = authority::host;
  bool begun_ = false;            // the host has begun a transaction and not ended it
  bool host_may_commit_ = false;  // while a transaction statement of its own runs
  bool temporary_ = false;        // a script made something temporary
  std::string lost_by_;           // the statement that ended the transaction
  std::chrono::steady_clock::time_point busy_since_;
  std::chrono::steady_clock::time_point say_waiting_at_;
  std::atomic<bool> interrupted_{false};
  std::chrono::steady_clock::time_point deadline_;  // of the statement that runs
  bool timed_out_ = false;
};

}  // namespace luamig::db
