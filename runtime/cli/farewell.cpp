#include "cli/farewell.hpp"

#include <unistd.h>

#include <charconv>
#include <sstream>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "cli/json_line.hpp"

namespace luamig::cli {
namespace {

constexpr std::string_view state = "the database rolls back what was not committed";
constexpr std::string_view next = "luamig current";
constexpr char place_mark = '\x03';

void put(int stream, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t went = ::write(stream, text.data(), text.size());
    if (went <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(went));
  }
}

void put(int stream, long number) noexcept {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  put(stream, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

/// A line with a mark for what is a number then.
std::string line_of(json_value object, const std::string& env) {
  std::ostringstream line;
  print_line(line, env, std::move(object));
  std::string text = line.str();
  for (const auto& [quoted, mark] : {std::pair{R"("\u0001")", farewell::exit_mark},
                                     {R"("\u0002")", farewell::seconds_mark},
                                     {R"(\u0004)", farewell::code_mark},
                                     {R"(\u0006)", farewell::error_mark},
                                     {R"("file":"\u0003","line":null)", place_mark}}) {
    if (const auto at = text.find(quoted); at != std::string::npos) {
      text.replace(at, std::string_view(quoted).size(), 1, mark);
    }
  }
  return text;
}

class keeper final : public engine::observer {
 public:
  keeper(farewell& words, std::unique_ptr<engine::observer> to, int stream, bool json,
         std::string env)
      : words_(words),
        to_(std::move(to)),
        stream_(stream),
        json_(json),
        env_(std::move(env)),
        began_(std::time(nullptr)) {
    compose(nullptr);
  }

  void run_started(const run_info& run) override {
    plan_ = run.plan;
    reverted_ = std::exchange(applied_, {});
    to_->run_started(run);
  }

  void step_started(const step_info& step) override {
    if (step.index == 1 && plan_ != nullptr) rows_ = plan_->rows_before;
    compose(&step);
    to_->step_started(step);
  }

  void step_finished(const step_result& result) override {
    const bool repeats = result.step.way == graph::direction::repeat;
    (repeats ? repeated_ : applied_).push_back(result.step.revision);
    if (plan_ != nullptr && result.step.index <= plan_->steps.size()) {
      rows_ = graph::edited(std::move(rows_), plan_->steps[result.step.index - 1].edit);
    }
    to_->step_finished(result);
  }

  void step_failed(const step_info& step, const error& why) override {
    to_->step_failed(step, why);
  }

  void statement_ran(const engine::statement& s, double seconds) override {
    if (s.line != line_ || s.file != file_) {
      file_ = s.file;
      line_ = s.line;
      keep();
    }
    to_->statement_ran(s, seconds);
  }

  void measured(const engine::revision_effects& done) override { to_->measured(done); }

  void rows_worked(const rows_done& done) override { to_->rows_worked(done); }

  void message(level how, std::string_view text) override { to_->message(how, text); }

  void waiting_for_lock(std::string_view holder, double seconds) override {
    to_->waiting_for_lock(holder, seconds);
  }

 private:
  void compose(const step_info* step) {
    file_.clear();
    line_ = 0;
    text_ = json_ ? events(step) : lines(step);
    keep();
  }

  [[nodiscard]] static std::string lines(const step_info* step) {
    const std::string who = step == nullptr ? "the run" : "revision " + step->revision;
    return "\nerror: " + text::escape_controls(who) + " " + farewell::verb_mark + "\n" +
           place_mark + "  error   " + farewell::error_mark + "\n  state   " + std::string(state) +
           "\n  next    " + std::string(next) + "\n";
  }

  [[nodiscard]] std::string events(const step_info* step) const {
    const json_value revision = step == nullptr ? json_value() : json_value(step->revision);
    const std::string failure = line_of({{"event", "error"},
                                         {"code", "\x04"},
                                         {"exit", "\x01"},
                                         {"message", "\x06"},
                                         {"revision", revision},
                                         {"file", "\x03"},
                                         {"line", nullptr},
                                         {"sql", nullptr},
                                         {"sqlstate", nullptr},
                                         {"state", state},
                                         {"next", next}},
                                        env_);
    return step == nullptr ? failure : failure + end_of(*step);
  }

  [[nodiscard]] std::string end_of(const step_info& step) const {
    json_value pending = json_value::array();
    for (std::size_t i = step.index; plan_ != nullptr && i <= plan_->steps.size(); ++i) {
      pending.push_back(plan_->steps[i - 1].revision);
    }
    json_value object{{"event", "end"},        {"exit", "\x01"},          {"applied", applied_},
                      {"repeated", repeated_}, {"failed", step.revision}, {"pending", pending},
                      {"heads", rows_},        {"seconds", "\x02"}};
    if (!reverted_.empty()) object["reverted"] = reverted_;
    return line_of(std::move(object), env_);
  }

  [[nodiscard]] std::string place() const {
    if (json_) {
      const json_value file = line_ > 0 ? json_value(file_) : json_value();
      return "\"file\":" + file.dump(-1, ' ', false, json_value::error_handler_t::replace) +
             ",\"line\":" + (line_ > 0 ? std::to_string(line_) : "null");
    }
    if (line_ <= 0) return "";
    return "  --> " + text::escape_controls(file_) + ":" + std::to_string(line_) +
           " was the last statement\n";
  }

  void keep() const {
    std::string text = text_;
    if (const auto at = text.find(place_mark); at != std::string::npos) {
      text.replace(at, 1, place());
    }
    words_.keep(stream_, std::move(text), began_);
  }

  farewell& words_;
  std::unique_ptr<engine::observer> to_;
  const int stream_;
  const bool json_;
  const std::string env_;
  const std::time_t began_;
  const graph::plan* plan_ = nullptr;
  std::vector<std::string> applied_;
  std::vector<std::string> repeated_;
  std::vector<std::string> reverted_;
  std::vector<std::string> rows_;
  std::string text_;
  std::string file_;
  int line_ = 0;
};

}  // namespace

void farewell::keep(int stream, std::string text, std::time_t began) {
  const int other = 1 - current_.load();
  both_[static_cast<std::size_t>(other)] = {stream, std::move(text), began};
  current_.store(other);
}

bool farewell::say(const ending& how) const noexcept {
  const words& now = both_[static_cast<std::size_t>(current_.load())];
  std::string_view rest = now.text;
  while (!rest.empty()) {
    const std::size_t plain = rest.find_first_of("\x01\x02\x04\x05\x06");
    put(now.stream, rest.substr(0, plain));
    if (plain == std::string_view::npos) break;
    switch (rest[plain]) {
      case exit_mark:
        put(now.stream, long{how.exit});
        break;
      case seconds_mark:
        put(now.stream, long{std::time(nullptr) - now.began});
        break;
      default:
        put(now.stream, rest[plain] == code_mark   ? how.code
                        : rest[plain] == verb_mark ? how.verb
                                                   : how.error);
    }
    rest.remove_prefix(plain + 1);
  }
  return !now.text.empty();
}

std::unique_ptr<engine::observer> keep_farewell(farewell& words,
                                                std::unique_ptr<engine::observer> to, int stream,
                                                bool json, std::string env) {
  return std::make_unique<keeper>(words, std::move(to), stream, json, std::move(env));
}

}  // namespace luamig::cli
