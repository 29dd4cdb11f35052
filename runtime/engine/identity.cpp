#include "engine/identity.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace luamig::engine {

identity this_process() {
  identity who;
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) == 0) who.host = buffer.data();
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::getuid(), &entry, space.data(), space.size(), &found);
  who.user = found != nullptr ? found->pw_name : std::to_string(::getuid());
  who.name = "luamig " + std::to_string(::getpid()) + "@" + who.host.substr(0, 24);
  return who;
}

std::string running_name(const identity& who, std::string_view revision) {
  constexpr std::size_t most = 63;  // NAMEDATALEN - 1
  return (who.name + " at " + std::string(revision)).substr(0, most);
}

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string iso_time(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(ms % 1000));
  return std::string(date.data()) + fraction.data();
}

}  // namespace luamig::engine
