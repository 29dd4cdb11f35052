#include "cli/help.hpp"

#include <algorithm>

#include "cli/format.hpp"

namespace luamig::cli {
namespace {

constexpr std::string_view exit_code_table = R"(  0    done, or nothing to do
  1    a migration failed and was rolled back, or went over its limits;
       or the output could not be written
  2    the command line is wrong
  3    configuration, script or revision graph: found before anything ran; an unknown revision
  4    cannot connect, or the connection was lost
  5    the migration lock was not obtained in time
  6    a check found a difference
  7    refused: protected, needs a confirmation, or irreversible
  8    integrity: the database holds an unknown revision, or its books are damaged
  9    a durable revision stopped between its steps; those before it stay
  130  interrupted (SIGINT), 143 (SIGTERM)
)";

void line(std::string& out, const std::string& left, std::string_view right, std::size_t column) {
  const std::size_t used = width(left);
  out += "  " + left;
  out += used < column ? std::string(column - used, ' ') : "\n  " + std::string(column, ' ');
  out += right;
  out += '\n';
}

std::string spelled(const option_row& row) {
  std::string names(row.names);
  for (std::size_t at = names.find(','); at != std::string::npos; at = names.find(',', at + 2)) {
    names.replace(at, 1, ", ");
  }
  if (!row.may_be.empty()) names += "[=" + std::string(row.may_be) + "]";
  return row.value.empty() ? names : names + " " + std::string(row.value);
}

void options(std::string& out, std::span<const option_row> rows) {
  for (const option_row& row : rows) {
    line(out, spelled(row), std::string(row.help) + (row.repeated ? " (repeatable)" : ""), 26);
  }
}

}  // namespace

std::string short_help() {
  std::string out = "usage: luamig [options] <command> [arguments]\n\n";
  for (const command_row& row : commands()) {
    line(out, std::string(row.name), row.summary, 16);
  }
  out += "\nOptions, before or after the command:\n";
  options(out, global_options());
  out += "\nluamig help COMMAND says more; luamig help exit-codes what a script can rely on.\n";
  return out;
}

std::string command_help(const command_row& command) {
  std::string out = "usage: luamig " + std::string(command.name) + " [options]";
  out += command.words.empty() ? "\n" : " " + std::string(command.words) + "\n";
  out += "\n  " + std::string(command.summary) + "\n";
  if (!command.notes.empty()) {
    out += "  " + std::string(command.notes) + "\n";
  }
  if (!command.options.empty()) {
    out += "\n";
    options(out, command.options);
  }
  out += "\nOptions of every command:\n";
  options(out, global_options());
  return out;
}

std::string_view exit_codes() noexcept { return exit_code_table; }

}  // namespace luamig::cli
