#include "cli/args.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cassert>

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::cli {
namespace {

/// Marks a word such as "-1" that CLI11 would take for an option. No argument can hold it by chance
/// that matters: it is taken off again.
constexpr char not_an_option = '\x01';

bool is_negative_number(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

bool names_row(const option_row& row, std::string_view given) {
  const std::vector<std::string> names = text::split(row.names, ',');
  return std::find(names.begin(), names.end(), given) != names.end();
}

/// Whether this argument is a global option whose value is the next argument.
bool takes_next(std::string_view argument) {
  if (argument.find('=') != std::string_view::npos) {
    return false;
  }
  const bool cluster = argument.size() > 2 && argument[1] != '-';
  const std::string name = cluster ? std::string{'-', argument.back()} : std::string(argument);
  const auto rows = global_options();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const option_row& r) { return names_row(r, name); });
  if (row == rows.end() || row->value.empty()) {
    return false;
  }
  // "-cFILE" holds its value: the first letter of a cluster decides.
  return !cluster || std::none_of(rows.begin(), rows.end(), [&](const option_row& r) {
    return !r.value.empty() && names_row(r, argument.substr(0, 2));
  });
}

/// Where the command's name stands, or the end.
std::size_t command_place(const std::vector<std::string>& line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i].size() < 2 || line[i][0] != '-' || is_negative_number(line[i])) {
      return i;
    }
    if (takes_next(line[i])) {
      ++i;
    }
  }
  return line.size();
}

/// The option of some command that has this name and a value, or null.
const option_row* own_option(std::string_view name) {
  for (const command_row& command : commands()) {
    for (const option_row& row : command.options) {
      if (!row.value.empty() && names_row(row, name)) return &row;
    }
  }
  return nullptr;
}

/// Before the command nobody can tell such an option's value from the command.
void check_before_command(const std::vector<std::string>& line, std::size_t place) {
  for (std::size_t i = 0; i < place; ++i) {
    const auto rows = global_options();
    if (std::any_of(rows.begin(), rows.end(), [&](auto& r) { return names_row(r, line[i]); })) {
      i += takes_next(line[i]) ? 1 : 0;
    } else if (const option_row* row = own_option(line[i])) {
      throw error{errc::usage, "'" + line[i] + "' belongs to a command, and stands behind its name",
                  "luamig COMMAND " + line[i] + " " + std::string(row->value)};
    }
  }
}

std::string help_hint(const command_row* command) {
  return command == nullptr ? "luamig help" : "luamig help " + std::string(command->name);
}

[[noreturn]] void refuse_option(const std::string& option, const command_row* command) {
  const std::string name = option.substr(0, option.find('='));
  std::vector<std::string> known;
  for (const auto& rows :
       {global_options(), command == nullptr ? std::span<const option_row>{} : command->options}) {
    for (const option_row& row : rows) {
      const std::vector<std::string> names = text::split(row.names, ',');
      known.insert(known.end(), names.begin(), names.end());
    }
  }
  // One letter is near every other.
  const std::string near = name.starts_with("--") ? text::did_you_mean(name, known) : "";
  throw error{errc::usage, "unknown option '" + name + "'" + near, help_hint(command)};
}

std::string dashed(const option_row& row) {
  const std::string name(long_name(row));
  return (name.size() == 1 ? "-" : "--") + name;
}

/// The line ends with an option whose value is missing: that is all that CLI11 is left to refuse.
[[noreturn]] void refuse_end(const std::string& last, const command_row* command) {
  const std::string given = last.substr(0, last.find('='));
  const bool cluster = given.size() > 2 && given[1] != '-';
  const std::string name = cluster ? std::string{'-', given.back()} : given;
  for (const auto& rows :
       {global_options(), command == nullptr ? std::span<const option_row>{} : command->options}) {
    for (const option_row& row : rows) {
      if (names_row(row, name)) {
        throw error{errc::usage, dashed(row) + " needs a value: " + std::string(row.value),
                    help_hint(command)};
      }
    }
  }
  throw error{errc::usage, "'" + last + "' is not understood", help_hint(command)};
}

/// Whether a flag may be given this value.
bool takes(const option_row& row, std::string_view value) {
  const std::vector<std::string> known = text::split(row.may_be, '|');
  return !row.may_be.empty() && std::find(known.begin(), known.end(), value) != known.end();
}

/// A flag was given a value, or an option several.
void check_values(const option_row& row, const std::vector<std::string>& values,
                  const command_row* command) {
  const bool flag = row.value.empty();
  const bool wrong = flag && std::any_of(values.begin(), values.end(), [&](const std::string& v) {
                       return v != "true" && !takes(row, v);
                     });
  if (wrong) {
    throw error{errc::usage,
                dashed(row) +
                    (row.may_be.empty()
                         ? " takes no value"
                         : " takes no value but " +
                               text::in_quotes(text::join(text::split(row.may_be, '|'), "' or '"))),
                help_hint(command)};
  }
  if (!flag && !row.repeated && values.size() > 1) {
    throw error{
        errc::usage,
        dashed(row) + " is given " + std::to_string(values.size()) + " times, and takes one value",
        help_hint(command)};
  }
}

/// One CLI11 option for each row, in the order of the rows.
std::vector<CLI::Option*> declare(CLI::App& app, std::span<const option_row> rows) {
  std::vector<CLI::Option*> options;
  for (const option_row& row : rows) {
    if (row.value.empty()) {
      options.push_back(app.add_flag(std::string(row.names)));
    } else {
      options.push_back(app.add_option(std::string(row.names)));
    }
    // So that nothing is refused there: check_values says it in words of ours.
    options.back()->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  return options;
}

void collect(arguments& into, std::span<const option_row> rows,
             const std::vector<CLI::Option*>& options) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (options[i]->count() == 0) {
      continue;
    }
    std::vector<std::string> values = options[i]->results();
    if (rows[i].value.empty()) values.resize(options[i]->count(), "true");
    check_values(rows[i], values, into.command);
    for (std::string& value : values) {
      if (value.starts_with(not_an_option)) {
        value.erase(0, 1);
      }
    }
    for (std::string& value : values) {
      if (rows[i].value.empty() && !takes(rows[i], value)) value.clear();
    }
    into.given.emplace(long_name(rows[i]), std::move(values));
  }
}

/// The arguments as CLI11 wants them: the last one first, numbers marked.
std::vector<std::string> reversed(const std::vector<std::string>& line, std::size_t without) {
  std::vector<std::string> result;
  for (std::size_t i = line.size(); i-- > 0;) {
    if (i != without) {
      result.push_back(is_negative_number(line[i]) ? not_an_option + line[i] : line[i]);
    }
  }
  return result;
}

void take_words(arguments& into, const std::vector<std::string>& rest) {
  bool only_words = false;
  for (const std::string& word : rest) {
    if (!only_words && word == "--") {
      only_words = true;
    } else if (!only_words && word.size() > 1 && word[0] == '-') {
      refuse_option(word, into.command);
    } else {
      into.words.push_back(word.starts_with(not_an_option) ? word.substr(1) : word);
    }
  }
}

void check_words(const arguments& args) {
  const command_row& command = *args.command;
  if (args.words.size() > command.max_words) {
    throw error{errc::usage,
                "unexpected argument '" + args.words[command.max_words] + "' of " +
                    std::string(command.name),
                help_hint(&command)};
  }
  if (args.words.size() < command.min_words) {
    throw error{errc::usage, std::string(command.name) + " needs " + std::string(command.words),
                help_hint(&command)};
  }
}

}  // namespace

std::size_t arguments::count(std::string_view option) const {
  const auto found = given.find(option);
  return found == given.end() ? 0 : found->second.size();
}

std::optional<std::string> arguments::value(std::string_view option) const {
  const auto found = given.find(option);
  return found == given.end() ? std::nullopt : std::optional(found->second.back());
}

std::vector<std::string> arguments::values(std::string_view option) const {
  const auto found = given.find(option);
  return found == given.end() ? std::vector<std::string>{} : found->second;
}

std::string arguments::word(std::size_t index, std::string_view otherwise) const {
  return index < words.size() ? words[index] : std::string(otherwise);
}

arguments parse(const std::vector<std::string>& line) {
  arguments args;
  const std::size_t place = command_place(line);
  check_before_command(line, place);
  if (place < line.size()) {
    args.command = &require_command(line[place]);
  }
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const std::span<const option_row> own =
      args.command == nullptr ? std::span<const option_row>{} : args.command->options;
  const auto global_parsed = declare(app, global_options());
  const auto own_parsed = declare(app, own);
  try {
    app.parse(reversed(line, place));
  } catch (const CLI::ParseError&) {  // the edge of the library
    refuse_end(line.empty() ? "" : line.back(), args.command);
  }
  collect(args, global_options(), global_parsed);
  collect(args, own, own_parsed);
  take_words(args, app.remaining());
  if (args.command != nullptr && !args.has("help") && !args.has("version")) {
    check_words(args);
  }
  return args;
}

config::overrides overrides_of(const arguments& args) {
  config::overrides flags;
  flags.config_file = args.value("config");
  flags.env_name = args.value("env");
  flags.url = args.value("url");
  flags.x = args.values("x");
  flags.lock_wait = args.value("lock-wait");
  flags.statement_timeout = args.value("statement-timeout");
  flags.sandbox = args.value("sandbox");
  flags.dry_run = args.has("dry-run") || args.has("measure");
  return flags;
}

}  // namespace luamig::cli
