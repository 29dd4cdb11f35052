#!/usr/bin/env python3
"""Runs tests/cases/*.case: what a user types, and what he must see, on each database.

A case file is read from top to bottom:

    # on: sqlite postgres          once for each of these databases (default: sqlite)
    # needs: LUAMIG_TEST_DATA      skipped, visibly, where the variable is not set
    # url: toml                    toml (default): a luamig.toml with the database's URL is there;
                                   environment: DATABASE_URL holds it; none: only $CASE_URL does
    # ids: generated               12-digit ids that the file does not name become <id1>, <id2>, …
    # bad inputs                   see below
    # waiting: S0.2 autogenerate   one row that is not built yet: named and counted, never as passed
    # any other comment

    --- file: migrations/versions/ab12_x.lua
    … up to the next "--- file:" or "$ " line, or to a line of only "---". A file that begins with
    "#!" is made executable; bin/ is in PATH.

    $ luamig upgrade               a shell command, in a fresh directory, without input
    > continued                    more lines of the same command
    the text on stdout and stderr, merged
    any … text                     "…" stands for any text in a line,
    …                              alone in a line for any number of lines
    sqlite> one line               a line expected on this database only
    postgres> the other
    [3]                            the exit status, last; none: 0

A line of output that would be read as something else (it begins with "$ ", "> ", "#", "[1]",
"--- file:", "sqlite> ", "postgres> " or a backslash) is written with a backslash before it.
Trailing blank lines do not count.

What changes from run to run is replaced: the directory by $DIR, the database's URL by <url> and
its name by <database>, durations ("82 ms") by <time>, today's dates by <date>, luamig's version by
<version>, the host's name by <host>, the account that ran it by <user>.

`db "SELECT …"` (or `db -f FILE`) asks the case's database and prints rows as a|b. $CASE_URL is its
URL, $CASE_ENGINE "sqlite" or "postgres".

In a case of bad inputs every command that ends with a status other than 0 must end without a
signal, in 15 lines or fewer, and leave schema, data and versions in the database as they were.

PostgreSQL is the server of LUAMIG_TEST_PG (tests/support/postgres.sh starts one). Without it the
runs on postgres are counted as skipped.
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from runner import case_file, databases, execution, rewrite  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=pathlib.Path,
                        help="case files or folders (default: all but the runner's own tests)")
    parser.add_argument("-k", metavar="PATTERN", help="only cases whose name matches this regex")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="cases at a time (default 2)")
    parser.add_argument("--on", choices=databases.ENGINES, help="only on this database")
    parser.add_argument("--update", action="store_true",
                        help="rewrite the expectations that were not met")
    parser.add_argument("--program", type=pathlib.Path,
                        default=os.environ.get("LUAMIG_PROGRAM",
                                               HERE.parent.parent / "build" / "luamig"))
    return parser.parse_args()


def collect(paths, pattern):
    files = []
    for path in paths or [HERE]:
        found = sorted(path.rglob("*.case")) if path.is_dir() else [path]
        files += [f for f in found if paths or "selftest" not in f.relative_to(HERE).parts]
    return [case_file.read(f) for f in files if not pattern or re.search(pattern, name_of(f))]


def name_of(path):
    path = path.resolve()
    return str(path.relative_to(HERE)) if path.is_relative_to(HERE) else path.name


def version_of(program):
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30)
    found = re.search(r"\d+\.\d+\.\d+\S*", answer.stdout)
    return found.group(0) if found else None


def why_skipped(case, engine):
    if engine == "postgres" and not os.environ.get("LUAMIG_TEST_PG"):
        return "LUAMIG_TEST_PG is not set"
    missing = [v for v in case.needs if not os.environ.get(v)]
    return f"{missing[0]} is not set" if missing else None


def show_failure(case, engine, outcome):
    print(f"FAILED {name_of(case.path)} on {engine}")
    for problem in outcome.problems:
        place = f"{name_of(case.path)}:{problem.line}"
        if problem.reason:
            print(f"  {place}: {problem.reason}")
        for line in difflib.unified_diff(problem.expected, problem.actual, f"{place} expected",
                                         "actual", lineterm="", n=100):
            print(f"  {line}")


def run_all(cases, options):
    version = version_of(options.program)
    jobs, skipped = [], []
    for case in cases:
        for engine in case.engines:
            if options.on and engine != options.on:
                continue
            reason = why_skipped(case, engine)
            if reason:
                skipped.append((case, engine, reason))
            else:
                jobs.append((case, engine))

    def one(job):
        return execution.run(*job, program=options.program, version=version)

    with concurrent.futures.ThreadPoolExecutor(max(1, options.j)) as pool:
        return list(zip(jobs, pool.map(one, jobs))), skipped


def main():
    options = arguments()
    options.program = options.program.resolve()
    if not os.access(options.program, os.X_OK):
        sys.exit(f"run_cases: no program at {options.program}")
    cases = collect(options.paths, options.k)
    results, skipped = run_all(cases, options)
    if not results and not skipped:
        sys.exit("run_cases: no case was selected")

    failed = [((case, engine), outcome) for (case, engine), outcome in results if outcome.problems]
    for (case, engine), outcome in failed:
        show_failure(case, engine, outcome)
    if options.update:
        rewrite.all_cases(results)
    for case, engine, reason in skipped:
        print(f"skipped {name_of(case.path)} on {engine}: {reason}")
    waiting = [(case, row) for case in cases for row in case.waiting]
    for case, row in waiting:
        print(f"waiting {name_of(case.path)}: {row}")
    if waiting:
        print(f"{len(waiting)} rows wait")
    bad = sum(outcome.bad_inputs for _, outcome in results)
    if bad:
        print(f"{bad} bad inputs tried")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
