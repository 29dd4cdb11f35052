// A script that has got hold of LuaJIT's ffi, in the jail that the worker is in: here it is loaded
// on purpose, which the program itself has no way to do.
#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <lua.hpp>
#include <sstream>
#include <string>

#include "worker/jail.hpp"
#include "worker/process.hpp"

using namespace luamig::worker;

namespace {

constexpr const char* attack = R"(
local ffi = require("ffi")
ffi.cdef [[
  int open(const char *path, int flags, ...);
  int unlink(const char *path);
  int rename(const char *from, const char *to);
  int socket(int domain, int type, int protocol);
  int connect(int fd, const void *to, unsigned size);
  int fork(void);
  int execve(const char *path, char *const *arguments, char *const *environment);
  int kill(int pid, int signal);
  long ptrace(int request, int pid, void *at, void *data);
  long syscall(long number, ...);
  int dup(int fd);
  int mprotect(void *at, size_t size, int how);
  void *mmap(void *at, size_t size, int how, int flags, int fd, long offset);
  int system(const char *command);
  int getppid(void);
  char *getenv(const char *name);
]]
local C, out = ffi.C, {}
local function try(what, result, good)
  local number = tonumber(result)
  local ok = (good or -1) == number
  out[#out + 1] = what .. (ok and ": refused " or ": DONE ") .. ffi.errno()
end
try("open", C.open("/etc/passwd", 0))
try("create", C.open("/tmp/luamig_ffi", 65, ffi.cast("int", 384)))
try("proc", C.open("/proc/self/mem", 2))
try("unlink", C.unlink("/tmp/luamig_ffi"))
try("rename", C.rename("/tmp/a", "/tmp/b"))
try("socket", C.socket(2, 1, 0))
try("socket unix", C.socket(1, 1, 0))
try("fork", C.fork())
try("execve", C.execve("/bin/true", nil, nil))
try("kill", C.kill(1, 0))
try("ptrace", C.ptrace(16, 1, nil, nil))
try("io_uring_setup", C.syscall(425, ffi.cast("long", 1), nil))
try("memfd_create", C.syscall(319, "x", ffi.cast("long", 0)))
try("process_vm_writev", C.syscall(311, ffi.cast("long", 1), nil, ffi.cast("long", 0)))
try("dup", C.dup(3))
local page = C.mmap(nil, 4096, 3, 34, -1, 0)
try("mprotect", C.mprotect(page, 4096, 5))
try("mmap", ffi.cast("intptr_t", C.mmap(nil, 4096, 7, 34, -1, 0)))
try("system", C.system("touch /tmp/luamig_ffi"), 32512)  -- as a shell that cannot be had
out[#out + 1] = "environment: " .. (C.getenv("HOME") == nil and "none" or "THERE")
return table.concat(out, "\n")
)";

void run(const process::inside& in) {
  lua_State* const L = luaL_newstate();
  luaL_openlibs(L);
  luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
  (void)lock_in(in.socket, 256U * 1024 * 1024, in.parent);
  channel host(only_descriptor);
  if (luaL_dostring(L, attack) != 0 || lua_type(L, -1) != LUA_TSTRING) {
    host.send(2, packer().put(lua_tostring(L, -1) == nullptr ? "?" : lua_tostring(L, -1)));
    return;
  }
  host.send(1, packer().put(lua_tostring(L, -1)));
}

/// Says that it is shut in, and waits.
void stay(const process::inside& in) {
  (void)lock_in(in.socket, 256U * 1024 * 1024, in.parent);
  channel host(only_descriptor);
  host.send(1, packer().put(true));
  (void)host.receive_always();
}

/// The lines of the only child's status that say what it is entitled to.
std::string capabilities_of_child() {
  const std::string self = std::to_string(::getpid());
  std::string child;
  std::ifstream("/proc/self/task/" + self + "/children") >> child;
  std::ifstream status("/proc/" + child + "/status");
  std::string said;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Cap") && !line.starts_with("CapBnd")) said += line + "\n";
  }
  return said;
}

}  // namespace

TEST_CASE("jail: no capability is left, also to root") {
  process child(stay);
  (void)child.to().receive_always();
  CHECK(capabilities_of_child() ==
        "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n"
        "CapEff:\t0000000000000000\nCapAmb:\t0000000000000000\n");
}

TEST_CASE("jail: with ffi loaded, nothing gets out") {
  std::filesystem::remove("/tmp/luamig_ffi");
  process child(run);
  const frame report = child.to().receive_always();
  const std::string said(unpacker(report.bytes).text());
  CAPTURE(said);
  CHECK(report.kind == 1);
  // Outside of the jail some of these fail as well, by another error than EPERM.
  std::istringstream lines(said);
  int refused = 0;
  for (std::string line; std::getline(lines, line); ++refused) {
    CAPTURE(line);
    const bool is_call = !line.starts_with("system") && !line.starts_with("environment");
    if (is_call) CHECK(line.ends_with(": refused 1"));
  }
  CHECK(refused == 19);
  CHECK(said.find("system: refused") != std::string::npos);
  CHECK(said.find("environment: none") != std::string::npos);
  CHECK(!std::filesystem::exists("/tmp/luamig_ffi"));
}
