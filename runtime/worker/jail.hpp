#pragma once

#include <cstdint>
#include <string>

namespace luamig::worker {

/// What holds a process in. A layer that the system lacks is not there; the others are.
struct layers {
  bool no_privileges = false;  ///< no capability, and none can be had
  bool system_calls = false;   ///< seccomp: an allow-list
  bool files = false;          ///< Landlock: no path at all
  bool descriptors = false;    ///< one socket, and none can be had
  bool limits = false;         ///< no core, no file, no process; memory
  bool parent = false;         ///< ends with its parent

  [[nodiscard]] bool all() const noexcept {
    return no_privileges && system_calls && files && descriptors && limits && parent;
  }
  /// "seccomp, Landlock, …", of those that are there or of those that are not.
  [[nodiscard]] std::string names(bool there) const;
};

/// Shuts this process in for good: it can compute, allocate, read and write `socket`, which becomes
/// descriptor 3, tell the time and end. Every other system call is EPERM. `memory` bounds what it
/// may allocate from now on, in bytes; 0: nothing does. `parent`: whose child this is.
[[nodiscard]] layers lock_in(int socket, std::uint64_t memory, int parent);

/// The descriptor that is left.
constexpr int only_descriptor = 3;

}  // namespace luamig::worker
