#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/link.hpp"
#include "engine/door.hpp"
#include "engine/observer.hpp"
#include "engine/script_files.hpp"

namespace luamig::broker {

class remote_rows;

/// What the host says of the session that a call is about.
struct session_state {
  db::engine kind = db::engine::sqlite;
  bool offline = false;
  bool takes_steps = false;
  bool names_operations = false;
  std::uint64_t depth = 0;
};
void put(packer& to, const session_state& state);
[[nodiscard]] session_state get_state(unpacker& from);

/// The host's session, as the worker reaches it for one call.
class remote_door final : public engine::door {
 public:
  remote_door(link& host, session_state state);
  /// A second database, by the number that the host has given it.
  remote_door(link& host, db::engine kind, std::uint64_t number);
  ~remote_door() override;
  remote_door(const remote_door&) = delete;
  remote_door& operator=(const remote_door&) = delete;

  [[nodiscard]] db::engine kind() const noexcept override { return state_.kind; }
  [[nodiscard]] bool offline() const noexcept override { return state_.offline; }
  /// A call for each row would cross the border twice.
  [[nodiscard]] bool runs_programs() const noexcept override { return false; }

  // The answer is waited for: it is read here, where the next question is asked.
  std::int64_t execute(const engine::statement& s, answer wanted = answer::read) override;
  void settle_unread(std::size_t) override {}
  [[nodiscard]] bool has_unread(std::size_t) const noexcept override { return false; }
  void execute_each(const engine::statement& s, const db::row_block& rows,
                    const db::tally& affected) override;
  [[nodiscard]] std::int64_t settle(const db::tally& affected) override;
  [[nodiscard]] std::optional<std::int64_t> execute_with(const engine::statement& s,
                                                         db::row_program& program) override;
  [[nodiscard]] bool asked_within() const noexcept override { return false; }
  std::int64_t execute_text(std::string_view text, const db::parameters& given,
                            std::string_view file, int line, answer wanted = answer::read) override;
  [[nodiscard]] std::unique_ptr<engine::row_intake> write_rows(
      db::row_target into, std::string file, int line,
      engine::row_intake::refusal on_refusal) override;
  [[nodiscard]] std::unique_ptr<engine::row_source> query(engine::statement s,
                                                          bool streaming) override;
  void check_query(std::string_view text, const db::parameters& given, std::string_view file,
                   int line) override;
  [[nodiscard]] std::unique_ptr<engine::row_source> look(engine::statement s) override;
  [[nodiscard]] bool knows_schema() override;

  [[nodiscard]] bool takes_steps() noexcept override { return state_.takes_steps && !in_step_; }
  [[nodiscard]] std::optional<std::string> begin_step(const engine::step_key& key) override;
  [[nodiscard]] bool begun_before() override;
  [[nodiscard]] std::optional<std::string> part_of_step() override;
  void keep_part(std::string_view record, std::string_view reverse) override;
  void keep_ranges(std::string_view record, std::string_view reverse,
                   const std::vector<std::string>& ranges) override;
  [[nodiscard]] std::optional<std::string> range_of_step(std::size_t number) override;
  void keep_range(std::size_t number, std::string_view record) override;
  [[nodiscard]] std::string why_not_apart() override { return "it runs in another process"; }
  void stand_apart(engine::observer& watching) override;
  void undo_part() override;
  [[nodiscard]] std::string control() override;
  void reject(const engine::rejected_row& row) override;
  void finish_step(std::string_view record, std::string_view reverse) override;
  void undo_step() override;
  [[nodiscard]] bool touched() override;

  [[nodiscard]] bool names_operations() const noexcept override { return state_.names_operations; }
  void begin_operation(const engine::called_operation& called) override;
  [[nodiscard]] std::string undo_table(const engine::books& where, bool make) override;
  void rewrite_table(const db::stored_text& as, std::string_view comment, std::string_view file,
                     int line) override;
  void begin_rebuild() override;
  void end_rebuild() override;
  [[nodiscard]] std::string problem(std::string_view sql) override;

  [[nodiscard]] engine::door& beside(std::string_view name) override;

  [[nodiscard]] std::size_t enter() override;
  void leave(std::size_t depth, bool keep) override;
  void require_whole() override {}  // the host does, whatever it is asked for
  void keep_file(file::output written) override;
  [[nodiscard]] engine::script_clock* clock() const noexcept override { return nullptr; }

 private:
  friend class remote_rows;
  [[nodiscard]] std::unique_ptr<engine::row_source> open(const std::string& opened);
  void step_ended();
  void close_level(std::size_t depth, bool keep);

  link& host_;
  session_state state_;
  std::uint64_t depth_;       // of savepoints
  std::uint64_t told_depth_;  // that the host knows of
  std::uint64_t step_depth_ = 0;
  bool in_step_ = false;
  std::int64_t tallies_ = 0;
  std::vector<remote_rows*> open_;
  std::uint64_t number_ = 0;  // 0: the database that is migrated
  std::map<std::string, std::unique_ptr<remote_door>, std::less<>> seconds_;
};

/// The host's files, as the worker reaches them.
class remote_files final : public engine::script_files {
 public:
  explicit remote_files(link& host) : host_(host) {}

  [[nodiscard]] std::optional<std::string> library(path parts) override;
  [[nodiscard]] std::optional<std::string> text(path parts) override;
  [[nodiscard]] std::vector<std::string> libraries() override;
  [[nodiscard]] std::optional<std::string> env() override;
  [[nodiscard]] reader open(path parts) override;
  [[nodiscard]] std::unique_ptr<engine::written_file> create(path parts, bool replaces) override;

 private:
  link& host_;
};

/// Tells the host what a script says.
class remote_observer final : public engine::observer {
 public:
  explicit remote_observer(link& host) : host_(host) {}
  void rows_worked(const rows_done& done) override;
  void message(level how, std::string_view text) override;

 private:
  link& host_;
};

/// A text that may be missing.
void put_optional(packer& to, const std::optional<std::string>& text);
[[nodiscard]] std::optional<std::string> get_optional(std::string_view values);
[[nodiscard]] std::optional<std::string> get_optional(unpacker& from);

}  // namespace luamig::broker
