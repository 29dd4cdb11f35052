"""The tasks: what luamig does and what it is measured against, with the limits."""
import csv
import os
import shutil
import sys

from race import Race, Side


class Place:
    """Where the programs lie, and a project whose second revision is the migration under test."""

    def __init__(self, build, scratch, here):
        self.here, self.build = here, build
        self.luamig = str(build / "luamig")
        self.launcher = str(build / "tests" / "bench" / "bench_measure")
        self.project = scratch / "project"
        self.migrations = self.project / "migrations"
        versions = self.migrations / "versions"
        versions.mkdir(parents=True)
        self.migration = versions / "made.lua"
        self.exported = self.migrations / "export.csv"
        self.users = self.migrations / "users.csv"
        (self.project / "luamig.toml").write_text('migrations = "migrations"\n')
        shutil.copy(here / "migrations" / "base.lua", versions)

    def use(self, migration):
        shutil.copy(self.here / "migrations" / f"{migration}.lua", self.migration)

    def ours(self, engine, migration, name="luamig", *options):
        def command(at):
            self.use(migration)
            return [self.luamig, "-q", "-u", engine.url(at), *options, "upgrade"]
        return Side(name, command, is_luamig=True)

    def cpp(self, engine, program, name, *words):
        path = self.build / "tests" / "bench" / f"bench_{engine.programs}_{program}"
        return Side(f"C++ {name}", lambda at: [path, target(engine, at), *words])

    def python(self, engine, task, name, *words):
        path = self.here / f"python_{engine.programs}.py"
        return Side(f"Python {name}",
                    lambda at: [sys.executable, path, task, target(engine, at), *words])


def target(engine, at):
    """What the references are told: a URL, or the path of a file."""
    return engine.url(at) if engine.programs == "postgres" else at


def race(place, engine, title, fresh=None, result=None):
    return Race(f"{title}, {engine.name}", place.launcher, place.project, fresh or engine.fresh,
                result or engine.digest)


SET = {
    "postgres": "UPDATE users SET full_name = first || ' ' || last, email = lower(email), "
                "city = payload::json ->> 'city'",
    "sqlite": "BEGIN IMMEDIATE; UPDATE users SET full_name = first || ' ' || last, "
              "email = lower(email), city = json_extract(payload, '$.city'); COMMIT",
}


def sql_side(engine):
    def command(at):
        if engine.programs == "postgres":
            return ["/usr/bin/psql", "-qX", "-c", SET["postgres"], engine.url(at)]
        return ["/usr/bin/sqlite3", "-bail", at, SET["sqlite"]]
    return Side("SQL UPDATE", command)


def locked(place, engine, migration):
    """luamig, with the table locked before the first row is read, as C++ does; by itself it locks row
    by row."""
    return place.ours(engine, migration, "luamig, table locked", "-x", "lock=1")


def update(place, engine):
    one = race(place, engine, "update")
    ours = place.ours(engine, "update")
    durable = place.ours(engine, "durable", "luamig, durable")
    sql = sql_side(engine)
    if engine.programs == "postgres":
        limit = place.cpp(engine, "update", "FETCH, UPDATE FROM unnest")
        python = place.python(engine, "update", "COPY, UPDATE FROM")
        rewritten = place.ours(engine, "rewrite", "luamig, rewrite")
        rewrite_limit = place.cpp(engine, "rewrite", "rewrite, COPY")
        held = locked(place, engine, "update")
        one.add(ours, held, limit, python, durable, rewritten, rewrite_limit, sql)
        one.bar(held, [limit], 1.1)
        one.bar(held, [python], 0.72)
        one.bar(rewritten, [rewrite_limit], 1.15)
        one.bar(rewritten, [sql], 1.0)
    else:
        limit = place.cpp(engine, "update", "function in one UPDATE")
        python = place.python(engine, "update", "create_function")
        one.add(ours, limit, python, durable, sql)
        one.bar(ours, [limit], 1.35)
        one.bar(ours, [python], 0.95)
    one.bar(durable, [ours], 1.25)
    return [one]


def split(place, engine):
    one = race(place, engine, "split into a child table")
    postgres = engine.programs == "postgres"
    ours = place.ours(engine, "split")
    limit = place.cpp(engine, "split", "cursor, " + ("COPY" if postgres else "prepared INSERT"))
    one.add(ours, limit, place.python(engine, "split", "COPY" if postgres else "executemany"))
    if postgres:
        ours = locked(place, engine, "split")
        one.add(ours)
    one.bar(ours, [limit], 1.2 if postgres else 1.5)
    return [one]


def load(place, engine):
    def fresh(rows):
        """A copy without users, and their lines in a file."""
        place.users.unlink(missing_ok=True)
        os.link(engine.csv(rows), place.users)
        return engine.fresh(0)
    one = race(place, engine, "CSV load with transform", fresh)
    postgres = engine.programs == "postgres"
    ours = place.ours(engine, "load")
    limit = place.cpp(engine, "load", "COPY" if postgres else "prepared INSERT", place.users)
    one.add(ours, limit, place.python(engine, "load", "csv, " + ("COPY" if postgres
                                                                 else "executemany"), place.users))
    one.bar(ours, [limit], 1.05 if postgres else 1.4)
    return [one]


def lines_of(path):
    """The names of a CSV file's columns, and a sum of its lines; in whatever order both are."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        names = next(lines)
        order = sorted(range(len(names)), key=names.__getitem__)
        return str((sorted(names), sum(hash(tuple(line[i] for i in order)) for line in lines)))


def export(place, engine):
    def fresh(rows):
        place.exported.unlink(missing_ok=True)
        return engine.fresh(rows)

    def result(at):
        return lines_of(place.exported) + engine.digest(at)
    made = race(place, engine, "export with a script", fresh, result)
    ours = place.ours(engine, "export")
    how = "COPY TO STDOUT" if engine.programs == "postgres" else "cursor"
    limit = place.cpp(engine, "export", how, place.exported, "made")
    made.add(ours, limit, place.python(engine, "export", "cursor, csv", place.exported))
    made.bar(ours, [limit], 2.1)
    plain = race(place, engine, "export without a script", fresh, result)
    ours = place.ours(engine, "export_plain")
    limit = place.cpp(engine, "export", how, place.exported, "plain")
    plain.add(ours, limit)
    plain.bar(ours, [limit], 1.05)
    return [made, plain]


def execute(place, engine):
    count = "100000"
    one = race(place, engine, "db:execute for each of at most 100,000")
    ours = place.ours(engine, "execute", "luamig", "-x", f"count={count}")
    how = "pipelined" if engine.programs == "postgres" else "prepared UPDATE"
    limit = place.cpp(engine, "execute", how, count)
    python = place.python(engine, "execute", "execute", count)
    one.add(ours, limit, python)
    if engine.programs == "postgres":
        one.bar(ours, [limit], 1.5)
    else:
        one.bar(ours, [python], 1.0)
    return [one]


PARTS = {"update": update, "split": split, "load": load, "export": export, "execute": execute}
