#!/usr/bin/env python3
"""Runs the recipes of docs/cookbook.md on one engine, and asks for the rows after each.

    run_cookbook.py PROGRAM sqlite|postgres

Up, down to what was there before, and up in every way; what cannot be undone says so. Ends with 77
where the engine is not here.
"""

import difflib
import hashlib
import hmac
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
COOKBOOK = HERE.parent.parent / "migrations-example" / "cookbook"
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
import fingerprint  # noqa: E402
from program import Failed, Program, parents_in  # noqa: E402
from results import AT_THE_BOTTOM, CONTACT_OF_AN_ADDRESS, OLD_SESSIONS, RESULTS  # noqa: E402
from walk import Walk  # noqa: E402

FIRST = "c00b00000000"
REKEYED = "c00b00000003"
SEALED = "c00b00000004"
LAST_WITH_A_WAY_BACK = "c00b00000008"
MERGED = "c00b00000009"
PURGED = "c00b0000000a"
KEY = "6b" * 32
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# Columns that hold something else each time, and those whose way back is another spelling.
NEW_EACH_TIME = ("iban_sealed",)
RESPELLED = ("tags", "config")


def without_uuids(text):
    return "\n".join(sorted(UUID.sub("<uuid>", text).split("\n")))


def expect(database, when, question, expected):
    answer = database.rows(question)
    if sorted(answer) != sorted(expected):
        raise Failed(f"{when}: {question}\nexpected {expected}\nthere is {answer}")


def up_with_results(luamig, database):
    for revision, question, expected in RESULTS:
        luamig("upgrade", revision)
        expect(database, f"after {revision}", question, expected)
        if revision == SEALED:
            check_sealed(database)


def check_sealed(database):
    def digest(iban):
        return hmac.new(bytes.fromhex(KEY), iban.encode(), hashlib.sha256).hexdigest()
    one, none = digest("AT611904300234573201"), digest("")
    expect(database, "hashes", "SELECT id, iban_hash FROM accounts",
           [["1", one], ["2", one], ["3", none], ["4", ""]])
    expect(database, "seals", """SELECT count(DISTINCT iban_sealed) FROM accounts
                                  WHERE iban_sealed NOT LIKE '%1904%'""", [["3"]])


def check_ways(luamig, database, versions):
    """Down to the bottom, where everything is as it was; then up and down in every way."""
    luamig("upgrade", FIRST)
    before = fingerprint.take(database, RESPELLED)
    up_with_results(luamig, database)
    luamig("downgrade", FIRST)
    now = fingerprint.take(database, RESPELLED)
    if now != before:
        lines = difflib.unified_diff(before.split("\n"), now.split("\n"), "before", "now",
                                     lineterm="", n=0)
        raise Failed("another database after the way up and down\n" + "\n".join(lines))
    for question, expected in AT_THE_BOTTOM:
        expect(database, "after the way back", question, expected)
    up_with_results(luamig, database)

    parents = parents_in(versions)
    walk = Walk(luamig, database, parents, NEW_EACH_TIME, without_uuids)
    luamig("downgrade", FIRST)
    walk.look()
    luamig("upgrade", LAST_WITH_A_WAY_BACK)
    for _ in range(2):
        while walk.look() != (FIRST,):
            luamig("downgrade", "-1")
        while walk.look() != (LAST_WITH_A_WAY_BACK,):
            luamig("upgrade", "+1")
    if walk.compared < 3 * (len(parents) - 2):
        raise Failed(f"only {walk.compared} comparisons")
    return walk.compared


def fails(luamig, said, *arguments):
    try:
        luamig(*arguments)
    except Failed as failure:
        if said not in str(failure):
            raise
        return
    raise Failed(f"luamig {' '.join(arguments)} went through, without: {said}")


def purge_in_two_attempts(luamig, path):
    """The age is counted from the first attempt: the second, in another second, knows the step."""
    whole = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"end\n\Z", '  op.execute("DELETE FROM nowhere")\nend\n', whole),
                    encoding="utf-8")
    fails(luamig, "half done: 1 step of it is done", "upgrade", PURGED)
    began = time.time()
    while int(time.time()) == int(began):
        time.sleep(0.02)
    path.write_text(whole, encoding="utf-8")
    luamig("upgrade", PURGED)


def check_the_last_two(luamig, database, versions):
    up_with_results(luamig, database)
    luamig("upgrade", MERGED)
    for question, expected in CONTACT_OF_AN_ADDRESS:
        expect(database, f"after {MERGED}", question, expected)
    fails(luamig, "is irreversible: what pointed to a merged contact", "downgrade", "-1")
    purge_in_two_attempts(luamig, next(versions.glob(f"{PURGED}*")))
    for question, expected in OLD_SESSIONS:
        expect(database, f"after {PURGED}", question, expected)
    fails(luamig, "is irreversible: what is purged is gone", "downgrade", "-1")
    luamig("status", "--check")


def check_newcomers(luamig, database):
    """Who subscribes after the re-keying has a number after the way back."""
    luamig("upgrade", REKEYED)
    for end in ("a", "b"):
        one = f"'ffffffff-ffff-7fff-bfff-fffffffffff{end}'"
        database.run(f"INSERT INTO subscribers (id, email) VALUES ({one}, 'new {end}');"
                     f"INSERT INTO visits (subscriber_id, page) VALUES ({one}, '/new/{end}');")
    luamig("downgrade", "-1")
    expect(database, "newcomers", """SELECT v.page, s.id, s.email FROM visits v
                                       JOIN subscribers s ON s.id = v.subscriber_id
                                      WHERE v.page LIKE '/new/%'""",
           [["/new/a", "9007199254740994", "new a"], ["/new/b", "9007199254740995", "new b"]])
    luamig("downgrade", "base")
    if tables := [line for line in fingerprint.take(database).split("\n")
                  if line.startswith(("table", "CREATE TABLE"))]:
        raise Failed(f"at base there is still {tables}")


def run(program, engine, directory):
    project = directory / "cookbook"
    shutil.copytree(COOKBOOK, project, ignore=shutil.ignore_patterns("*.db", "*.db-*"))
    database = databases.make(engine, directory)
    try:
        luamig = Program(program, project, database.url)
        check_newcomers(luamig, database)
        versions = project / "migrations" / "versions"
        compared = check_ways(luamig, database, versions)
        check_the_last_two(luamig, database, versions)
        print(f"{engine}: {len(RESULTS)} results, {compared} comparisons")
    finally:
        database.drop()


def main():
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    os.environ["IBAN_KEY"] = KEY
    with tempfile.TemporaryDirectory(prefix="luamig-cookbook-") as directory:
        try:
            run(program, engine, pathlib.Path(directory))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
