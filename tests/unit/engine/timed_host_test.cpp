#include "engine/timed_host.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "fixture.hpp"

using namespace luamig;
using namespace std::chrono_literals;

namespace {

void pass(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

/// A host whose scripts run in a process that can be killed.
struct host_apart final : test::fake_host {
  std::function<void()> at_url;
  int killed = 0;
  std::optional<std::string> url() override {
    at_url();
    return std::nullopt;
  }
  bool kill() noexcept override {
    ++killed;
    return true;
  }
};

/// A host whose scripts run in this process, and do not hear.
struct deaf_host final : test::fake_host {
  std::function<void()> at_url;
  int interrupted = 0;
  std::optional<std::string> url() override {
    at_url();
    return "went on";
  }
  void interrupt(int) noexcept override { ++interrupted; }
};

}  // namespace

TEST_CASE("limits: time counts what lies between two calls of the database") {
  engine::script_clock clock;
  const engine::script_limits limits{.time = 20ms};
  CHECK(clock.passed(limits) == engine::time_limit::none);
  clock.start(engine::time_limit::total_time);
  {
    const engine::counted_call statement(&clock);
    pass(30ms);
    CHECK(clock.passed(limits) == engine::time_limit::none);
    const engine::computing_again function(&clock);
    CHECK(clock.passed(limits) == engine::time_limit::none);
    pass(30ms);
    CHECK(clock.passed(limits) == engine::time_limit::time);
  }
  CHECK(clock.passed(limits) == engine::time_limit::none);
  pass(30ms);
  CHECK(clock.passed(limits) == engine::time_limit::time);
  clock.stop();
  CHECK(clock.passed(limits) == engine::time_limit::none);
}

TEST_CASE("limits: what calls the database between two looks has begun anew") {
  engine::script_clock clock;
  const engine::script_limits limits{.time = 20ms};
  clock.start(engine::time_limit::total_time);
  CHECK(clock.passed(limits) == engine::time_limit::none);
  pass(30ms);
  { const engine::counted_call statement(&clock); }
  CHECK(clock.passed(limits) == engine::time_limit::none);
  pass(30ms);
  CHECK(clock.passed(limits) == engine::time_limit::time);
}

TEST_CASE("limits: the whole counts its calls too, and a file has a limit of its own to load") {
  engine::script_clock clock;
  const engine::script_limits limits{.total_time = 20ms, .load = 60'000ms};
  clock.start(engine::time_limit::total_time);
  const engine::counted_call statement(&clock);
  pass(30ms);
  CHECK(clock.passed(limits) == engine::time_limit::total_time);
  clock.start(engine::time_limit::load);
  pass(30ms);
  CHECK(clock.passed(limits) == engine::time_limit::none);
  CHECK(clock.passed({.load = 20ms}) == engine::time_limit::load);
}

TEST_CASE("limits: an error says which one, and how long it is") {
  const engine::script_limits limits{.time = 1500ms, .total_time = 60s, .load = 30s};
  const error time = engine::past_limit(engine::time_limit::time, limits);
  CHECK(time.code == errc::limit);
  CHECK(time.kind == "time");
  CHECK(time.message ==
        "the script computed for more than its 1500 ms without a call of the "
        "database");
  CHECK(engine::past_limit(engine::time_limit::total_time, limits).message ==
        "the script took more than its 60 s");
  CHECK(engine::past_limit(engine::time_limit::load, limits).message ==
        "the file took more than 30 s to load");
}

TEST_CASE(
    "limits: a process of scripts is killed, and what goes on without it is waited for once more") {
  auto scripts = std::make_unique<host_apart>();
  host_apart& apart = *scripts;
  engine::timed_host host(std::move(scripts), {.load = 10ms}, [](engine::timed_host*) {});
  apart.at_url = [&] {
    pass(20ms);
    CHECK_FALSE(host.look(50ms));
    CHECK(apart.killed == 0);
    pass(60ms);
    CHECK_FALSE(host.look(50ms));
    CHECK(apart.killed == 1);
    pass(60ms);
    CHECK(host.look(50ms));
  };
  (void)host.url();
}

TEST_CASE("limits: of a script in this process that does not end only its program is told") {
  auto scripts = std::make_unique<deaf_host>();
  deaf_host& deaf = *scripts;
  engine::timed_host* told = nullptr;
  {
    engine::timed_host host(std::move(scripts), {.load = 10ms},
                            [&](engine::timed_host* one) { told = one; });
    REQUIRE(told == &host);
    deaf.at_url = [&] {
      CHECK_FALSE(told->look(50ms));
      CHECK(deaf.interrupted == 0);
      pass(20ms);
      CHECK_FALSE(told->look(50ms));
      CHECK(deaf.interrupted == 1);
      pass(60ms);
      CHECK(told->look(50ms));
    };
    CHECK(host.url() == "went on");
    CHECK_FALSE(told->look(0ms));
  }
  CHECK(told == nullptr);
}
