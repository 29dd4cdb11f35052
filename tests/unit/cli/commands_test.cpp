#include <doctest/doctest.h>

#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/help.hpp"

using namespace luamig::cli;

TEST_CASE("commands: no command takes an option name that a global option has") {
  std::set<std::string> global;
  for (const option_row& row : global_options()) {
    for (const std::string& name : luamig::text::split(row.names, ',')) {
      CHECK(global.insert(name).second);
    }
  }
  for (const command_row& command : commands()) {
    std::set<std::string> names = global;
    for (const option_row& row : command.options) {
      for (const std::string& name : luamig::text::split(row.names, ',')) {
        CHECK_MESSAGE(names.insert(name).second, command.name << " " << name);
      }
    }
  }
}

TEST_CASE("commands: an option is known by its first long name") {
  CHECK(long_name({"-m,--message", "TEXT", ""}) == "message");
  CHECK(long_name({"-n,--env,--name", "NAME", ""}) == "env");
  CHECK(long_name({"-x", "KEY", ""}) == "x");
}

TEST_CASE("help: names every command, and every option of one") {
  const std::string text = short_help();
  for (const command_row& command : commands()) {
    CHECK(text.find("\n  " + std::string(command.name) + " ") != std::string::npos);
    const std::string own = command_help(command);
    for (const option_row& row : command.options) {
      CHECK(own.find("--" + std::string(long_name(row))) != std::string::npos);
    }
  }
}

TEST_CASE("help: no line is wider than 100 characters") {
  for (const command_row& command : commands()) {
    for (const std::string& line : luamig::text::split(command_help(command), '\n')) {
      CHECK(line.size() <= 104);  // bytes: "…" is three
    }
  }
}

TEST_CASE("completion: each shell's script names every command") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string text = completion(shell);
    for (const command_row& command : commands()) {
      CHECK(text.find(command.name) != std::string::npos);
    }
  }
}

TEST_CASE("completion: another shell is a usage error") {
  CHECK_THROWS_AS((void)completion("tcsh"), luamig::error);
}
