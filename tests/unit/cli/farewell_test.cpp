#include "cli/farewell.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

using namespace luamig::cli;
using luamig::engine::observer;
using json = nlohmann::json;

namespace {

/// What is written into a pipe until `write_end` is closed.
class heard {
 public:
  heard() { REQUIRE(::pipe(ends_.data()) == 0); }
  ~heard() { ::close(ends_[0]); }
  heard(const heard&) = delete;
  heard& operator=(const heard&) = delete;

  [[nodiscard]] int stream() const { return ends_[1]; }
  [[nodiscard]] std::string text() const {
    ::close(ends_[1]);
    std::string all;
    std::array<char, 4096> block{};
    for (ssize_t got = 0; (got = ::read(ends_[0], block.data(), block.size())) > 0;) {
      all.append(block.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  std::array<int, 2> ends_{};
};

/// A run of a1, which is done, and b2, which has run a statement.
void half_a_run(observer& watching) {
  static luamig::graph::plan plan;
  plan.rows_before = {"00"};
  plan.steps.resize(3);
  plan.steps[0].revision = "a1";
  plan.steps[0].edit = {{"00"}, {"a1"}};
  plan.steps[1].revision = "b2";
  plan.steps[2].revision = "c3";
  watching.run_started({"sqlite://", luamig::graph::direction::upgrade, "head", &plan});
  observer::step_info step{"a1", "one", luamig::graph::direction::upgrade, 1, 3, ""};
  watching.step_started(step);
  watching.step_finished({step, 0.1, 1, 0});
  step.revision = "b2";
  step.index = 2;
  watching.step_started(step);
  luamig::engine::statement s;
  s.file = "versions/b2.lua";
  s.line = 7;
  watching.statement_ran(s, 0.1);
}

farewell::ending interrupted(int exit) {
  return {exit, "interrupted", "was interrupted", "the script did not stop within 2 s"};
}

}  // namespace

TEST_CASE("farewell: people are told the revision and the last statement's line") {
  farewell words;
  const heard pipe;
  const auto watching =
      keep_farewell(words, std::make_unique<observer>(), pipe.stream(), false, "");
  half_a_run(*watching);
  CHECK(words.say(interrupted(130)));
  CHECK(pipe.text() ==
        "\nerror: revision b2 was interrupted\n"
        "  --> versions/b2.lua:7 was the last statement\n"
        "  error   the script did not stop within 2 s\n"
        "  state   the database rolls back what was not committed\n"
        "  next    luamig current\n");
}

TEST_CASE("farewell: programs get the error and the end of the run") {
  farewell words;
  const heard pipe;
  const auto watching =
      keep_farewell(words, std::make_unique<observer>(), pipe.stream(), true, "blue");
  half_a_run(*watching);
  CHECK(words.say(interrupted(143)));
  const auto lines = luamig::text::split(pipe.text(), '\n');
  REQUIRE(lines.size() >= 2);
  const json failure = json::parse(lines[0]);
  CHECK(failure["event"] == "error");
  CHECK(failure["exit"] == 143);
  CHECK(failure["file"] == "versions/b2.lua");
  CHECK(failure["line"] == 7);
  CHECK(failure["env"] == "blue");
  const json end = json::parse(lines[1]);
  CHECK(end["event"] == "end");
  CHECK(end["exit"] == 143);
  CHECK(end["applied"] == json{"a1"});
  CHECK(end["failed"] == "b2");
  CHECK(end["pending"] == json{"b2", "c3"});
  CHECK(end["heads"] == json{"a1"});
  CHECK(end["seconds"].is_number());
}

TEST_CASE("farewell: a run that is over has no last words") {
  farewell words;
  const heard pipe;
  const auto watching =
      keep_farewell(words, std::make_unique<observer>(), pipe.stream(), false, "");
  half_a_run(*watching);
  words.forget();
  CHECK(!words.say(interrupted(130)));
  CHECK(pipe.text().empty());
}
