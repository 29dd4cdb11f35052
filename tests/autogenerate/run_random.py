#!/usr/bin/env python3
"""Random schemas and random changes of them: found, applied and taken back, and rows survive.

    run_random.py PROGRAM sqlite|postgres [FIRST SEED] [HOW MANY]

LUAMIG_SEEDS says how many, too. A failure names its seed. Ends with 77 where the engine is not here.
"""

import concurrent.futures
import os
import pathlib
import random
import sys
import tempfile

import models
from project import Failed, Project

import databases

WORKERS = 4
SEEDS = {"sqlite": 60, "postgres": 24}


def fill(database, tables):
    """Two rows for each table, whose values suit every type and constraint."""
    statements = []
    for table in tables:
        names = [models.quoted(c["name"]) for c in table["columns"]]
        for row in (11, 12):
            values = [f"'{row + n}'" if c["type"] in ("text", "string") else str(row + n)
                      for n, c in enumerate(table["columns"])]
            statements.append(f"INSERT INTO {models.quoted(table['name'])} ({', '.join(names)}) "
                              f"VALUES ({', '.join(values)})")
    database.run("; ".join(statements))


def kept(database, before, after):
    """The values of every column that stays, by table, in the order of the values."""
    answer = {}
    for table in after:
        was = next((t for t in before if t["name"] == table.get("was", table["name"])), None)
        if not was:
            continue
        olds = {c["name"] for c in was["columns"]}
        columns = [(c.get("was", c["name"]), c["name"]) for c in table["columns"]
                   if c.get("was", c["name"]) in olds]
        answer[was["name"]] = (table["name"], columns)
    return answer


def values(database, plan, now):
    found = {}
    for old, (new, columns) in sorted(plan.items()):
        listed = ", ".join(f"CAST({models.quoted(c[now])} AS numeric)" for c in columns) or "1"
        rows = database.rows(f"SELECT {listed} FROM {models.quoted(new if now else old)}")
        found[old] = sorted([float(v) for v in row] for row in rows)
    return found


def require(holds, what):
    if not holds:
        raise Failed(what)


def check(project, seed):
    chance = random.Random(seed)
    names = models.Names(chance)
    before = models.random_models(chance, names)
    after = models.changed(chance, names, before)
    luamig, database = project.luamig, project.database
    project.restart()
    project.write(models.text(t) for t in before)
    project.write((models.text(t) for t in before), "before.lua")
    project.generate("aaaa")
    luamig("check")
    fill(database, before)
    plan = kept(database, before, after)
    rows, holds = values(database, plan, 0), project.holds()
    project.write(models.text(t) for t in after)
    try:
        made = project.generate("bbbb")
        luamig("check")
        require(values(database, plan, 1) == rows, f"rows have changed\n{made}")
        if made:
            luamig("downgrade")
        require(values(database, plan, 0) == rows, f"rows have changed on the way back\n{made}")
        luamig("schema", "diff", "migrations/before.lua")
        now = project.holds()
        require(now == holds, f"{made}\n--- before\n{holds}\n--- now\n{now}")
    except Failed as failure:
        made = "".join(p.read_text() for p in project.migrations.glob("versions/bbbb*"))
        raise Failed(f"{failure}\n{made}") from None


def check_some(program, engine, seeds):
    failed = 0
    with tempfile.TemporaryDirectory(prefix="luamig-random-") as directory:
        database = databases.make(engine, pathlib.Path(directory))
        with Project(program, database) as project:
            for seed in seeds:
                try:
                    check(project, seed)
                except (Failed, databases.sqlite3.Error) as failure:
                    failed += 1
                    print(f"FAILED: seed {seed}\n{failure}")
                database.clear()
        database.drop()
    return failed


def main():
    program, engine = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    if why := databases.missing(engine):
        print(why)
        return databases.SKIPPED
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    usual = int(os.environ.get("LUAMIG_SEEDS", SEEDS[engine]))
    count = int(sys.argv[4]) if len(sys.argv) > 4 else usual
    seeds = range(first, first + count)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        failed = sum(pool.map(lambda n: check_some(program, engine, seeds[n::WORKERS]),
                              range(WORKERS)))
    print(f"{engine}: seeds {first} to {first + count - 1}, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
