#!/usr/bin/env python3
"""Random schemas and random changes of them: found, applied and taken back, and rows survive.

    run_random.py PROGRAM sqlite|postgres [FIRST SEED] [HOW MANY]

The schemas of some seeds stand beside each other in one database, each with names of its own. Where
that fails each seed is tried alone, and the failure names it. Without HOW MANY it is the first 100, or
LUAMIG_SEEDS, which .ci/run sets to 500. Ends with 77 where the engine is not here.
"""

import concurrent.futures
import difflib
import os
import pathlib
import random
import sys
import tempfile

import models
from project import Failed, Project

import databases

WORKERS = 4
SEEDS = 100
TOGETHER = 25


class Schema:
    """What one seed gives: the tables before and after its changes."""

    def __init__(self, seed):
        chance = random.Random(seed)
        names = models.Names(chance, f"s{seed}_")
        self.before = models.random_models(chance, names)
        self.after = models.changed(chance, names, self.before)

    def kept(self):
        """The columns that stay: the table's names before and after, and those of the columns."""
        for table in self.after:
            was = next((t for t in self.before if t["name"] == table.get("was", table["name"])), None)
            if was:
                olds = {c["name"] for c in was["columns"]}
                pairs = [(c.get("was", c["name"]), c["name"]) for c in table["columns"]]
                yield (was["name"], table["name"]), [pair for pair in pairs if pair[0] in olds]


def rows_for(table):
    """Two rows whose values suit every type and constraint."""
    names = ["id"] * bool(table["key"]) + [models.quoted(c["name"]) for c in table["columns"]]
    for row in (11, 12):
        values = [str(row)] * bool(table["key"])
        values += [f"'{row + n}'" if c["type"] in ("text", "string") else str(row + n)
                   for n, c in enumerate(table["columns"])]
        yield (f"INSERT INTO {models.quoted(table['name'])} ({', '.join(names)}) "
               f"VALUES ({', '.join(values)});")


def values(database, schemas, now):
    """The values of every column that stays; `now`: by the names after the changes."""
    parts = []
    for tables, columns in (kept for schema in schemas for kept in schema.kept()):
        listed = " || ' ' || ".join(f"CAST({models.quoted(c[now])} AS text)" for c in columns) or "'0'"
        name = tables[0].replace("'", "''")
        parts.append(f"SELECT '{name}', {listed} FROM {models.quoted(tables[now])}")
    found = database.rows(" UNION ALL ".join(parts)) if parts else []
    return sorted((table, [float(v) for v in text.split()]) for table, text in found)


def require(holds, what):
    if not holds:
        raise Failed(what)


def same(what, before, now):
    lines = difflib.unified_diff(str(before).splitlines(), str(now).splitlines(), "before", "now",
                                 lineterm="", n=1)
    require(before == now, "\n".join([what, *lines]))


def check(project, schemas):
    before = [table for schema in schemas for table in schema.before]
    after = [table for schema in schemas for table in schema.after]
    luamig, database = project.luamig, project.database
    project.restart()
    project.write(models.items(before))
    project.write(models.items(before), "before.lua")
    project.generate("aaaa")
    luamig("check")
    database.run("BEGIN;" + "".join(row for table in before for row in rows_for(table)) + "COMMIT;")
    rows, holds = values(database, schemas, 0), project.holds()
    project.write(models.items(after))
    made = project.generate("bbbb")
    luamig("check")
    same("rows have changed", rows, values(database, schemas, 1))
    if made:
        luamig("downgrade")
    same("rows have changed on the way back", rows, values(database, schemas, 0))
    luamig("schema", "diff", "migrations/before.lua")
    same("the downgrade leaves another schema", holds, project.holds())
    if made:
        luamig("upgrade")
    luamig("check")


def problem(project, seeds):
    """What is wrong with these seeds, "" for nothing."""
    try:
        check(project, [Schema(seed) for seed in seeds])
        return ""
    except (Failed, RuntimeError, databases.sqlite3.Error) as failure:
        made = "".join(p.read_text() for p in project.migrations.glob("versions/bbbb*"))
        return f"{failure}\n{made}"
    finally:
        project.database.clear()


def check_together(project, seeds):
    """How many of them failed."""
    together = problem(project, seeds)
    if not together:
        return 0
    alone = {seed: what for seed in seeds if (what := problem(project, [seed]))}
    for seed, what in alone.items():
        print(f"FAILED: seed {seed}\n{what}")
    if not alone:
        print(f"FAILED: seeds {seeds[0]} to {seeds[-1]} together, and none alone\n{together}")
    return len(alone) or 1


def check_some(program, engine, batches):
    with tempfile.TemporaryDirectory(prefix="luamig-random-") as directory:
        database = databases.make(engine, pathlib.Path(directory))
        try:
            with Project(program, database) as project:
                return sum(check_together(project, seeds) for seeds in batches)
        finally:
            database.drop()


def main():
    program, engine = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    if why := databases.missing(engine):
        print(why)
        return databases.SKIPPED
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    usual = int(os.environ.get("LUAMIG_SEEDS", SEEDS))
    count = int(sys.argv[4]) if len(sys.argv) > 4 else usual
    batches = [range(at, min(at + TOGETHER, first + count))
               for at in range(first, first + count, TOGETHER)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        failed = sum(pool.map(lambda n: check_some(program, engine, batches[n::WORKERS]),
                              range(WORKERS)))
    print(f"{engine}: seeds {first} to {first + count - 1}, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
