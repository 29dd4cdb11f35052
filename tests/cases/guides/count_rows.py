#!/usr/bin/env python3
"""Every row of the five guides is named in a transcript here, in a comment beside what shows it.

Prints how many rows are shown and how many wait; ends with 1 when a row is named nowhere.
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Guide, its first row and its last: S0 Beaver, S1 Coffee, S2 with pnpm, S3 Tara, S4 FastVue.
GUIDES = ((0, 1, 28), (1, 1, 28), (2, 1, 21), (3, 0, 22), (4, 1, 23))
ROW = re.compile(r"\bS[0-4]\.\d+b?\b")


def named(lines):
    return {row for line in lines for row in ROW.findall(line)}


def main():
    lines = [line for path in sorted(HERE.glob("*.case"))
             for line in path.read_text(encoding="utf-8").splitlines()
             if line.startswith(("#", "--")) or " -- S" in line]
    waiting = named(line for line in lines if line.startswith("# waiting:"))
    wanted = {f"S{guide}.{row}" for guide, first, last in GUIDES
              for row in range(first, last + 1)} | {"S4.11b"}
    absent = sorted(wanted - named(lines))
    print(f"{len(wanted)} rows, {len(waiting)} of them wait for what is not built yet")
    if absent:
        print(f"named in no transcript: {', '.join(absent)}", file=sys.stderr)
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
