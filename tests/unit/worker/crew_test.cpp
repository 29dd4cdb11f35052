#include "worker/crew.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <map>
#include <string>

using namespace luamig::worker;

namespace {

using clock = std::chrono::steady_clock;

/// What came of each, up to the end of all.
struct heard {
  std::map<std::size_t, std::string> said, ended;
};

heard listen_to(crew& all) {
  heard out;
  const auto until = clock::now() + std::chrono::seconds(20);
  while (all.left() > 0 && clock::now() < until) {
    const auto news = all.listen(until);
    if (!news) continue;
    if (news->message) {
      unpacker from(news->message->bytes);
      out.said[news->number] += from.text();
    } else {
      out.ended[news->number] = news->ended;
    }
  }
  return out;
}

void say(const crew::member& self, const std::string& text) { self.to.send(1, packer().put(text)); }

}  // namespace

TEST_CASE("crew: each says what it has to say, and all see the same numbers") {
  const board_owner shared = make_board();
  shared->numbers[1] = 100;
  std::string before = "known before";
  crew all(3, [&](const crew::member& self) {
    say(self, before + " by " + std::to_string(self.number));
    before = "another's";
    shared->numbers[1].fetch_add(static_cast<std::int64_t>(self.number));
    say(self, "; and the end");
  });
  const heard came = listen_to(all);
  CHECK(came.said == std::map<std::size_t, std::string>{{1, "known before by 1; and the end"},
                                                        {2, "known before by 2; and the end"},
                                                        {3, "known before by 3; and the end"}});
  CHECK(came.ended == std::map<std::size_t, std::string>{{1, ""}, {2, ""}, {3, ""}});
  CHECK(shared->numbers[1].load() == 106);
  CHECK(before == "known before");
}

TEST_CASE("crew: how each has ended is said") {
  crew all(3, [](const crew::member& self) {
    if (self.number == 1) ::raise(SIGKILL);
    if (self.number == 2) ::_exit(7);
  });
  CHECK(listen_to(all).ended == std::map<std::size_t, std::string>{{1, "was killed by signal 9"},
                                                                   {2, "ended with status 7"},
                                                                   {3, ""}});
}

TEST_CASE("crew: those that do not end are ended with it") {
  int pid = 0;
  {
    crew all(1, [](const crew::member& self) {
      say(self, std::to_string(::getpid()));
      while (true) ::pause();
    });
    const auto news = all.listen(clock::now() + std::chrono::seconds(20));
    REQUIRE(news);
    REQUIRE(news->message);
    unpacker from(news->message->bytes);
    pid = std::stoi(std::string(from.text()));
    CHECK(::kill(pid, 0) == 0);
    CHECK(all.left() == 1);
  }
  CHECK(::kill(pid, 0) != 0);
}
