#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/sink.hpp"

namespace luamig::engine {

/// Before another sink: tells of the first thing that is asked of the database, and of the first
/// that does more than read.
class entry_sink final : public sink {
 public:
  struct ends {
    std::function<void()> asked;    ///< before anything
    std::function<void()> changes;  ///< before a change
  };
  entry_sink(sink& behind, ends tell) : behind_(behind), tell_(std::move(tell)) {}

  [[nodiscard]] db::engine kind() const noexcept override { return behind_.kind(); }
  [[nodiscard]] bool offline() const noexcept override { return false; }
  void ready(const statement& s) override;
  std::int64_t execute(const statement& s) override { return behind_.execute(s); }
  void execute_each(const statement& s, const db::row_block& rows,
                    const db::tally& affected) override {
    behind_.execute_each(s, rows, affected);
  }
  void execute_unread(const statement& s, const db::unread& answers) override {
    behind_.execute_unread(s, answers);
  }
  [[nodiscard]] std::optional<std::int64_t> execute_with(const statement& s,
                                                         db::row_program& program) override {
    return behind_.execute_with(s, program);
  }
  void writes(const statement& s) override { behind_.writes(s); }
  void wrote(const statement& s, double seconds, std::int64_t rows) override {
    behind_.wrote(s, seconds, rows);
  }
  db::cursor open(const statement& s, bool streaming) override {
    return behind_.open(s, streaming);
  }
  void host(const std::string& sql) override;
  void rewrite(const statement& s, const db::stored_text& as) override {
    tell_.changes();
    behind_.rewrite(s, as);
  }
  void rebuild(bool begins) override;
  [[nodiscard]] bool names_operations() const noexcept override {
    return behind_.names_operations();
  }
  void begin_operation(const called_operation& called) override { behind_.begin_operation(called); }
  [[nodiscard]] bool keeps_file(const std::string& path) override {
    return behind_.keeps_file(path);
  }
  [[nodiscard]] db::connection& reader() override { return behind_.reader(); }
  [[nodiscard]] db::connection* catalog() override;

 private:
  sink& behind_;
  ends tell_;
};

}  // namespace luamig::engine
