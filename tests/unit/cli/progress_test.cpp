#include "cli/progress.hpp"

#include <doctest/doctest.h>

#include "cli/row_progress.hpp"
#include "unit/cli/screen.hpp"

using namespace luamig::cli;
using luamig::engine::observer;

namespace {

observer::step_info step() {
  observer::step_info info;
  info.revision = "a1";
  info.message = "first";
  info.why = "target";
  return info;
}

luamig::engine::statement select() {
  luamig::engine::statement s;
  s.sql = "SELECT 1";
  return s;
}

void play(screen& s, bool explain = false) {
  const terminal person = s.terminal();
  const auto watching = human_progress(person, explain);
  observer::run_info run;
  run.shown_url = "sqlite:///x.db";
  watching->run_started(run);
  watching->step_started(step());
  watching->statement_ran(select(), 0.001);
  watching->message(observer::level::info, "5 rows");
  watching->step_finished({step(), 0.082, 4, 0});
}

}  // namespace

TEST_CASE("progress: off a terminal a step is one line, without control bytes") {
  screen s;
  play(s);
  CHECK(s.err.str().find('\x1b') == std::string::npos);
  CHECK(s.err.str().find('\r') == std::string::npos);
  CHECK(s.err.str().find("luamig 0.1.0 · sqlite:///x.db\n") == 0);
  CHECK(s.err.str().find("    5 rows\n") != std::string::npos);
  CHECK(s.err.str().find("4 statements    82 ms\n") != std::string::npos);
  CHECK(s.err.str().find("SELECT") == std::string::npos);
  CHECK(s.out.str().empty());
}

TEST_CASE("progress: on a terminal the running step's line is rewritten") {
  screen s({}, true);
  play(s);
  CHECK(s.err.str().find("\r\x1b[K  ↑ ") != std::string::npos);
}

TEST_CASE("progress: -q is silent, -vv shows each statement") {
  screen quiet({"-q"});
  play(quiet);
  CHECK(quiet.err.str().empty());
  screen all({"-vv"});
  play(all);
  CHECK(all.err.str().find("SELECT 1") != std::string::npos);
}

TEST_CASE("progress: --explain says why a step is in the plan") {
  screen s;
  play(s, true);
  CHECK(s.err.str().find("\n    target\n") != std::string::npos);
}

namespace {

observer::rows_done done(std::int64_t rows, std::optional<std::int64_t> total, double seconds) {
  observer::rows_done d;
  d.what = "backfill users";
  d.rows = rows;
  d.total = total;
  d.seconds = seconds;
  d.rate = static_cast<double>(rows) / seconds;
  return d;
}

}  // namespace

TEST_CASE("progress: rows have a bar where their number is known, a rate and a time left") {
  CHECK(row_bar(done(500'000, 1'000'000, 10)) == "██████████░░░░░░░░░░  50 %");
  CHECK(row_bar(done(10, 10, 1)) == "████████████████████ 100 %");
  CHECK(row_bar(done(10, {}, 1)).empty());
  CHECK(row_words(done(500'000, 1'000'000, 10)) == "500,000 rows  50,000/s  10 s left");
  CHECK(row_words(done(1'000, 2'000'000, 1)) == "1,000 rows  1,000/s  33 min 19 s left");
  CHECK(row_words(done(1, {}, 4)) == "1 row");
}

TEST_CASE("progress: off a terminal rows are told every ten seconds") {
  screen s;
  const terminal person = s.terminal();
  const auto watching = human_progress(person, false);
  watching->step_started(step());
  for (int second = 1; second < 25; ++second) {
    watching->rows_worked(done(second * 100, 5'000, second));
  }
  watching->rows_worked({});
  CHECK(s.err.str() ==
        "  ↑ a1            first\n"
        "    backfill users: 1,000 rows  100/s  40 s left\n"
        "    backfill users: 2,000 rows  100/s  30 s left\n");
}

TEST_CASE("progress: on a terminal the rows stand in the step's line until they are done") {
  screen s({}, true);
  const terminal person = s.terminal();
  const auto watching = human_progress(person, false);
  watching->step_started(step());
  watching->rows_worked(done(500, 1'000, 1));  // too soon to draw
  watching->message(observer::level::info, "said");
  CHECK(s.err.str().ends_with("░  50 %  500 rows  500/s  1 s left"));
  watching->rows_worked({});
  watching->message(observer::level::info, "said");
  CHECK(s.err.str().find("50 %", s.err.str().rfind('\n')) == std::string::npos);
}

TEST_CASE("progress: as JSON it is told every second, with the revision") {
  std::ostringstream out;
  const auto watching = json_progress(out, "", loudness::normal);
  watching->step_started(step());
  out.str("");
  watching->rows_worked(done(5, {}, 0.5));
  CHECK(out.str().empty());
  watching->rows_worked(done(10, 40, 1));
  watching->rows_worked(done(15, 40, 1.5));
  watching->rows_worked({});
  CHECK(out.str() ==
        R"({"event":"progress","revision":"a1","what":"backfill users","rows":10,"total":40,)"
        R"("rate":10.0,"seconds":1.0})"
        "\n");
}

TEST_CASE("terminal: a question needs a person or --yes") {
  screen nobody;
  CHECK_THROWS_AS(nobody.terminal().confirm("dropping it"), luamig::error);
  screen sure({"--yes"});
  CHECK_NOTHROW(sure.terminal().confirm("dropping it"));
  screen person({}, true);
  person.in.str("yes\n");
  CHECK_NOTHROW(person.terminal().confirm("dropping it"));
  person.in.clear();
  person.in.str("y\n");
  CHECK_THROWS_AS(person.terminal().confirm("dropping it"), luamig::error);
  screen silent({"--no-input"}, true);
  silent.in.str("yes\n");
  CHECK_THROWS_AS(silent.terminal().confirm("dropping it"), luamig::error);
}

TEST_CASE("terminal: colours follow --color, NO_COLOR, CLICOLOR_FORCE and TERM") {
  const auto coloured = [](const screen& s) { return s.terminal().paint(colour::red, "x") != "x"; };
  screen s({}, true);
  CHECK(coloured(s));
  s.with.env["TERM"] = "dumb";
  CHECK_FALSE(coloured(s));
  s.with.env["CLICOLOR_FORCE"] = "1";
  CHECK(coloured(s));
  s.with.env["NO_COLOR"] = "1";
  CHECK_FALSE(coloured(s));
  screen always({"--color=always"});
  CHECK(coloured(always));
  CHECK_THROWS_AS((void)screen({"--color=blue"}).terminal(), luamig::error);
}
