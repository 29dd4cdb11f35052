"""The memory that a program had at its peak."""

import pathlib
import subprocess
import tempfile


# Not getrusage: that counts what this process had when it began the other.
def high_water(pid):
    """The most memory that a process had until now, in kB; 0 when it has ended."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = [line.split() for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0][1]) if lines else 0


def run_watched(command, **more):
    """Its exit status, what it said, and its peak in MB."""
    with tempfile.TemporaryFile("w+") as said:
        run = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **more)
        peak = 0
        while run.poll() is None:
            peak = max(peak, high_water(run.pid))
            try:
                run.wait(timeout=0.005)
            except subprocess.TimeoutExpired:
                pass
        said.seek(0)
        return run.returncode, said.read(), peak / 1024
