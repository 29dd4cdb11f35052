#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "engine/script_clock.hpp"
#include "engine/script_host.hpp"

namespace luamig::engine {

/// A script host whose scripts end with errc::limit when they take too long: they are interrupted
/// as by a signal. Somebody has to look at the clock: a timer of the program's, or a thread.
class timed_host final : public script_host {
 public:
  /// `announce` is told where to look, and null before this ends.
  timed_host(std::unique_ptr<script_host> scripts, script_limits limits,
             std::function<void(timed_host*)> announce);
  ~timed_host() override;
  timed_host(const timed_host&) = delete;
  timed_host& operator=(const timed_host&) = delete;

  /// Interrupts the script, or the statement that it waits for, once a limit has been passed. True:
  /// that was `grace` ago, and it runs still, and cannot be killed; or it was killed, and the
  /// statement has not ended in twice that. Async-signal-safe.
  [[nodiscard]] bool look(std::chrono::milliseconds grace) noexcept;

  void load(const script::script& script, graph::direction way) override;
  void run(const step_context& step, session& on) override;
  void perform(const step_context& step, session& on, std::string_view operation) override;
  [[nodiscard]] std::optional<std::string> enter(const step_context& step, session& on,
                                                 const shell_entry& entry) override;
  [[nodiscard]] std::string required_checksum(const script::script& script) const override;
  [[nodiscard]] data_files files_asked_for() const override { return scripts_->files_asked_for(); }
  [[nodiscard]] std::vector<std::string> consult(std::string_view function,
                                                 const std::vector<std::string>& given,
                                                 session* on) override;
  [[nodiscard]] std::optional<std::string> url() override;
  void before_step(const step_context& step, session& on) override;
  void after_step(const step_context& step, session& on) override;
  void on_error(const step_context& step, const error& what) override;
  void interrupt(int signal) noexcept override;
  bool kill() noexcept override { return scripts_->kill(); }
  [[nodiscard]] std::string editor_stubs() override { return scripts_->editor_stubs(); }

 private:
  class timing;

  std::unique_ptr<script_host> scripts_;
  script_limits limits_;
  std::function<void(timed_host*)> announce_;
  script_clock clock_;
  std::atomic<session*> on_{nullptr};
  std::atomic<time_limit> passed_{time_limit::none};
  std::atomic<std::int64_t> passed_at_{0};  // ns
};

}  // namespace luamig::engine
