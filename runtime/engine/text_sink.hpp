#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan_record.hpp"
#include "engine/sink.hpp"
#include "engine/step_keeper.hpp"

namespace luamig::engine {

/// `--sql`: statements are written as text, values as safe literals, and none of them runs on the
/// database. What changes the schema runs on `scratch`, so that the schema is known all along.
///
/// In a durable revision each step is a transaction of the text's own.
class text_sink final : public sink, public step_keeper {
 public:
  /// `database` answers reads; none: a read is an error. It is never written to. `scratch` holds
  /// its schema and no rows; none: the schema is known only on PostgreSQL, from `database`, and
  /// only as long as nothing has changed. Neither is owned.
  text_sink(db::engine kind, db::connection* database, db::connection* scratch, std::ostream& out)
      : kind_(kind), database_(database), scratch_(scratch), out_(out) {}

  [[nodiscard]] db::engine kind() const noexcept override { return kind_; }
  [[nodiscard]] bool offline() const noexcept override { return true; }
  void ready(const statement& s) override;
  std::int64_t execute(const statement& s) override;
  db::cursor open(const statement& s, bool streaming) override;
  void host(const std::string& sql) override;
  void rewrite(const statement& s, const db::stored_text& as) override;
  void rebuild(bool begins) override;
  [[nodiscard]] db::connection& reader() override;
  [[nodiscard]] db::connection* catalog() override;

  /// Whether a table was made anew since this was last asked: the text is right only where foreign
  /// keys are off.
  [[nodiscard]] bool takes_foreign_keys_off() { return std::exchange(rebuilds_, false); }

  [[nodiscard]] step_keeper* steps() noexcept override { return durable_ ? this : nullptr; }
  [[nodiscard]] std::optional<std::string> recall(const step_key&) override { return {}; }
  void begin() override {}
  void finish(std::string_view record, std::string_view reverse, const step_counts&) override;
  [[nodiscard]] std::optional<std::string> part() const override { return {}; }
  void keep_part(std::string_view, std::string_view, const step_counts&) override {}
  void keep_ranges(std::string_view, std::string_view, const step_counts&,
                   const std::vector<std::string>&) override {}
  [[nodiscard]] std::optional<std::string> range(std::size_t) override { return {}; }
  void keep_range(std::size_t, std::string_view, const step_counts&) override {}
  [[nodiscard]] std::string why_not_apart() override { return "nothing runs here"; }
  void stand_apart(observer&) override {}
  void undo_part() noexcept override {}
  [[nodiscard]] std::string control() override { return {}; }
  void reject(const rejected_row&) override {}
  void undo() noexcept override;
  [[nodiscard]] bool touched() const noexcept override { return open_; }
  [[nodiscard]] bool begun_before() const noexcept override { return false; }
  [[nodiscard]] bool may_run_alone() const noexcept override { return !open_; }

  /// The revision that follows is committed step by step, or is one transaction of whoever writes
  /// what stands around it.
  void set_durable(bool durable) noexcept {
    durable_ = durable;
    settings_.clear();
  }

  /// Operations are noted there as well; null: nowhere.
  void record_to(plan_record* to) noexcept { record_ = to; }
  [[nodiscard]] bool names_operations() const noexcept override { return record_ != nullptr; }
  void begin_operation(const called_operation& called) override {
    if (record_ != nullptr) record_->name_operation(called);
  }

  /// The host's own lines.
  void line(std::string_view sql);
  void reset_settings();

 private:
  struct change {
    std::string table;  // "" where nobody knows
    std::string file;
    int line = 0;
  };
  void open_transaction();
  void rehearse(const statement& s);
  void note(const std::vector<std::string>& tables, const statement& s);
  [[nodiscard]] const change* change_seen_by(const statement& query);

  plan_record* record_ = nullptr;
  db::engine kind_;
  db::connection* database_;
  db::connection* scratch_;
  std::ostream& out_;
  std::vector<change> changes_;
  bool durable_ = false;
  bool open_ = false;                  // the transaction of a step
  std::vector<std::string> settings_;  // said again in each
  bool rebuilds_ = false;
  bool may_have_set_ = false;  // what the session would keep
};

}  // namespace luamig::engine
