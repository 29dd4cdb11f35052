#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.hpp"
#include "db/libpq_library.hpp"
#include "db/postgres_connect.hpp"
#include "db/postgres_facts.hpp"
#include "db/postgres_pipeline.hpp"
#include "db/postgres_role.hpp"
#include "db/postgres_rows.hpp"

namespace luamig::db {

/// One session of a PostgreSQL server. Outside a transaction every statement is its own; an
/// enqueued one is then sent before the next. Behind a pooler, settings hold inside transactions
/// only.
class postgres_connection final : public connection {
 public:
  postgres_connection(const libpq_library& pq, connected to, const open_options& how);
  ~postgres_connection() override;
  postgres_connection(const postgres_connection&) = delete;
  postgres_connection& operator=(const postgres_connection&) = delete;

  [[nodiscard]] engine kind() const noexcept override { return engine::postgresql; }
  std::int64_t execute(std::string_view sql, std::span<const value> values) override;
  std::int64_t copy_in(std::string_view sql, std::string_view data) override;
  void begin_rows(const row_target& into) override;
  row_outcome add_rows(const row_block& rows, std::size_t first, std::size_t last) override;
  row_outcome end_rows() override;
  void drop_rows() noexcept override;
  void execute_each(std::string_view sql, const row_block& rows, const tally& affected,
                    std::span<const binary_form> forms = {}) override;
  void execute_unread(std::string_view sql, std::span<const value> values,
                      const unread& answers) override;
  [[nodiscard]] std::optional<std::int64_t> execute_with(std::string_view sql,
                                                         std::span<const value> values,
                                                         row_program& program) override;
  void enqueue(std::string_view sql, std::span<const value> values) override;
  void flush() override;
  [[nodiscard]] cursor open(std::string_view sql, std::span<const value> values,
                            bool streaming) override;
  [[nodiscard]] const std::vector<column>& columns(cursor c) const override;
  bool fetch(cursor c, row_block& into) override;
  [[nodiscard]] bool is_at_hand(cursor c) const override;
  void close(cursor c) noexcept override;
  [[nodiscard]] transaction_state state() const override;
  [[nodiscard]] statement_facts inspect(std::string_view sql) override;
  void act_as(authority who) noexcept override { who_ = who; }
  void protect(std::vector<std::string> tables) override;
  void reset_session() override;
  void put_settings_back() noexcept override {}
  void interrupt() noexcept override;
  [[nodiscard]] bool alive() noexcept override;
  void open_anew(const url& where, const open_options& how) override;
  [[nodiscard]] bool pooled() const noexcept override {
    return !settings_hold_ || pipeline_.pooled();
  }

 private:
  struct result;
  struct settled;
  struct savepoint {
    std::string name;
    cursor first_after = 0;  // results from this one on go with its rollback
  };
  using role = postgres_role;
  static void ignore_notice(void* /*nobody*/, const PGresult* /*notice*/) {}

  void keep_apart(role part);
  void send(std::string_view sql, std::span<const value> values, bool keep,
            const tally& affected = {}, const unread& answers = {});
  void send_session(std::string_view sql);
  void send_settings();
  void settle_before_rollback();
  void guard(std::string_view sql);
  void guard_script(std::string_view sql, bool with_data);
  void require_parsed(std::string_view sql);
  void note(role part, std::string_view sql);
  void note_rollback_to(const std::string& name);
  void end_transaction() noexcept;
  postgres_pipeline::outcome sync();
  void close_left_open();
  void copy_each(std::string_view sql, const row_block& rows, const tally& affected,
                 std::span<const binary_form> forms);
  [[nodiscard]] bool in_transaction() const;
  void open_streaming(result& made, cursor id, std::string_view sql, std::span<const value> values);
  void ask_more(result& from);
  void take_more(result& from);
  [[nodiscard]] result& at(cursor c) const;

  libpq_library pq_;
  open_options options_;
  connection_owner raw_;
  std::unique_ptr<PGcancel, decltype(&::PQfreeCancel)> cancel_;
  postgres_pipeline pipeline_;
  postgres_reader reader_;
  std::map<cursor, std::unique_ptr<result>> results_;
  std::vector<std::pair<cursor, std::string>> to_close_;  // server-side cursors nobody reads
  std::vector<savepoint> savepoints_;
  cursor next_cursor_ = 1;
  authority who_ = authority::host;
  bool begun_ = false;  // BEGIN was sent, and no end of it
  bool loose_ = false;  // a statement outside a transaction is on its way
  bool dirty_ = false;  // a script may have left more behind than settings
  bool settings_hold_ = true;
  bool committing_ = false;
  std::vector<char> copy_room_;  // of the rows on their way
  std::optional<postgres_rows> writing_;
};

}  // namespace luamig::db
