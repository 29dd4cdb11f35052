#include <chrono>
#include <functional>
#include <optional>
#include <ostream>

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/effects.hpp"
#include "cli/format.hpp"
#include "cli/progress.hpp"
#include "cli/row_progress.hpp"
#include "db/mask.hpp"

namespace luamig::cli {
namespace {

using clock = std::chrono::steady_clock;

constexpr auto shortest_redraw = std::chrono::milliseconds(100);
constexpr double between_row_lines = 10;  // seconds
constexpr std::size_t message_width = 40;
constexpr std::size_t longest_statement = 2000;
constexpr std::size_t statement_column = 12;

class human_observer final : public engine::observer {
 public:
  human_observer(const terminal& to, bool explain, std::function<void()> announced)
      : to_(to), explain_(explain), after_announcing_(std::move(announced)) {}

  void run_started(const run_info& run) override {
    if (!announced_) {
      to_.say("luamig " + std::string(version) + " · " + run.shown_url);
      announced_ = true;
      after_announcing_();
    }
    id_width_ = 0;
    if (run.plan != nullptr) {
      for (const graph::step& step : run.plan->steps) {
        id_width_ = std::max(id_width_, step.revision.size());
      }
    }
  }

  void step_started(const step_info& step) override {
    head_ = "  " + std::string(arrow(step.way)) + " " + padded(step.revision, id_width_);
    step_ = line_of(step);
    headed_ = false;
    statements_ = 0;
    rows_.reset();
    began_ = drawn_ = clock::now();
    redraw();
  }

  void statement_ran(const engine::statement& s, double took) override {
    ++statements_;
    if (to_.at_least(loudness::every_statement)) {
      head_lines();
      put("    " + padded(seconds(took), 8) +
          indented(text::shorten(db::mask(s.sql), longest_statement)));
    }
    if (clock::now() - drawn_ >= shortest_redraw) {
      drawn_ = clock::now();
      redraw();
    }
  }

  void rows_worked(const rows_done& done) override {
    rows_.reset();
    if (done.what.empty()) return;
    rows_ = done;
    if (!to_.live()) return say_rows();
    if (clock::now() - drawn_ < shortest_redraw) return;
    drawn_ = clock::now();
    redraw();
  }

  void step_finished(const step_result& result) override {
    const std::string why = explain_ ? result.step.why : "";
    finish_line(colour::green, "",
                result.step.skipped.empty()
                    ? padded(counted_statements(result) + " ", 16) + seconds(result.seconds)
                    : "not run: " + result.step.skipped);
    if (!why.empty()) {
      to_.say("    " + why);
    }
  }

  void step_failed(const step_info&, const error&) override {
    finish_line(colour::red, "✗ ", "failed after " + seconds(elapsed()));
  }

  void measured(const engine::revision_effects& what) override {
    clear_line();
    to_.out() << text::escape_controls(effects_text(what)) << std::flush;
  }

  void message(level how, std::string_view text) override {
    if (how == level::debug && !to_.at_least(loudness::verbose)) {
      return;
    }
    head_lines();
    clear_line();
    if (how == level::warning) {
      to_.warn(text);
    } else {
      put("    " + std::string(text));
    }
    redraw();
  }

  void waiting_for_lock(std::string_view holder, double waited) override {
    put((holder.empty() ? "waiting for another process that holds the database"
                        : "waiting for the migration lock, held by " + std::string(holder)) +
        (waited < 1 ? "" : ", " + seconds(waited)));
  }

 private:
  static std::string counted_statements(const step_result& result) {
    return result.statements > 0 ? counted(static_cast<std::size_t>(result.statements), "statement")
                                 : std::string();
  }

  /// Under the first line of a statement, which stands after its time.
  static std::string indented(std::string sql) {
    for (std::size_t at = sql.find('\n'); at != std::string::npos; at = sql.find('\n', at + 1)) {
      sql.insert(at + 1, statement_column, ' ');
    }
    return sql;
  }

  [[nodiscard]] double elapsed() const {
    return std::chrono::duration<double>(clock::now() - began_).count();
  }

  [[nodiscard]] std::string line_of(const step_info& step) const {
    return "  " + std::string(arrow(step.way)) + " " + padded(step.revision, id_width_) + "  " +
           padded(step.message, message_width);
  }

  /// The live line, as it stands now.
  void redraw() {
    if (step_.empty() || !to_.live() || !to_.at_least(loudness::normal)) {
      return;
    }
    const std::string count =
        statements_ == 0 ? "" : counted(static_cast<std::size_t>(statements_), "statement") + "  ";
    const std::string now =
        rows_ ? row_line() : text::escape_controls(step_) + "  " + count + seconds(elapsed());
    to_.err() << "\r\x1b[K" << now << std::flush;
    on_screen_ = true;
  }

  /// In the place of the message: a line that wraps cannot be rewritten.
  [[nodiscard]] std::string row_line() const {
    const std::string bar = row_bar(*rows_);
    return text::escape_controls(head_) + (bar.empty() ? "" : "  " + bar) + "  " +
           row_words(*rows_);
  }

  /// Off a terminal: a line every few seconds.
  void say_rows() {
    if (rows_->seconds < between_row_lines)
      next_row_line_ = between_row_lines;  // it has just begun
    if (rows_->seconds < next_row_line_) return;
    next_row_line_ = rows_->seconds + between_row_lines;
    head_lines();
    put("    " + rows_->what + ": " + row_words(*rows_));
  }

  void clear_line() {
    if (on_screen_) {
      to_.err() << "\r\x1b[K";
      on_screen_ = false;
    }
  }

  /// What a step says stands below its name; the line with its result follows.
  void head_lines() {
    if (step_.empty() || headed_) return;
    headed_ = true;
    put(step_.substr(0, step_.find_last_not_of(' ') + 1));
  }

  void put(const std::string& text) {
    clear_line();
    to_.say(text);
  }

  void finish_line(colour c, std::string_view mark, const std::string& text) {
    clear_line();
    if (to_.at_least(loudness::normal)) {
      to_.err() << text::escape_controls(step_) << "  " << to_.paint(c, mark) << text << '\n'
                << std::flush;
    }
    step_.clear();
  }

  const terminal& to_;
  const bool explain_;
  std::string head_;
  std::string step_;
  std::optional<rows_done> rows_;
  double next_row_line_ = between_row_lines;
  std::size_t id_width_ = 12;
  std::int64_t statements_ = 0;
  clock::time_point began_{};
  clock::time_point drawn_{};
  bool on_screen_ = false;
  bool announced_ = false;
  bool headed_ = false;
  std::function<void()> after_announcing_;
};

}  // namespace

std::unique_ptr<engine::observer> human_progress(const terminal& to, bool explain,
                                                 std::function<void()> announced) {
  return std::make_unique<human_observer>(to, explain, std::move(announced));
}

}  // namespace luamig::cli
