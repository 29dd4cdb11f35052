#!/usr/bin/env python3
"""What it costs to run scripts shut in: CPU of loops over rows, the set-up, and the counting of memory.
Medians of interleaved runs, with the distance between their quartiles; fails where a limit is exceeded by
more than that.

  sandbox.py build/luamig [RUNS]
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROWS = 200_000
LOOP = f"""
  local sum = 0
  for row in db:rows [[WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS})
      SELECT n, 'name ' || n AS name, n * 1.5 AS price FROM c]] do
    sum = sum + row.n + #row.name
  end
  print(sum)
"""
BACKFILL = f"""
  op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
  op.execute [[INSERT INTO t (id, a) WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c
      WHERE n < {ROWS}) SELECT n, 'name ' || n FROM c]]
  op.backfill("t", {{ read = {{ "a" }}, write = {{ "b" }} }}, function(row)
    return {{ b = row.a:upper() }}
  end)
"""
GARBAGE = """
  local t = {}
  for i = 1, 3000000 do t[i % 1000 + 1] = { i, tostring(i) } end
"""
EMPTY = ""


def run(program, body, flags, toml=""):
    """CPU of both processes and wall time, in ms."""
    with tempfile.TemporaryDirectory() as place:
        root = pathlib.Path(place)
        versions = root / "migrations" / "versions"
        versions.mkdir(parents=True)
        (root / "luamig.toml").write_text(f'url = "sqlite:///app.db"\n{toml}')
        (versions / "a.lua").write_text(
            f'revision = "a"\nfunction upgrade()\n{body}\nend\nfunction downgrade() end\n')
        with tempfile.TemporaryFile() as said:
            began = time.monotonic()
            child = subprocess.Popen([program, "upgrade", *flags], cwd=root, stdout=said, stderr=said)
            _, status, used = os.wait4(child.pid, 0)  # with the processes that it has waited for
            wall = time.monotonic() - began
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                said.seek(0)
                sys.exit(said.read().decode(errors="replace"))
        return (used.ru_utime + used.ru_stime) * 1000, wall * 1000


class Pair:
    """Two variants, run in turn: what each took, and how the second stands to the first in each round."""

    def __init__(self, program, runs, first, second):
        rounds = [(run(program, *first), run(program, *second)) for _ in range(runs + 1)][1:]
        self.cpu = [(a[0], b[0]) for a, b in rounds]
        self.wall = [(a[1], b[1]) for a, b in rounds]

    @staticmethod
    def middle(values):
        """The median, and the distance between the quartiles."""
        low, middle, high = statistics.quantiles(values, n=4)
        return middle, high - low

    @staticmethod
    def medians(pairs):
        return [statistics.median(side) for side in zip(*pairs)]


def told(name, text, value, spread, most, unit):
    """Prints it; whether it is within its limit, or the machine too busy to tell."""
    over = value > most
    undecided = over and value - most <= spread
    mark = "UNDECIDED" if undecided else "OVER" if over else "ok"
    print(f"{name}: {text}: {value:.2f} {unit} (spread {spread:.2f}), at most {most} {unit}: {mark}")
    return mark != "OVER"


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    good = True
    for name, body in (("rows", LOOP), ("backfill", BACKFILL)):
        pair = Pair(program, runs, (body, []), (body, ["--sandbox"]))
        own, apart = pair.medians(pair.cpu)
        ratio, spread = pair.middle([b / a for a, b in pair.cpu])
        good &= told(name, f"{own:.0f} ms CPU in its own process, {apart:.0f} ms shut in", ratio,
                     spread, 2.5, "x")
    pair = Pair(program, runs * 8, (EMPTY, []), (EMPTY, ["--sandbox"]))
    for kind, rounds in (("CPU", pair.cpu), ("wall", pair.wall)):
        own, apart = pair.medians(rounds)
        more, spread = pair.middle([b - a for a, b in rounds])
        good &= told("set-up", f"{own:.2f} ms and {apart:.2f} ms {kind} a run", more, spread, 2, "ms")
    pair = Pair(program, runs, (GARBAGE, [], '[limits]\nmemory = "0"\n'),
                (GARBAGE, [], '[limits]\nmemory = "256MB"\n'))
    none, counted = pair.medians(pair.cpu)
    more, spread = pair.middle([(b / a - 1) * 100 for a, b in pair.cpu])
    good &= told("memory", f"{none:.0f} ms CPU without a limit, {counted:.0f} ms with one", more,
                 spread, 3, "%")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
