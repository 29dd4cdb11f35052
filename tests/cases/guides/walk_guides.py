#!/usr/bin/env python3
"""Takes the migrations of each guide's transcript up, down to base and up again, step by step.

    walk_guides.py PROGRAM sqlite|postgres

At each revision the database must be what it was there the first time. What a transcript breaks on
purpose is left out, and so are the rows that a way back cannot bring again. Ends with 77 where the
engine is not here.
"""

import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parents[1]
sys.path[:0] = [str(TESTS / "support"), str(HERE.parent)]

import databases  # noqa: E402
from program import Failed, Program, parents_in  # noqa: E402
from runner import case_file  # noqa: E402
from walk import Walk  # noqa: E402

INSTEAD = {
    '  op.execute("INSERT INTO nowhere VALUES (1)")\n': "",
    "('Ann', 'Ann@X.org', 'old')": "('Ann', 'ann@x.org', NULL)",
}


def make_project(case, directory):
    for step in case.steps:
        if isinstance(step, case_file.Write) and step.path.startswith("migrations/"):
            path = directory / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            text = step.text
            for part, instead in INSTEAD.items():
                text = text.replace(part, instead)
            path.write_text(text, encoding="utf-8")
    (directory / "luamig.toml").write_text('migrations = "migrations"\n')


def walk(program, engine, path, directory):
    directory.mkdir()
    make_project(case_file.read(path), directory)
    database = databases.make(engine, directory)
    try:
        luamig = Program(program, directory, database.url)
        parents = parents_in(directory / "migrations" / "versions")
        steps = Walk(luamig, database, parents, clocks=("created_at",))
        steps.look()
        luamig("upgrade")
        steps.down_at_once()
        steps.everywhere()
        luamig("status", "--check")
        print(f"{engine}, {path.stem}: {len(parents)} revisions, {steps.compared} comparisons")
    finally:
        database.drop()


def main():
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-guides-") as directory:
        for path in sorted(HERE.glob("*.case")):
            try:
                walk(program, engine, path, pathlib.Path(directory) / path.stem)
            except Failed as problem:
                print(f"{path.stem}: {problem}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
