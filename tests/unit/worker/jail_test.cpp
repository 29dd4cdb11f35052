#include "worker/jail.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>

#include "worker/process.hpp"

using namespace luamig::worker;

namespace {

template <typename Call>
void attempt_one(packer& to, const char* what, Call call) {
  errno = 0;
  const auto result = static_cast<std::int64_t>(call());
  to.put(what).put(result).put(errno);
}

/// Everything that a process shut in may not do.
void try_everything(const process::inside& in) {
  const layers there = lock_in(in.socket, 64U * 1024 * 1024, in.parent);
  channel host(only_descriptor);
  packer to;
  to.put(there.names(false));
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  attempt_one(to, "open", [] { return ::open("/etc/passwd", O_RDONLY); });
  attempt_one(to, "create", [] { return ::open("/tmp/luamig_jail", O_CREAT | O_WRONLY, 0600); });
  attempt_one(to, "unlink", [] { return ::unlink("/tmp/luamig_jail"); });
  attempt_one(to, "rename", [] { return ::rename("/tmp/a", "/tmp/b"); });
  attempt_one(to, "socket", [] { return ::socket(AF_INET, SOCK_STREAM, 0); });
  attempt_one(to, "unix socket", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0); });
  attempt_one(to, "fork", [] { return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); });
  attempt_one(to, "execve", [] {
    const char* const none[] = {nullptr};
    return ::execve("/bin/true", const_cast<char**>(none), const_cast<char**>(none));
  });
  attempt_one(to, "kill", [&] { return ::kill(in.parent, 0); });
  attempt_one(to, "ptrace", [&] { return ::ptrace(PTRACE_ATTACH, in.parent, nullptr, nullptr); });
  attempt_one(to, "process_vm_writev", [&] {
    char byte = 0;
    const iovec own{&byte, 1};
    return ::process_vm_writev(in.parent, &own, 1, &own, 1, 0);
  });
  attempt_one(to, "memfd_create", [] { return ::syscall(SYS_memfd_create, "x", 0); });
  attempt_one(to, "io_uring_setup", [] { return ::syscall(SYS_io_uring_setup, 1, nullptr); });
  attempt_one(to, "dup", [] { return ::dup(only_descriptor); });
  attempt_one(to, "pipe", [] {
    int ends[2];
    return ::pipe(ends);
  });
  attempt_one(to, "prctl", [] { return ::syscall(SYS_prctl, 1, 0, 0, 0, 0); });
  attempt_one(to, "chdir", [] { return ::chdir("/"); });
  attempt_one(to, "mount", [] { return ::syscall(SYS_mount, "a", "/", "b", 0, nullptr); });
  attempt_one(to, "unshare", [] { return ::syscall(SYS_unshare, 0x10000000); });
  attempt_one(to, "bpf", [] { return ::syscall(SYS_bpf, 0, nullptr, 0); });
  attempt_one(to, "setrlimit", [] { return ::syscall(SYS_setrlimit, 7, nullptr); });
  attempt_one(to, "executable memory", [&] {
    return ::syscall(SYS_mmap, nullptr, page, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  });
  attempt_one(to, "memory of a file", [&] {
    return ::syscall(SYS_mmap, nullptr, page, PROT_READ, MAP_SHARED, only_descriptor, 0);
  });
  void* const room =
      ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  attempt_one(to, "memory made executable",
              [&] { return ::mprotect(room, page, PROT_READ | PROT_EXEC); });
  to.put("what is left").put(std::int64_t{room == MAP_FAILED ? 0 : -1}).put(EPERM);
  host.send(1, to);
}

}  // namespace

TEST_CASE("jail: nothing but computing is left, for root as well") {
  ::setenv("LUAMIG_SECRET_OF_TEST", "hunter2", 1);
  process child(try_everything);
  const frame report = child.to().receive_always();
  unpacker from(report.bytes);
  const std::string missing(from.text());
  MESSAGE("missing here: '" << missing << "'");
  int count = 0;
  while (from.left() > 0) {
    const std::string what(from.text());
    const auto result = from.number<std::int64_t>();
    const int why = from.number<int>();
    CAPTURE(what);
    CHECK(result == -1);
    CHECK(why == EPERM);
    ++count;
  }
  CHECK(count == 25);
  CHECK(missing.find("seccomp") == std::string::npos);
}

TEST_CASE("jail: memory has an end") {
  process child([](const process::inside& in) {
    (void)lock_in(in.socket, 32U * 1024 * 1024, in.parent);
    channel host(only_descriptor);
    std::size_t got = 0;
    while (got < 256 && std::malloc(1024 * 1024) != nullptr) ++got;
    host.send(1, packer().put(static_cast<std::uint64_t>(got)));
  });
  const frame report = child.to().receive_always();
  const auto got = unpacker(report.bytes).number<std::uint64_t>();
  CHECK(got < 40);
  CHECK(got > 20);  // what was there before is not counted
}

TEST_CASE("process: the environment does not go along, and its end is told") {
  ::setenv("LUAMIG_SECRET_OF_TEST", "hunter2", 1);
  process child([](const process::inside& in) {
    channel host(in.socket);
    const char* const found = std::getenv("LUAMIG_SECRET_OF_TEST");
    host.send(1, packer().put(found == nullptr ? "" : found));
    ::_exit(3);
  });
  CHECK(unpacker(child.to().receive_always().bytes).text() == "");
  CHECK(child.end(true) == "ended with status 3");
}

TEST_CASE("process: one that does not end is killed") {
  process child([](const process::inside&) {
    while (true) ::pause();
  });
  child.kill();
  CHECK(child.end(true) == "was killed by signal 9");
}

TEST_CASE("process: one that cannot be made leaves nothing open") {
  const auto open_now = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto before = open_now();
  rlimit was{};
  REQUIRE(::getrlimit(RLIMIT_AS, &was) == 0);
  const rlimit none{4096, was.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_AS, &none) == 0);
  bool failed = false;
  try {
    const process child([](const process::inside&) {});
  } catch (const std::system_error&) {
    failed = true;
  }
  REQUIRE(::setrlimit(RLIMIT_AS, &was) == 0);
  CHECK(failed);
  CHECK(open_now() == before);
}
