#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/run.hpp"
#include "cli/entry_lines.hpp"
#include "cli/exit_status.hpp"
#include "cli/render_error.hpp"
#include "db/mask.hpp"
#include "engine/shell.hpp"

namespace luamig::cli {
namespace {

constexpr std::string_view help_text =
    "An entry is Lua: an expression, whose value is shown, or statements. It may have several\n"
    "lines. op, db, sql and the other words of a migration are there:\n"
    "\n"
    "  db:all(\"SELECT id, name FROM people\")\n"
    "  op.add_column(\"people\", sql.column(\"born\", sql.date))\n"
    "\n"
    "What entries change is one transaction, and an entry that fails is undone alone.\n"
    "\n"
    "  \\commit     keeps what was changed\n"
    "  \\rollback   undoes it\n"
    "  \\quit       ends the shell, as the end of the input does\n"
    "  \\help       shows this\n";

constexpr std::array words{"\\commit", "\\rollback", "\\quit", "\\help"};

/// What one run of the command knows.
class conversation {
 public:
  conversation(context& in, engine::shell& with)
      : in_(in), with_(with), from_(in.with, in.person) {}

  /// Takes entries to the end. Returns the exit status.
  int run() {
    if (from_.has_person()) {
      in_.person.say("luamig " + std::string(version) + " · " + in_.here.where().shown);
      in_.person.say("\\help says what can be typed, \\quit ends");
    }
    while (!over_) take_line();
    return status_;
  }

 private:
  void take_line() {
    std::string line;
    switch (from_.next(prompt(), line)) {
      case entry_lines::came::line:
        return take(line);
      case entry_lines::came::end:
        return end();
      case entry_lines::came::signal:
        return hear_signal();
      case entry_lines::came::too_long:
        return refuse_length();
    }
  }

  [[nodiscard]] std::string prompt() const {
    if (!entry_.empty()) return "     -> ";
    return with_.has_changes() ? "luamig*> " : "luamig> ";
  }

  void take(const std::string& line) {
    const std::string_view said = text::trim(line);
    if (entry_.empty() && said.empty()) return;
    if (entry_.empty() && said.front() == '\\') return obey(said);
    entry_ += line + "\n";
    if (entry_.size() > longest_entry || ++lines_ > most_lines_of_entry) return refuse_length();
    enter(false);
  }

  void enter(bool last) {
    const std::string name = "entry " + std::to_string(number_);
    try {
      const auto shown = with_.enter({entry_, name, last});
      if (!shown) return;
      show(*shown);
    } catch (error& e) {
      failed(e);
    }
    forget_entry();
    ++number_;
  }

  void forget_entry() {
    entry_.clear();
    lines_ = 0;
    if (in_.with.take_up_again) in_.with.take_up_again();
  }

  void show(const std::string& text) const {
    if (text.empty()) return;
    for (const std::string& line : text::split(db::mask(text), '\n')) {
      in_.person.out() << text::escape_controls(line) << '\n';
    }
    in_.person.flush();
  }

  void failed(error& e) {
    if (e.code == errc::interrupted) e.hint.clear();
    show_error(e);
    if (from_.has_person()) return;
    failed_ = true;
    if (status_ == 0) status_ = exit_of(e);
    // Whoever has sent the input has sent the signal too.
    if (e.code == errc::interrupted) over_ = true, roll_back_at_end();
  }

  void show_error(const error& e) { render_human(e, in_.here.known_migrations(), in_.person); }

  void obey(std::string_view word) {
    if (word == "\\help") {
      in_.person.out() << help_text << std::flush;
    } else if (word == "\\commit") {
      commit();
    } else if (word == "\\rollback") {
      const bool had = with_.has_changes();
      with_.rollback();
      failed_ = false;
      in_.person.say(had ? "rolled back" : "nothing to roll back");
    } else if (word == "\\quit") {
      end();
    } else {
      const std::vector<std::string> known(words.begin(), words.end());
      error e(errc::usage,
              "unknown word '" + text::shorten(std::string(word), 40) + "'" +
                  text::did_you_mean(word, known),
              "\\help");
      failed(e);
    }
  }

  void commit() {
    try {
      if (!with_.has_changes()) return in_.person.say("nothing to commit");
      if (failed_) {
        throw error{errc::refused,
                    "not committed: an entry before this one has failed, and nobody saw it",
                    "\\rollback undoes the others"};
      }
      with_.commit();
      in_.person.say("committed");
    } catch (error& e) {
      failed(e);
    }
  }

  void end() {
    if (!entry_.empty()) enter(true);
    over_ = true;
    if (!with_.has_changes() || in_.args.has("dry-run")) return;
    if (from_.has_person() && in_.person.ask("commit what was changed").value_or(false)) {
      return commit();
    }
    roll_back_at_end();
  }

  void roll_back_at_end() {
    if (!with_.has_changes()) return;
    with_.rollback();
    in_.person.warn("rolled back what was not committed");
  }

  /// At the prompt a person gives up what was typed; anything else is the end.
  void hear_signal() {
    const int signal = in_.with.stop->requested();
    entry_.clear();
    if (signal == interrupt_signal && from_.has_person()) return forget_entry();
    over_ = true;
    roll_back_at_end();
    status_ = 128 + signal;
  }

  /// Where an entry that was cut ends nobody can know.
  void refuse_length() {
    error e(errc::usage,
            "an entry may have " + std::to_string(longest_entry / 1024) + " KB and " +
                std::to_string(most_lines_of_entry) + " lines: it was not run",
            "luamig run FILE takes a longer script");
    failed(e);
    forget_entry();
    if (from_.has_person()) return;
    over_ = true;
    roll_back_at_end();
  }

  static constexpr int interrupt_signal = 2;

  context& in_;
  engine::shell& with_;
  entry_lines from_;
  std::string entry_;
  std::size_t lines_ = 0;
  int number_ = 1;
  int status_ = 0;
  bool failed_ = false;  // an entry that nobody has seen, since the last commit or rollback
  bool over_ = false;
};

}  // namespace

report run_shell(context& in) {
  if (in.args.has("json")) {
    throw error{errc::usage, "a shell speaks to people: it has no --json",
                "luamig run FILE --json runs a script"};
  }
  const engine::run_options options = loose_options(in);
  engine::shell shell(options, in.here.scripts(), in.here.host(), in.watching);
  conversation with(in, shell);
  report result;
  result.exit = with.run();
  shell.end();
  result.body = done_report{"shell", in.args.has("dry-run") ? "dry run: nothing was changed" : ""};
  return result;
}

}  // namespace luamig::cli
