#!/usr/bin/env python3
"""What data migrations cost: luamig beside hand-written C++, SQL and Python, in turn, in one run.

    run.py BUILD_DIR [--rows N] [--rounds N] [--only PART] [--engine NAME]

Every side of a race begins with a fresh copy of the same rows, is timed as a whole process, and
must leave the same behind. A ratio is the median of those of the rounds, its spread the distance
between their quartiles. The exit status is 1 when a ratio exceeds its limit by more than the
spread, when the spread is too wide to tell, when luamig takes too much memory, or when one of its
sides fails. While the spread is too wide to tell, rounds are added, up to three times as many as are
asked for. PostgreSQL needs LUAMIG_TEST_PG.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from databases import Postgres, Sqlite
from memory import memory
from parts import PARTS, Place

HERE = Path(__file__).resolve().parent
ROWS, ROWS_FOR_MEMORY = 1_000_000, 5_000_000


def arguments_of():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=[*PARTS, "memory"])
    parser.add_argument("--engine", choices=["sqlite", "postgres"])
    return parser.parse_args()


def engines_of(arguments, scratch, stamp):
    """The engines that are asked for, or None where one is not there."""
    found = []
    if arguments.engine != "sqlite":
        server = os.environ.get("LUAMIG_TEST_PG")
        if not server:
            print("LUAMIG_TEST_PG is not set: use tests/support/postgres.sh, or --engine sqlite")
            return None
        found.append(Postgres(scratch, stamp, server))
    if arguments.engine != "postgres":
        found.append(Sqlite(scratch, stamp))
    return found


def run_all(arguments, build, scratch):
    place = Place(build, scratch, HERE)

    def stamp(url):
        place.migration.unlink(missing_ok=True)
        subprocess.run([place.luamig, "-q", "-u", url, "stamp", "da7a00000001"], check=True,
                       cwd=place.project)
    engines = engines_of(arguments, scratch, stamp)
    if engines is None:
        return False
    good = True
    for engine in engines:
        for name, part in PARTS.items():
            if arguments.only in (None, name):
                for race in part(place, engine):
                    good &= race.run(arguments.rows or ROWS, arguments.rounds)
        if arguments.only in (None, "memory"):
            good &= memory(place, engine, arguments.rows or ROWS_FOR_MEMORY)
        engine.close()
    return good


def main():
    arguments = arguments_of()
    build = arguments.build.resolve()
    # So that what has been made is taken away then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # On the disk that the build is on: a temporary directory may be memory, where fsync is free.
    scratch = Path(tempfile.mkdtemp(prefix="bench-data-", dir=build))
    try:
        return 0 if run_all(arguments, build, scratch) else 1
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
