#pragma once

#include "engine/observer.hpp"
#include "engine/sink.hpp"

namespace luamig::engine {

/// Statements go to the database at once, and the observer sees each with its time.
class live_sink final : public sink {
 public:
  live_sink(db::connection& on, observer& watching) : on_(on), watching_(&watching) {}

  /// Another observer sees the statements from now on.
  void tell(observer& watching) noexcept { watching_ = &watching; }

  [[nodiscard]] db::engine kind() const noexcept override { return on_.kind(); }
  [[nodiscard]] bool offline() const noexcept override { return false; }
  std::int64_t execute(const statement& s) override;
  void wrote(const statement& s, double seconds, std::int64_t) override {
    watching_->statement_ran(s, seconds);
  }
  void execute_each(const statement& s, const db::row_block& rows,
                    const db::tally& affected) override;
  void execute_unread(const statement& s, const db::unread& answers) override;
  [[nodiscard]] std::optional<std::int64_t> execute_with(const statement& s,
                                                         db::row_program& program) override;
  db::cursor open(const statement& s, bool streaming) override;
  void host(const std::string& sql) override { on_.enqueue(sql); }
  void rewrite(const statement& s, const db::stored_text& as) override;
  void rebuild(bool begins) override;
  [[nodiscard]] db::connection& reader() override { return on_; }
  [[nodiscard]] db::connection* catalog() override { return &on_; }

 private:
  template <class Action>
  auto timed(const statement& s, Action action);

  db::connection& on_;
  observer* watching_;
};

}  // namespace luamig::engine
