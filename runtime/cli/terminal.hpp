#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/args.hpp"
#include "cli/program.hpp"

namespace luamig::cli {

enum class colour { none, red, green, yellow, dim };

/// How talkative the messages are.
enum class loudness { quiet, normal, verbose, every_statement };

/// The person at the other end, if there is one: where words go, in which colours, and whether a
/// question can be asked.
class terminal {
 public:
  /// Throws error{errc::usage} for a --color that is none.
  terminal(const arguments& args, const services& with);

  [[nodiscard]] std::ostream& out() const { return headed(*with_.out, out_heading_, err_heading_); }
  /// What was printed on `out` before is out before it.
  [[nodiscard]] std::ostream& err() const {
    flush();
    return headed(*with_.err, err_heading_, out_heading_);
  }
  /// A line before the first one of each stream, once where both end in one place; "": none.
  void head(std::string out_heading, std::string err_heading);
  /// What was printed so far is out.
  void flush() const;
  [[nodiscard]] loudness loud() const noexcept { return loud_; }
  /// More talkative than the command line says, but for -q.
  void raise_to(loudness l) noexcept;
  [[nodiscard]] bool at_least(loudness l) const noexcept { return loud_ >= l; }
  /// Messages may rewrite their own line.
  [[nodiscard]] bool live() const noexcept { return with_.err_is_terminal && !dumb_; }

  /// The text in this colour, where stderr is coloured.
  [[nodiscard]] std::string paint(colour c, std::string_view text) const;

  /// Prints a line on stderr unless quiet.
  void say(std::string_view line) const;
  void warn(std::string_view text) const;

  /// Returns when the answer is yes: --yes, or a person who typed it. Throws error{errc::refused}
  /// for any other answer, and where nobody can be asked (hint: --yes).
  void confirm(const std::string& question) const;

  /// The answer of a person to "… [y/N]"; nothing where nobody can be asked, or --yes says that
  /// nobody is to be.
  [[nodiscard]] std::optional<bool> ask(const std::string& question) const;

 private:
  std::ostream& headed(std::ostream& stream, std::string& heading, std::string& other) const;

  const services& with_;
  mutable std::string out_heading_;  // until it is printed
  mutable std::string err_heading_;
  loudness loud_ = loudness::normal;
  bool dumb_ = false;
  bool coloured_ = false;
  bool yes_ = false;
  bool may_ask_ = false;
};

}  // namespace luamig::cli
