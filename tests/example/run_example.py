#!/usr/bin/env python3
"""Runs migrations-example up, down to base and up again on one engine.

    run_example.py PROGRAM sqlite|postgres

At each revision the database must be what it was there the first time, and the data migrations
must have done what their files say. Ends with 77 where the engine is not here.
"""

import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "migrations-example"
sys.path.insert(0, str(HERE.parent / "support"))

import databases  # noqa: E402
from program import Failed, Program, parents_in  # noqa: E402
from walk import Walk  # noqa: E402

# After which revision, what to ask, and what must come back.
RESULTS = (
    ("1f8b3c6ed924", "SELECT first_name, last_name FROM customers ORDER BY email", [
        ["Ada", "Lovelace"], ["Erika", "Mustermann"], ["Grace Brewster", "Hopper"],
        ["Madonna", ""]]),
    ("90d2e7ab154c", """SELECT c.first_name, a.street, a.postcode, a.city, a.country
                          FROM addresses a JOIN customers c ON c.id = a.customer_id ORDER BY 1""", [
        ["Ada", "St James's Square 12", "SW1Y 4LE", "London", "GB"],
        ["Erika", "Heidestraße 17", "51147", "Köln", "DE"],
        ["Grace Brewster", "Navy Yard 1", "20374", "Washington", "US"]]),
    ("5be7410fc3a8", "SELECT sku, price_cents FROM products ORDER BY sku", [
        ["CUP-BLUE", "1200"], ["CUP-SAMPLE", "10"], ["TEA-BLACK", "335"], ["TEA-GREEN", "490"]]),
    ("5be7410fc3a8", "SELECT sum(quantity * unit_price_cents) FROM order_items", [["5560"]]),
    ("d36a82f91b07", "SELECT sku, category FROM products ORDER BY sku", [
        ["CUP-BLUE", "CUP"], ["CUP-SAMPLE", "CUP"], ["TEA-BLACK", "TEA"], ["TEA-GREEN", "TEA"]]),
    ("6d4c9b2ea071", "SELECT items, total_cents, first_title FROM order_totals ORDER BY 2", [
        ["1", "30", "Shard of a blue cup"], ["2", "2180", "Blue cup"],
        ["1", "3350", "Black tea, 100 g"]]),
    ("f715c03d8ea9", "SELECT email, email_as_typed FROM customers ORDER BY email", [
        ["ada@example.org", "Ada@Example.org"], ["erika@example.org", ""],
        ["grace@example.org", ""], ["madonna@example.org", ""]]),
)


def check_results(luamig, database):
    for revision, question, expected in RESULTS:
        luamig("upgrade", revision)
        answer = database.rows(question)
        if sorted(answer) != sorted(expected):
            raise Failed(f"after {revision}: {question}\nexpected {expected}\nthere is {answer}")


def run(program, engine, directory):
    project = directory / "shop"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("*.db", "*.db-*"))
    database = databases.make(engine, directory)
    try:
        luamig = Program(program, project, database.url)
        parents = parents_in(project / "migrations" / "versions")
        walk = Walk(luamig, database, parents, clocks=("created_at", "updated_at"))
        walk.look()
        check_results(luamig, database)
        walk.down_at_once()
        walk.everywhere()
        luamig("status", "--check")
        if walk.compared < 2 * len(parents):
            raise Failed(f"only {walk.compared} comparisons for {len(parents)} revisions")
        print(f"{engine}: {len(parents)} revisions, {walk.compared} comparisons")
    finally:
        database.drop()


def run_make(program, directory):
    """The words of the Makefile do what they say, on a shop of their own."""
    project = directory / "made"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("*.db", "*.db-*"))
    luamig = Program(program, project)
    for words, wanted in ((["up"], 1), (["migrate", "m=By make"], 1), (["upgrade-db"], 1),
                          (["downgrade-db"], 1), (["status"], 1), (["backup"], 1), (["clean"], 0)):
        databases.answer_of(["make", "-sC", project, f"LUAMIG={program}", *words], "")
        if len(luamig.current()) != wanted:
            raise Failed(f"make {' '.join(words)} left {luamig.current()}")
    kept = databases.answer_of(["sqlite3", project / "shop.db.backup",
                                "SELECT count(*) FROM luamig_version"], "")
    if kept.strip() != "1":
        raise Failed(f"make backup kept {kept}")


def main():
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-example-") as directory:
        try:
            run(program, engine, pathlib.Path(directory))
            if engine == "sqlite":
                run_make(program, pathlib.Path(directory))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
