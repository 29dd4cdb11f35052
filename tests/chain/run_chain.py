#!/usr/bin/env python3
"""Takes a database through a chain of revisions made by luamig itself, up and down.

    run_chain.py PROGRAM CHAIN sqlite|postgres

A chain is a folder here. Its file `revisions` says, line by line, how a person would make it:

    1_authors.lua    revision -m "Authors"
    5_reviews.lua    revision -m "Reviews" --head {2} --splice
    -                merge heads -m "Together again"

The first word is the file with the bodies of upgrade() and downgrade(), or "-" for none; the rest
is what luamig is told; {2} is the revision that line 2 made. A line that begins with "stamp" marks
what the database holds already: it is stamped, not run. Files in `lib` go to migrations/lib.

A chain starts from an empty database, but "chinook" from a copy of the Chinook music store in
LUAMIG_TEST_DATA. At each revision the database, schema and rows, must be what it was there the
first time; and at its end what its twin makes. Ends with 77 where the engine or the data are not
here.
"""

import os
import pathlib
import re
import shlex
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
import fingerprint  # noqa: E402
from program import Failed, Program, parents_in  # noqa: E402
from walk import Walk  # noqa: E402


def load_chinook(database):
    folder = pathlib.Path(os.environ["LUAMIG_TEST_DATA"]) / "chinook"
    if database.engine == "sqlite":
        shutil.copyfile(folder / "Chinook_Sqlite.sqlite", database.path)
        database.path.chmod(0o644)
    else:
        script = folder / "Chinook_PostgreSql_SerialPKs.sql"
        database.run(databases.from_first_table(script.read_text(encoding="utf-8")))


def start(database, chain):
    if chain == "chinook":
        load_chinook(database)


# The same revisions in other words.
TWINS = {"porting_sa": "porting_sql"}


def missing(chain, engine):
    if chain == "chinook" and not os.environ.get("LUAMIG_TEST_DATA"):
        return "LUAMIG_TEST_DATA names no data"
    return databases.missing(engine)


def make_project(luamig, chain):
    """Runs the lines of `revisions`; returns the revisions to be stamped."""
    luamig("init")
    migrations = luamig.directory / "migrations"
    for library in (HERE / chain / "lib").glob("*.lua"):
        shutil.copyfile(library, migrations / "lib" / library.name)
    made, stamped = [], []
    for line in (HERE / chain / "revisions").read_text(encoding="utf-8").splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        stamp = words[0] == "stamp"
        body, *command = words[stamp:]
        output = luamig(*(word.format(None, *made) for word in command))
        path = luamig.directory / output.split()[-1]
        made.append(path.name.split("_")[0])
        if stamp:
            stamped.append(made[-1])
        if body != "-":
            fill(path, (HERE / chain / body).read_text(encoding="utf-8"))
    return stamped


def fill(path, body):
    """Puts upgrade() and downgrade() of `body` in the place of the empty ones."""
    text = path.read_text(encoding="utf-8")
    header, count = re.subn(r"^function (upgrade|downgrade)\(\)$.*?^end\n?", "", text,
                            flags=re.MULTILINE | re.DOTALL)
    if count != 2:
        raise Failed(f"{path.name} has {count} of upgrade() and downgrade():\n{text}")
    path.write_text(header.rstrip() + "\n\n" + body, encoding="utf-8")


def run(program, chain, engine, directory):
    database = databases.make(engine, directory)
    try:
        start(database, chain)
        project = directory / "project"
        project.mkdir()
        luamig = Program(program, project, database.url)
        stamped = make_project(luamig, chain)
        parents = parents_in(project / "migrations" / "versions")
        walk = Walk(luamig, database, parents)
        walk.look()
        for revision in stamped:
            luamig("stamp", revision)
            walk.look()
        walk.everywhere()
        luamig("status", "--check")
        if walk.compared < 2 * len(parents):
            raise Failed(f"only {walk.compared} comparisons for {len(parents)} revisions")
        if chain in TWINS:
            compare_with_twin(program, TWINS[chain], engine, directory, walk.seen[luamig.current()])
        print(f"{chain} on {engine}: {len(parents)} revisions, {walk.compared} comparisons")
    finally:
        database.drop()


def compare_with_twin(program, twin, engine, directory, wanted):
    place = directory / twin
    (place / "project").mkdir(parents=True)
    database = databases.make(engine, place)
    try:
        luamig = Program(program, place / "project", database.url)
        make_project(luamig, twin)
        luamig("upgrade")
        if fingerprint.take(database) != wanted:
            raise Failed(f"{twin} makes another database")
    finally:
        database.drop()


def main():
    program, chain, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
    if reason := missing(chain, engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-chain-") as directory:
        try:
            run(program, chain, engine, pathlib.Path(directory))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
