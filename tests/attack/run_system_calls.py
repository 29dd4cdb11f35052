#!/usr/bin/env python3
"""What the worker asks of the kernel, as strace sees it: once it is shut in, no call that is not on the
list succeeds, whatever the script. Also with LuaJIT's ffi loaded (jailed_ffi_test).

  run_system_calls.py --program build/luamig --jailed build/tests/jailed_ffi_test
"""

import argparse
import pathlib
import re
import shutil
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
# "open("/etc/passwd", …) = -1 EPERM (…)"
CALL = re.compile(r"^(\w+)\((.*?)\)? += (-?\w+)")
# The last call of a process that was killed in it has no result; it is taken for one that succeeds.
CUT = re.compile(r"^(\w+)\((.*?) *<unfinished \.\.\.>")


def worker_calls(trace):
    """The calls of a process behind its seccomp filter: (name, arguments, result)."""
    shut_in = False
    for line in trace.splitlines():
        found = CALL.match(line)
        cut = None if found else CUT.match(line)
        if found:
            name, arguments, result = found.groups()
        elif cut:
            (name, arguments), result = cut.groups(), "?"
        else:
            continue
        if shut_in:
            yield name, arguments, result
        elif name == "seccomp" and "SET_MODE_FILTER" in arguments and result == "0":
            shut_in = True


def check(what, traces):
    calls = [call for trace in traces for call in worker_calls(trace)]
    problems = []
    for name, arguments, result in calls:
        executable = name in ("mmap", "mprotect") and "PROT_EXEC" in arguments
        if (name not in ALLOWED or executable) and not result.startswith("-"):
            problems.append(f"{what}: {name}({arguments}) = {result}")
    if len(calls) < 3:
        problems.append(f"{what}: only {len(calls)} calls were seen behind the filter")
    return problems


def traced(command, where=None):
    """What each process asked for: one file for each, so that no call is cut by another's."""
    with tempfile.TemporaryDirectory(prefix="luamig-strace-") as place:
        subprocess.run(["strace", "-ff", "-o", f"{place}/of", *command], cwd=where, check=False,
                       capture_output=True, timeout=60)
        return [log.read_text(errors="replace") for log in sorted(pathlib.Path(place).iterdir())]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--jailed", required=True)
    given = arguments.parse_args()
    if shutil.which("strace") is None:
        print("skipped: there is no strace")
        return 77
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
