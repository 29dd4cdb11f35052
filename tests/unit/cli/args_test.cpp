#include "cli/args.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using luamig::errc;
using luamig::error;
using luamig::cli::arguments;
using luamig::cli::parse;

namespace {

error usage_error_of(const std::vector<std::string>& line) {
  try {
    (void)parse(line);
  } catch (const error& problem) {
    return problem;
  }
  FAIL("no error");
  return {errc::usage, ""};
}

}  // namespace

TEST_CASE("args: the first word is the command") {
  const arguments args = parse({"upgrade", "head"});
  CHECK(args.command->name == "upgrade");
  CHECK(args.words == std::vector<std::string>{"head"});
}

TEST_CASE("args: an empty line has no command") { CHECK(parse({}).command == nullptr); }

TEST_CASE("args: negative numbers and ranges that begin with one are words") {
  CHECK(parse({"downgrade", "-1"}).words == std::vector<std::string>{"-1"});
  CHECK(parse({"downgrade", "-12"}).words == std::vector<std::string>{"-12"});
  CHECK(parse({"upgrade", "+1"}).words == std::vector<std::string>{"+1"});
  CHECK(parse({"history", "-r", "-3:current"}).value("rev-range") == "-3:current");
  CHECK(parse({"history", "-r-3:current"}).value("rev-range") == "-3:current");
}

TEST_CASE("args: global options stand before or after the command") {
  for (const auto& line : {std::vector<std::string>{"-x", "a=1", "-x", "b", "upgrade", "head"},
                           std::vector<std::string>{"upgrade", "-x", "a=1", "head", "-x", "b"},
                           std::vector<std::string>{"-xa=1", "upgrade", "head", "-xb"}}) {
    const arguments args = parse(line);
    CHECK(args.command->name == "upgrade");
    CHECK(args.values("x") == std::vector<std::string>{"a=1", "b"});
    CHECK(args.words == std::vector<std::string>{"head"});
  }
}

TEST_CASE("args: the value of a global option is not taken for the command") {
  CHECK(parse({"--url", "heads", "current"}).command->name == "current");
  CHECK(parse({"--url=heads", "current"}).command->name == "current");
  CHECK(parse({"-vc", "heads", "current"}).value("config") == "heads");
}

TEST_CASE("args: --name is --env") {
  CHECK(parse({"--name", "production", "current"}).value("env") == "production");
  CHECK(parse({"-n", "production", "current"}).value("env") == "production");
}

TEST_CASE("args: -v counts") {
  CHECK(parse({"current"}).count("verbose") == 0);
  CHECK(parse({"current", "-v"}).count("verbose") == 1);
  CHECK(parse({"current", "-vv"}).count("verbose") == 2);
  CHECK(parse({"-v", "current", "--verbose"}).count("verbose") == 2);
}

TEST_CASE("args: options of a command mix with its words in any order") {
  const arguments after = parse({"merge", "heads", "-m", "join"});
  const arguments before = parse({"merge", "-m", "join", "ab12", "cd34"});
  CHECK(after.words == std::vector<std::string>{"heads"});
  CHECK(before.words == std::vector<std::string>{"ab12", "cd34"});
  CHECK(after.value("message") == "join");
  CHECK(before.value("message") == "join");
}

TEST_CASE("args: a message may look like an option") {
  CHECK(parse({"revision", "-m", "-1 is no option"}).value("message") == "-1 is no option");
  CHECK(parse({"revision", "-m", "--drop"}).value("message") == "--drop");
}

TEST_CASE("args: repeated options keep their order") {
  CHECK(parse({"revision", "--depends-on", "a", "--depends-on=b"}).values("depends-on") ==
        std::vector<std::string>{"a", "b"});
}

TEST_CASE("args: a repeated option takes one value and leaves the next word") {
  const arguments args = parse({"plan", "--from", "ab12", "upgrade", "heads"});
  CHECK(args.values("from") == std::vector<std::string>{"ab12"});
  CHECK(args.words == std::vector<std::string>{"upgrade", "heads"});
}

TEST_CASE("args: a misspelt command is a usage error with a suggestion") {
  const error problem = usage_error_of({"upgrad"});
  CHECK(problem.code == errc::usage);
  CHECK(problem.message == "unknown command 'upgrad' (did you mean 'upgrade'?)");
}

TEST_CASE("args: a misspelt option is a usage error with a suggestion") {
  CHECK(usage_error_of({"upgrade", "--slq"}).message.find("unknown option '--slq'") == 0);
  CHECK(usage_error_of({"upgrade", "--lock-wiat=3s"}).message ==
        "unknown option '--lock-wiat' (did you mean '--lock-wait'?)");
  CHECK(usage_error_of({"upgrade", "--lock-wiat=3s"}).hint == "luamig help upgrade");
}

TEST_CASE("args: an option of another command is unknown") {
  CHECK(usage_error_of({"current", "--splice"}).code == errc::usage);
}

TEST_CASE("args: too many words, too few, and a missing value are usage errors") {
  CHECK(usage_error_of({"upgrade", "a", "b"}).message == "unexpected argument 'b' of upgrade");
  CHECK(usage_error_of({"stamp"}).message == "stamp needs REVS…");
  CHECK(usage_error_of({"upgrade", "--tag"}).message == "--tag needs a value: TEXT");
  CHECK(usage_error_of({"upgrade", "-vu"}).message == "--url needs a value: URL");
}

TEST_CASE("args: a flag takes no value") {
  CHECK(usage_error_of({"upgrade", "--sql=false"}).message == "--sql takes no value");
  CHECK(usage_error_of({"upgrade", "--sql=rows", "--sql"}).message == "--sql takes no value");
}

TEST_CASE("args: an option that takes one value is given once") {
  const error problem = usage_error_of({"upgrade", "--tag", "a", "--tag=b"});
  CHECK(problem.message == "--tag is given 2 times, and takes one value");
  CHECK(problem.hint == "luamig help upgrade");
}

TEST_CASE("args: one letter is near every other, so none is suggested") {
  CHECK(usage_error_of({"upgrade", "-z"}).message == "unknown option '-z'");
}

TEST_CASE("args: asking for help is never an error") {
  CHECK(parse({"show", "-h"}).has("help"));
  CHECK(parse({"--version"}).has("version"));
}

TEST_CASE("args: overrides carry what the command line says of the configuration") {
  const auto flags = luamig::cli::overrides_of(parse(
      {"-c", "f.toml", "-n", "e", "-u", "sqlite://", "upgrade", "--lock-wait", "5s", "-x", "k=v"}));
  CHECK(flags.config_file == "f.toml");
  CHECK(flags.env_name == "e");
  CHECK(flags.url == "sqlite://");
  CHECK(flags.lock_wait == "5s");
  CHECK(flags.x == std::vector<std::string>{"k=v"});
  CHECK_FALSE(flags.statement_timeout);
}
