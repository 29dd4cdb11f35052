#include "cli/terminal.hpp"

#include <istream>
#include <ostream>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/mask.hpp"

namespace luamig::cli {
namespace {

loudness loudness_of(const arguments& args) {
  if (args.has("quiet")) {
    return loudness::quiet;
  }
  switch (args.count("verbose")) {
    case 0:
      return loudness::normal;
    case 1:
      return loudness::verbose;
    default:
      return loudness::every_statement;
  }
}

bool is_set(const config::environment& env, const std::string& name) {
  const auto found = env.find(name);
  return found != env.end() && !found->second.empty();
}

bool is_dumb(const config::environment& env) {
  const auto term = env.find("TERM");
  return term != env.end() && term->second == "dumb";
}

bool wants_colour(const std::string& when, const services& with) {
  if (when == "always" || when == "never") {
    return when == "always";
  }
  if (when != "auto") {
    throw error{errc::usage, "--color is auto, always or never, not '" + when + "'", "luamig help"};
  }
  if (is_set(with.env, "NO_COLOR")) {
    return false;
  }
  const auto force = with.env.find("CLICOLOR_FORCE");
  if (force != with.env.end() && !force->second.empty() && force->second != "0") {
    return true;
  }
  return with.err_is_terminal && !is_dumb(with.env);
}

std::string_view code(colour c) {
  switch (c) {
    case colour::red:
      return "\x1b[1;31m";
    case colour::green:
      return "\x1b[32m";
    case colour::yellow:
      return "\x1b[33m";
    case colour::dim:
      return "\x1b[2m";
    case colour::none:
      break;
  }
  return "";
}

}  // namespace

terminal::terminal(const arguments& args, const services& with)
    : with_(with),
      loud_(loudness_of(args)),
      dumb_(is_dumb(with.env)),
      coloured_(wants_colour(args.value("color").value_or("auto"), with)),
      yes_(args.has("yes")),
      may_ask_(with.in_is_terminal && with.err_is_terminal && !args.has("no-input")) {}

void terminal::raise_to(loudness l) noexcept {
  if (loud_ != loudness::quiet && loud_ < l) {
    loud_ = l;
  }
}

void terminal::head(std::string out_heading, std::string err_heading) {
  out_heading_ = std::move(out_heading);
  err_heading_ = std::move(err_heading);
}

void terminal::flush() const { *with_.out << std::flush; }

std::ostream& terminal::headed(std::ostream& stream, std::string& heading,
                               std::string& other) const {
  if (!heading.empty()) {
    stream << std::exchange(heading, "") << '\n' << std::flush;
    if (with_.one_place) {
      other.clear();
    }
  }
  return stream;
}

std::string terminal::paint(colour c, std::string_view text) const {
  if (!coloured_ || c == colour::none || text.empty()) {
    return std::string(text);
  }
  return std::string(code(c)) + std::string(text) + "\x1b[0m";
}

void terminal::say(std::string_view line) const {
  if (at_least(loudness::normal)) {
    err() << text::escape_controls(db::mask(line)) << '\n' << std::flush;
  }
}

void terminal::warn(std::string_view text) const {
  if (at_least(loudness::normal)) {
    err() << paint(colour::yellow, "warning:") << ' ' << text::escape_controls(db::mask(text))
          << '\n'
          << std::flush;
  }
}

void terminal::confirm(const std::string& question) const {
  if (yes_) {
    return;
  }
  if (!may_ask_) {
    throw error{errc::refused, question + " was not confirmed", "add --yes"};
  }
  err() << text::escape_controls(question) << "? Type yes to go on: " << std::flush;
  std::string answer;
  std::getline(*with_.in, answer);
  if (text::lower_ascii(text::trim(answer)) != "yes") {
    throw error{errc::refused, question + " was not confirmed"};
  }
}

std::optional<bool> terminal::ask(const std::string& question) const {
  if (yes_ || !may_ask_) return std::nullopt;
  err() << text::escape_controls(question) << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(*with_.in, answer);
  const std::string said = text::lower_ascii(text::trim(answer));
  return said == "y" || said == "yes";
}

}  // namespace luamig::cli
