#!/usr/bin/env python3
"""What the worker asks of the kernel, as strace sees it: once it is shut in, no call that is not on the
list succeeds, whatever the script. Also with LuaJIT's ffi loaded (jailed_ffi_test).

  run_system_calls.py --program build/luamig --jailed build/tests/jailed_ffi_test
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import run_attacks

ALLOWED = {
    "read", "readv", "write", "writev", "poll", "ppoll", "futex", "brk", "munmap", "mremap",
    "madvise", "exit", "exit_group", "rt_sigreturn", "clock_gettime", "gettimeofday",
    "clock_nanosleep", "nanosleep", "restart_syscall", "close", "getrandom", "mmap", "mprotect",
}
SCRIPTS = ("os_and_io", "require_traversal", "csv_traversal", "type_confusion", "memory_rep")
# "4711  open("/etc/passwd", …) = -1 EPERM (…)"
CALL = re.compile(r"^(\d+) +(\w+)\((.*?)\)? += (-?\w+)")


def worker_calls(trace):
    """The calls of each process behind its seccomp filter: (name, arguments, result)."""
    shut_in = set()
    for line in trace.splitlines():
        found = CALL.match(line)
        if not found:
            continue
        pid, name, arguments, result = found.groups()
        if pid in shut_in:
            yield name, arguments, result
        elif name == "seccomp" and "SET_MODE_FILTER" in arguments and result == "0":
            shut_in.add(pid)


def check(what, trace):
    calls = list(worker_calls(trace))
    problems = []
    for name, arguments, result in calls:
        executable = name in ("mmap", "mprotect") and "PROT_EXEC" in arguments
        if (name not in ALLOWED or executable) and not result.startswith("-"):
            problems.append(f"{what}: {name}({arguments}) = {result}")
    if len(calls) < 3:
        problems.append(f"{what}: only {len(calls)} calls were seen behind the filter")
    return problems


def traced(command, where=None):
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run(["strace", "-f", "-o", log.name, *command], cwd=where, check=False,
                       capture_output=True, timeout=60)
        return pathlib.Path(log.name).read_text(errors="replace")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--jailed", required=True)
    given = arguments.parse_args()
    program = str(pathlib.Path(given.program).resolve())
    problems = check("ffi", traced([given.jailed]))
    for name in SCRIPTS:
        with tempfile.TemporaryDirectory(prefix="luamig-strace-") as place:
            root = pathlib.Path(place)
            versions = run_attacks.project(root, "sqlite:///app.db")
            script = run_attacks.SCRIPTS / f"{name}.lua"
            (versions / "bad.lua").write_text(
                run_attacks.HEAD + run_attacks.body_of(script) + run_attacks.TAIL)
            problems += check(name, traced([program, "upgrade", "--sandbox"], root / "project"))
    print("\n".join(problems) or f"{len(SCRIPTS) + 1} traces, nothing got out")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
