#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/meter.hpp"
#include "engine/sink.hpp"
#include "engine/step_keeper.hpp"

namespace luamig::engine {

/// Before another sink: all goes through it, and the meter sees what it does. In a rehearsal
/// whatever cannot be rolled back is left out, or done in the form that can, and the meter told.
class measuring_sink final : public sink, public step_keeper {
 public:
  /// `keeps_files`: what a script writes is put in its place.
  measuring_sink(sink& behind, meter& by, bool rehearses, bool keeps_files)
      : behind_(behind), meter_(by), rehearses_(rehearses), keeps_files_(keeps_files) {}

  [[nodiscard]] db::engine kind() const noexcept override { return behind_.kind(); }
  [[nodiscard]] bool offline() const noexcept override { return behind_.offline(); }
  void ready(const statement& s) override;
  std::int64_t execute(const statement& s) override;
  void execute_each(const statement& s, const db::row_block& rows,
                    const db::tally& affected) override;
  [[nodiscard]] std::optional<std::int64_t> execute_with(const statement& s,
                                                         db::row_program& program) override;
  void writes(const statement& s) override;
  void wrote(const statement& s, double seconds, std::int64_t rows) override;
  db::cursor open(const statement& s, bool streaming) override;
  void host(const std::string& sql) override;
  void rewrite(const statement& s, const db::stored_text& as) override;
  void rebuild(bool begins) override;
  [[nodiscard]] bool names_operations() const noexcept override { return true; }
  void begin_operation(const called_operation& called) override { meter_.name_operation(called); }
  [[nodiscard]] bool keeps_file(const std::string& path) override;
  [[nodiscard]] db::connection& reader() override { return behind_.reader(); }
  [[nodiscard]] db::connection* catalog() override { return behind_.catalog(); }
  [[nodiscard]] step_keeper* steps() noexcept override {
    return behind_.steps() == nullptr ? nullptr : this;
  }

  [[nodiscard]] std::optional<std::string> recall(const step_key& key) override {
    return behind_.steps()->recall(key);
  }
  void begin() override;
  void finish(std::string_view record, std::string_view reverse,
              const step_counts& counts) override;
  [[nodiscard]] std::optional<std::string> part() const override { return behind_.steps()->part(); }
  void keep_part(std::string_view record, std::string_view reverse,
                 const step_counts& counts) override;
  void keep_ranges(std::string_view record, std::string_view reverse, const step_counts& counts,
                   const std::vector<std::string>& ranges) override;
  [[nodiscard]] std::optional<std::string> range(std::size_t number) override {
    return behind_.steps()->range(number);
  }
  void keep_range(std::size_t number, std::string_view record, const step_counts& counts) override;
  [[nodiscard]] std::string why_not_apart() override { return "what is done here is measured"; }
  void stand_apart(observer& watching) override { behind_.steps()->stand_apart(watching); }
  void undo_part() noexcept override;
  [[nodiscard]] std::string control() override { return behind_.steps()->control(); }
  void reject(const rejected_row& row) override { behind_.steps()->reject(row); }
  void undo() noexcept override;
  [[nodiscard]] bool touched() const noexcept override { return behind_.steps()->touched(); }
  [[nodiscard]] bool begun_before() const noexcept override {
    return behind_.steps()->begun_before();
  }
  [[nodiscard]] bool may_run_alone() const noexcept override {
    return behind_.steps()->may_run_alone();
  }

 private:
  template <class Action>
  auto measured(const statement& s, Action action);
  template <class Action>
  void committed(Action action);
  void ended();
  template <class Look>
  void as_host(const statement& s, Look look);
  void refuse_lasting(const statement& s);
  void before(const statement& s);
  [[nodiscard]] std::optional<statement> simulated(const statement& s);

  sink& behind_;
  meter& meter_;
  bool rehearses_;
  bool keeps_files_;
};

}  // namespace luamig::engine
