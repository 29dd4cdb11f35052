#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <system_error>

#include "worker/channel.hpp"

using namespace luamig::worker;

namespace {

struct two_ends {
  std::array<int, 2> fds{};
  two_ends() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0); }
};

void write_raw(int fd, std::string_view bytes) {
  REQUIRE(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

}  // namespace

TEST_CASE("frames: values come out as they went in, and in no other order") {
  packer to;
  to.put(std::int64_t{-5}).put("text").put(1.5).put(std::string(3, '\0'));
  unpacker from(to.bytes());
  CHECK(from.number<std::int64_t>() == -5);
  CHECK(from.text() == "text");
  CHECK(from.number<double>() == 1.5);
  CHECK(from.text() == std::string_view("\0\0\0", 3));
  CHECK_NOTHROW(from.end());
  CHECK_THROWS_AS((void)from.number<char>(), bad_frame);
}

TEST_CASE("frames: a length that lies is refused, and nothing is allocated for it") {
  packer to;
  to.put(std::numeric_limits<std::uint64_t>::max());
  CHECK_THROWS_AS((void)unpacker(to.bytes()).text(), bad_frame);
  CHECK_THROWS_AS((void)unpacker(to.bytes()).count(1), bad_frame);
}

TEST_CASE("frames: messages arrive whole, in pieces of any size") {
  two_ends ends;
  channel here(ends.fds[0]);
  const std::string bytes(
      "\x03\0\0\0\x07"
      "abc"
      "\0\0\0\0\x08",
      13);
  for (const char byte : bytes) write_raw(ends.fds[1], {&byte, 1});
  const frame first = here.receive_always();
  CHECK(first.kind == 7);
  CHECK(first.bytes == "abc");
  CHECK(here.receive_always().kind == 8);
  CHECK(!here.receive(std::chrono::steady_clock::now()));
  ::close(ends.fds[1]);
  CHECK_THROWS_AS((void)here.receive(), std::system_error);
}

TEST_CASE("frames: one that is too long is refused before it is read") {
  two_ends ends;
  channel here(ends.fds[0]);
  write_raw(ends.fds[1], std::string_view("\xff\xff\xff\xff\x01", 5));
  CHECK_THROWS_AS((void)here.receive(), bad_frame);
  ::close(ends.fds[1]);
}

TEST_CASE("frames: a message that is half there goes along with its channel") {
  two_ends ends;
  channel first(ends.fds[0]);
  write_raw(ends.fds[1], std::string_view("\x03\0\0\0\x07"
                                          "ab",
                                          7));
  CHECK(!first.receive(std::chrono::steady_clock::now()));
  channel second(std::move(first));
  write_raw(ends.fds[1], "c");
  CHECK(second.receive_always().bytes == "abc");
  ::close(ends.fds[1]);
}
