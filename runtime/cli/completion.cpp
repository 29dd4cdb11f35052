#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/help.hpp"

namespace luamig::cli {
namespace {

/// "-m --message", for a list of words.
std::string option_words(std::span<const option_row> rows) {
  std::string words;
  for (const option_row& row : rows) {
    for (const std::string& name : text::split(row.names, ',')) {
      words += (words.empty() ? "" : " ") + name;
    }
  }
  return words;
}

std::string command_words() {
  std::string words;
  for (const command_row& row : commands()) {
    words += (words.empty() ? "" : " ") + std::string(row.name);
  }
  return words;
}

/// Whether its arguments are revisions.
bool takes_revisions(const command_row& row) {
  return row.words.find("REV") != std::string_view::npos ||
         row.words.find("TARGET") != std::string_view::npos;
}

/// A shell command that prints the ids of all revisions. The URL is there so that none is looked
/// for: url_command may take its time. Only the first arrow of a line is history's own.
constexpr std::string_view list_revisions =
    "luamig -q -u sqlite:// history 2>/dev/null | "
    "awk '{ for (i = 1; i < NF; i++) if ($i == \"->\") "
    "{ sub(/,$/, \"\", $(i + 1)); print $(i + 1); next } }'";

std::string bash() {
  std::string out =
      "# luamig completion for bash: source <(luamig completion bash)\n"
      "_luamig() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} command= i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${COMP_WORDS[i]} in\n"
      "      -*) ;;\n"
      "      *) [[ \" $(_luamig_commands) \" == *\" ${COMP_WORDS[i]} \"* ]] &&\n"
      "           command=${COMP_WORDS[i]} && break ;;\n"
      "    esac\n"
      "  done\n"
      "  local words\n"
      "  case $command in\n"
      "    '') words=$(_luamig_commands) ;;\n";
  for (const command_row& row : commands()) {
    out += "    " + std::string(row.name) + ") words=\"" + option_words(row.options) +
           (takes_revisions(row) ? " $(_luamig_revisions)" : "") + "\" ;;\n";
  }
  out += "  esac\n  words+=\" " + option_words(global_options()) + "\"\n";
  out +=
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "}\n"
      "_luamig_commands() { echo \"" +
      command_words() +
      "\"; }\n"
      "_luamig_revisions() { " +
      std::string(list_revisions) +
      "; }\n"
      "complete -o default -F _luamig luamig\n";
  return out;
}

/// In single quotes for a shell.
std::string in_quotes(std::string_view s) {
  std::string out = "'";
  for (const char c : s) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

std::string zsh() {
  std::string out =
      "#compdef luamig\n"
      "# luamig completion for zsh: luamig completion zsh > \"${fpath[1]}/_luamig\"\n"
      "_luamig() {\n"
      "  local -a commands=(\n";
  for (const command_row& row : commands()) {
    out += "    " + in_quotes(std::string(row.name) + ":" + std::string(row.summary)) + "\n";
  }
  out += "  )\n  local -a options=(" + option_words(global_options()) + ")\n";
  out +=
      "  local word command\n"
      "  for word in ${words[2,CURRENT-1]}; do\n"
      "    (( ${commands[(I)${word}:*]} )) && command=$word && break\n"
      "  done\n"
      "  case $command in\n"
      "    '') _describe command commands ;;\n";
  for (const command_row& row : commands()) {
    out += "    " + std::string(row.name) + ") options+=(" + option_words(row.options) +
           (takes_revisions(row) ? " $(_luamig_revisions)" : "") + ") ;;\n";
  }
  out +=
      "  esac\n"
      "  compadd -- $options\n"
      "  _files\n"
      "}\n"
      "_luamig_revisions() { " +
      std::string(list_revisions) +
      "; }\n"
      "_luamig \"$@\"\n";
  return out;
}

std::string fish_option(const option_row& row, std::string_view condition) {
  std::string out = "complete -c luamig " + std::string(condition);
  for (const std::string& name : text::split(row.names, ',')) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return out + (row.value.empty() ? "" : " -r") + " -d " + in_quotes(row.help) + "\n";
}

std::string fish() {
  std::string out = "# luamig completion for fish: luamig completion fish | source\n";
  out += "function __luamig_revisions\n  " + std::string(list_revisions) + "\nend\n";
  for (const command_row& row : commands()) {
    const std::string name(row.name);
    out += "complete -c luamig -n __fish_use_subcommand -f -a " + name + " -d " +
           in_quotes(row.summary) + "\n";
    if (takes_revisions(row)) {
      out += "complete -c luamig -n '__fish_seen_subcommand_from " + name +
             "' -a '(__luamig_revisions)'\n";
    }
    for (const option_row& option : row.options) {
      out += fish_option(option, "-n '__fish_seen_subcommand_from " + name + "'");
    }
  }
  for (const option_row& option : global_options()) {
    out += fish_option(option, "");
  }
  return out;
}

}  // namespace

std::string completion(std::string_view shell) {
  if (shell == "bash") {
    return bash();
  }
  if (shell == "zsh") {
    return zsh();
  }
  if (shell == "fish") {
    return fish();
  }
  throw error{errc::usage, "unknown shell '" + std::string(shell) + "'", "bash, zsh or fish"};
}

}  // namespace luamig::cli
