// A relay that puts a distance between a client and a PostgreSQL server on this machine: every
// chunk of bytes arrives MICROSECONDS later, in either direction. Listens on a unix socket in
// DIRECTORY, prints "ready", and ends with its standard input.
//
//     far_away DIRECTORY SERVER_DIRECTORY MICROSECONDS
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

namespace {

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::_Exit(1);
}

sockaddr_un address_in(const std::string& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", directory.c_str());
  return address;
}

bool send_all(int to, const char* bytes, ssize_t size) {
  while (size > 0) {
    const ssize_t n = ::send(to, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes += n;
    size -= n;
  }
  return true;
}

void carry(int from, int to, long microseconds) {
  ::prctl(PR_SET_TIMERSLACK, 1);
  std::array<char, 65'536> bytes{};
  const timespec distance{0, microseconds * 1000};
  for (ssize_t n = 0; (n = ::recv(from, bytes.data(), bytes.size(), 0)) > 0;) {
    ::nanosleep(&distance, nullptr);
    if (!send_all(to, bytes.data(), n)) break;
  }
  ::shutdown(to, SHUT_WR);
}

void serve(int client, const std::string& server_directory, long microseconds) {
  const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_in(server_directory);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    std::thread back(carry, server, client, microseconds);
    carry(client, server, microseconds);
    back.join();
  }
  ::close(server);
  ::close(client);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string server_directory = argv[2];
  const long microseconds = std::atol(argv[3]);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_in(argv[1]);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 16) != 0) {
    fail(argv[1]);
  }
  std::thread([] {
    while (std::getchar() != EOF) {
    }
    std::_Exit(0);
  }).detach();
  std::puts("ready");
  std::fflush(stdout);
  while (true) {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client < 0) fail("accept");
    std::thread(serve, client, server_directory, microseconds).detach();
  }
}
