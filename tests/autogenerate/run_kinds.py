#!/usr/bin/env python3
"""Every kind of change in kinds.txt: found, written, applied, and taken back.

    run_kinds.py PROGRAM sqlite|postgres [-k PART OF A NAME] [-v]

The models before are made by autogenerate on an empty database. The models after it give a revision;
after it autogenerate has nothing more to say; after its downgrade the database is what it was, by
its own catalogs; and the upgrade runs again. Ends with 77 where the engine is not here.
"""

import argparse
import concurrent.futures
import pathlib
import sys
import tempfile

from project import HERE, Failed, Project

import databases

WORKERS = 4


class Kind:
    def __init__(self, name):
        self.name = name
        self.before, self.after, self.rows, self.keeps = [], [], "", ""
        self.engines = databases.ENGINES

    def take(self, line):
        word, _, rest = line.partition(" ")
        if word == "-":
            self.before.append(rest)
        elif word == "+":
            self.after.append(rest)
        elif word == "on":
            self.engines = rest.split()
        elif word in ("rows", "keeps"):
            setattr(self, word, rest)
        elif line:
            raise ValueError(f"{self.name}: {line}")


def read_kinds():
    kinds = []
    for line in (HERE / "kinds.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            kinds.append(Kind(line[3:]))
        elif kinds:
            kinds[-1].take(line)
    return kinds


def require(holds, what, text=""):
    if not holds:
        raise Failed(f"{what}\n{text}")


def check(project, kind, verbose):
    luamig, database = project.luamig, project.database
    project.restart()
    project.write(kind.before)
    project.write(kind.before, "before.lua")
    project.generate("aaaa")
    if kind.rows:
        database.run(kind.rows)
    before = project.holds()
    kept = database.rows(kind.keeps) if kind.keeps else None
    project.write(kind.after)
    made = project.generate("bbbb")
    if verbose:
        print(f"== {kind.name}\n{made[made.index('function upgrade'):]}")
    require(made, "no difference is found")
    luamig("check")
    if kind.keeps:
        require(database.rows(kind.keeps) == kept, "rows have changed", made)
    luamig("downgrade")
    now = project.holds()
    require(now == before, "the downgrade leaves another schema",
            f"{made}\n--- before\n{before}\n--- now\n{now}")
    luamig("schema", "diff", "migrations/before.lua")
    if kind.keeps:
        require(database.rows(kind.keeps) == kept, "rows have changed on the way back", made)
    luamig("upgrade")
    luamig("check")


def check_all(program, engine, kinds, verbose):
    """How many of them failed."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="luamig-kinds-") as directory:
        database = databases.make(engine, pathlib.Path(directory))
        with Project(program, database) as project:
            for kind in kinds:
                try:
                    check(project, kind, verbose)
                except Failed as failure:
                    failed += 1
                    print(f"FAILED: {kind.name}\n{failure}")
                database.clear()
        database.drop()
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("engine", choices=databases.ENGINES)
    parser.add_argument("-k", default="")
    parser.add_argument("-v", action="store_true")
    given = parser.parse_args()
    if why := databases.missing(given.engine):
        print(why)
        return databases.SKIPPED
    kinds = [kind for kind in read_kinds() if given.engine in kind.engines and given.k in kind.name]
    program = str(pathlib.Path(given.program).resolve())

    def some(part):
        return check_all(program, given.engine, kinds[part::WORKERS], given.v)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        failed = sum(pool.map(some, range(WORKERS)))
    print(f"{given.engine}: {len(kinds)} kinds of change, {failed} failed")
    return 1 if failed or not kinds else 0


if __name__ == "__main__":
    sys.exit(main())
