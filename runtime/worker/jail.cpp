#include "worker/jail.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>
#include <string_view>
#include <utility>

namespace luamig::worker {
namespace {

bool close_descriptors(int socket) {
  if (socket != only_descriptor && ::dup2(socket, only_descriptor) < 0) return false;
  ::close(STDIN_FILENO);
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);
  return ::syscall(SYS_close_range, only_descriptor + 1, ~0U, 0U) == 0;
}

bool limit(__rlimit_resource what, rlim_t most) {
  const rlimit both{most, most};
  return ::setrlimit(what, &both) == 0;
}

/// 0 where it cannot be read, as once files are forbidden.
rlim_t bytes_mapped() {
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

/// Where `mapped` is not known, `memory` is the whole: less than was asked for, and no more.
bool set_limits(std::uint64_t memory, rlim_t mapped) {
  const bool memory_held = memory == 0 || limit(RLIMIT_AS, mapped + memory);
  return memory_held && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
         limit(RLIMIT_NOFILE, only_descriptor + 1);
}

/// Root has them all. The bounding set goes first: dropping from it needs one of them.
bool drop_capabilities() {
  constexpr int most = 63;
  for (int each = 0; each <= most; ++each) ::prctl(PR_CAPBSET_DROP, each, 0, 0, 0);
  __user_cap_header_struct of{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  return ::syscall(SYS_capset, &of, none.data()) == 0;
}

bool end_with(int parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  return ::getppid() == parent;  // it may be gone already
}

/// Everything that this kernel knows to forbid, and no rule that allows any of it.
bool forbid_files() {
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1U /* version */);
  if (abi < 1) return false;
  constexpr std::array<unsigned, 5> rights_of_abi{13, 14, 15, 15, 16};
  struct {  // grows with the kernel; what is newer than the header stands here
    std::uint64_t files;
    std::uint64_t network;
    std::uint64_t scopes;
  } wanted{};
  const auto known = std::min<std::size_t>(static_cast<std::size_t>(abi), rights_of_abi.size());
  wanted.files = (1ULL << rights_of_abi[known - 1]) - 1;
  if (abi >= 4) wanted.network = 3;  // TCP: bind, connect
  if (abi >= 6) wanted.scopes = 3;   // abstract sockets, signals
  const std::size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  const long rules = ::syscall(SYS_landlock_create_ruleset, &wanted, size, 0U);
  if (rules < 0) return false;
  const bool done = ::syscall(SYS_landlock_restrict_self, rules, 0U) == 0;
  ::close(static_cast<int>(rules));
  return done;
}

bool forbid_system_calls() {
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return false;
  bool whole = true;
  const auto allow = [&](int call) {
    whole = ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0 && whole;
  };
  for (const int call : {SCMP_SYS(read),
                         SCMP_SYS(readv),
                         SCMP_SYS(write),
                         SCMP_SYS(writev),
                         SCMP_SYS(poll),
                         SCMP_SYS(ppoll),
                         SCMP_SYS(futex),
                         SCMP_SYS(brk),
                         SCMP_SYS(munmap),
                         SCMP_SYS(mremap),
                         SCMP_SYS(madvise),
                         SCMP_SYS(exit),
                         SCMP_SYS(exit_group),
                         SCMP_SYS(rt_sigreturn),
                         SCMP_SYS(clock_gettime),
                         SCMP_SYS(gettimeofday),
                         SCMP_SYS(clock_nanosleep),
                         SCMP_SYS(nanosleep),
                         SCMP_SYS(restart_syscall),
                         SCMP_SYS(close),
                         SCMP_SYS(getrandom)})
    allow(call);
  const auto not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  const auto anonymous = SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS);
  whole = ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, not_executable,
                             anonymous) == 0 &&
          ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable) == 0 &&
          whole && ::seccomp_load(filter) == 0;
  ::seccomp_release(filter);
  return whole;
}

}  // namespace

std::string layers::names(bool there) const {
  std::string out;
  const std::array<std::pair<bool, std::string_view>, 6> all_of{{{system_calls, "seccomp"},
                                                                 {files, "Landlock"},
                                                                 {no_privileges, "no privileges"},
                                                                 {descriptors, "one descriptor"},
                                                                 {limits, "resource limits"},
                                                                 {parent, "ends with its parent"}}};
  for (const auto& [active, name] : all_of) {
    if (active != there) continue;
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

layers lock_in(int socket, std::uint64_t memory, int parent) {
  ::tzset();  // reads a file
  const rlim_t mapped = bytes_mapped();
  layers done;
  done.parent = end_with(parent);
  ::prctl(PR_SET_DUMPABLE, 0);
  const bool no_capabilities = drop_capabilities();
  done.no_privileges = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && no_capabilities;
  done.files = forbid_files();
  done.descriptors = close_descriptors(socket);
  done.limits = set_limits(memory, mapped);
  done.system_calls = forbid_system_calls();
  return done;
}

}  // namespace luamig::worker
