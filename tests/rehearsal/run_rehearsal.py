#!/usr/bin/env python3
"""What a dry run says is what the run does, and a dry run leaves the database as it was.

    run_rehearsal.py PROGRAM example|chinook sqlite|wal|postgres

A whole project is tried from one end to the other and back. Before and after each dry run SQLite's
file must be the same byte by byte (in WAL mode: after a checkpoint before and after as well, and
also where the log holds what the file does not), its directory must hold the same files, and
PostgreSQL must dump the same, but for the positions of sequences that the report tells as they are.
Each revision is then run for real, and the rows that changed, as the database counts them and as
they differ, must be those of the report. Ends with 77 where the engine or the data are not here.
"""

import collections
import hashlib
import html.parser
import json
import pathlib
import re
import shutil
import sqlite3
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "migrations-example"
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "chain"))

import databases  # noqa: E402
import run_chain  # noqa: E402
from program import Failed, Program  # noqa: E402

COUNTERS = """SELECT CASE schemaname WHEN 'public' THEN '' ELSE schemaname || '.' END || relname,
                     n_tup_ins, n_tup_upd, n_tup_del
                FROM pg_stat_user_tables WHERE relname NOT LIKE 'luamig%'"""
TABLES = """SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
               AND name NOT LIKE 'luamig%'"""


def picture(database):
    """All of the database, for comparing."""
    if database.engine == "sqlite":
        files = sorted(path.name for path in database.path.parent.glob(database.path.name + "*"))
        content = database.path.read_bytes() if database.path.exists() else b""
        return [*files, hashlib.sha256(content).hexdigest()]
    dump = databases.answer_of(["pg_dump", "-d", database.url])
    return [line for line in dump.split("\n") if not re.match(r"\\(un)?restrict", line)]


def without_moved(dump, reports):
    """A dump without the positions of the sequences that the reports name."""
    moved = {s["name"].replace('"', "") for report in reports for s in report["sequences"]}
    return [line for line in dump
            if not (line.startswith("SELECT pg_catalog.setval(") and line.split("'")[1] in moved)]


def events(luamig, *words):
    return [json.loads(line) for line in luamig("--json", *words).splitlines()]


def checkpoint(database):
    """What the log holds goes into the file; nothing where there is no log."""
    if database.engine == "sqlite" and database.path.exists():
        database.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def check_sequences(database, reports):
    """PostgreSQL: they stand where the last report that names them says."""
    told = {s["name"]: s["after"] for report in reports for s in report["sequences"]}
    for name, position in told.items():
        is_at = database.rows(f"SELECT last_value FROM {name}")[0][0]
        if is_at != str(position):
            raise Failed(f"{name} stands at {is_at}, and the report says {position}")


def rehearse(luamig, database, *words, carried=True):
    """The reports of a dry run, which must leave no trace. `carried`: what the log holds is carried
    into the file first."""
    if carried:
        checkpoint(database)
    before = picture(database)
    said = events(luamig, *words, "--dry-run", "--max-block", "0")
    reports = [event for event in said if event["event"] == "report"]
    pictures = [picture(database)]
    if carried:
        checkpoint(database)
        pictures.append(picture(database))
    for after in pictures:
        if without_moved(before, reports) != without_moved(after, reports):
            raise Failed(f"{' '.join(words)} --dry-run has changed the database:\n{before}\n{after}"
                         [:2000])
    check_sequences(database, reports)
    return reports


def counts(database):
    """By table: rows there (SQLite), or rows inserted, updated and deleted so far."""
    if database.engine == "postgres":
        return {name: tuple(map(int, rest)) for name, *rest in database.rows(COUNTERS)}
    return {name: int(database.rows(f'SELECT count(*) FROM "{name}"')[0][0])
            for name, in database.rows(TABLES)}


def contents(database):
    """SQLite: the rows of each table by their number, each by the names of its columns."""
    if database.engine == "postgres":
        return {}
    connection, found = database.connect(), {}
    connection.row_factory = sqlite3.Row
    for name, in connection.execute(TABLES).fetchall():
        try:
            rows = connection.execute(f'SELECT rowid AS "the rowid", * FROM "{name}"')
        except sqlite3.OperationalError:  # it is WITHOUT ROWID
            continue
        found[name] = {row["the rowid"]: dict(row) for row in rows}
    connection.close()
    return found


def check_contents(before, after, report):
    """SQLite has no counter of its own, but rows that have changed cannot be more than were told."""
    for table in before.keys() & after.keys():
        told = report["tables"].get(table, collections.defaultdict(int))
        if told["rewritten"]:
            continue
        was, now = before[table], after[table]
        gone, come = was.keys() - now.keys(), now.keys() - was.keys()
        differing = [number for number in was.keys() & now.keys()
                     if any(was[number][column] != now[number][column]
                            for column in was[number].keys() & now[number].keys())]
        for kind, rows in (("deleted", gone), ("inserted", come)):
            if len(rows) > told[kind]:
                raise Failed(f"{report['revision']}: of {table} the dry run said {told[kind]} rows "
                             f"{kind}, and {len(rows)} are")
        if len(differing) > told["updated"] + told["inserted"]:
            raise Failed(f"{report['revision']}: of {table} the dry run said {told['updated']} rows "
                         f"updated, and {len(differing)} differ")


def check_rows(database, before, after, report):
    """The database's own counts against those of the report: of the tables that are still there,
    and of new ones, unless it may be that a table has another name now."""
    fresh = after.keys() - before.keys() if before.keys() <= after.keys() else set()
    nothing = 0 if database.engine == "sqlite" else (0, 0, 0)
    before = {**dict.fromkeys(fresh, nothing), **before}
    for table in before.keys() & after.keys():
        told = report["tables"].get(table, collections.defaultdict(int))
        if database.engine == "sqlite":
            said, is_so = told["inserted"] - told["deleted"], after[table] - before[table]
        else:
            said = (told["inserted"], told["updated"], told["deleted"])
            is_so = tuple(a - b for a, b in zip(after[table], before[table]))
            if told["rewritten"]:
                continue
        if said != is_so:
            raise Failed(f"{report['revision']}: of {table} the dry run said {said}, and the run "
                         f"did {is_so}")


def step(luamig, database, *words):
    """One revision: tried, then run. Returns its report."""
    report, = rehearse(luamig, database, *words)
    before, held = counts(database), contents(database)
    done, = [e for e in events(luamig, *words) if e["event"] == "step_finished"]
    check_rows(database, before, counts(database), report)
    check_contents(held, contents(database), report)
    if (done["rows"], done["statements"]) != (report["rows"], report["statements"]):
        raise Failed(f"{report['revision']}: the dry run said {report['statements']} statements and "
                     f"{report['rows']} rows, and the run did {done['statements']} and "
                     f"{done['rows']}")
    return report


def alike(one, other):
    """What two reports of the same revision must have in common."""
    keys = ("revision", "statements", "rows", "tables", "schema_diff")
    return [report[key] for report in (one,) for key in keys] == [other[key] for key in keys]


def check_whole(whole, single):
    for one, other in zip(whole, single):
        if not alike(one, other):
            raise Failed(f"{one['revision']} alone and in a chain:\n{one}\n{other}")
    if len(whole) != len(single):
        raise Failed(f"{len(whole)} reports of {len(single)} revisions")


def figures(value):
    """A report without what differs from one run to the next."""
    if isinstance(value, dict):
        return {key: figures(v) for key, v in value.items()
                if key not in ("seconds", "wal_bytes", "before", "after")}
    return [figures(v) for v in value] if isinstance(value, list) else value


def check_sandboxed(luamig, database, up):
    """What was told of scripts in the sandbox, where a dry run has them, is told without it."""
    for one, other in zip(up, rehearse(luamig, database, "upgrade", "--sandbox=off"), strict=True):
        if figures(one) != figures(other):
            raise Failed(f"{one['revision']} in the sandbox and without it:\n{one}\n{other}")


def unlogged(luamig, database, directory):
    """A file in WAL mode whose log holds more than the file does."""
    copy = directory / "copy"
    copy.mkdir()
    held = sqlite3.connect(database.path)
    held.execute("PRAGMA wal_autocheckpoint = 0")
    held.execute("CREATE TABLE luamig_trace (a)")
    held.commit()
    for suffix in ("", "-wal", "-shm"):
        shutil.copyfile(f"{database.path}{suffix}", f"{copy / 'test.db'}{suffix}")
    held.execute("DROP TABLE luamig_trace")
    held.commit()
    held.close()
    other = databases.Sqlite(copy)
    if (copy / "test.db-wal").stat().st_size == 0:
        raise Failed("the log holds nothing")
    rehearse(Program(luamig.path, luamig.directory, other.url), other, "upgrade", carried=False)
    if other.rows("SELECT name FROM sqlite_schema WHERE name = 'luamig_trace'") == []:
        raise Failed("what the log held is gone")


class Page(html.parser.HTMLParser):
    """The revisions that a page names in its headings, and whether its tags close."""

    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.headings = [], [], []
        self.feed(text)
        self.close()
        if self.open:
            raise Failed(f"the page leaves {self.open} open")

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        if {"src", "href", "onload"} & {name for name, _ in attrs} or tag == "script":
            raise Failed(f"the page asks for something else: {tag} {attrs}")

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise Failed(f"the page closes {tag} out of turn")

    def handle_data(self, data):
        self.texts.append(data)
        if self.open[-2:] == ["h2", "code"]:
            self.headings.append(data)


def check_page(luamig, database, revisions):
    """The report as a page: one file, whole, that names each revision."""
    page = luamig.directory / "report.html"
    luamig("upgrade", "--dry-run", "--max-block", "0", "--report", str(page))
    read = Page(page.read_text(encoding="utf-8"))
    if read.headings != revisions:
        raise Failed(f"the page shows {read.headings}, not {revisions}")
    if "line by line" not in " ".join(read.texts).lower():
        raise Failed("the page says nothing of the lines")


def make_project(program, name, database, directory):
    if name == "example":
        project = directory / "shop"
        shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("*.db", "*.db-*"))
        return Program(program, project, database.url), []
    project = directory / "project"
    project.mkdir()
    luamig = Program(program, project, database.url)
    stamped = run_chain.make_project(luamig, name)
    run_chain.start(database, name)
    return luamig, stamped


def run(program, name, engine, directory):
    database = databases.make("sqlite" if engine == "wal" else engine, directory)
    try:
        luamig, stamped = make_project(program, name, database, directory)
        if engine == "sqlite" and name == "example":
            rehearse(luamig, database, "upgrade")
            if database.path.exists():
                raise Failed("a dry run has made the database")
        if engine == "wal":
            database.rows("PRAGMA journal_mode = WAL")
        if stamped:
            luamig("stamp", *stamped)
        if engine == "wal":
            unlogged(luamig, database, directory)
        below = luamig.current()
        up = rehearse(luamig, database, "upgrade")
        check_sandboxed(luamig, database, up)
        check_page(luamig, database, [report["revision"] for report in up])
        check_whole(up, [step(luamig, database, "upgrade", report["revision"]) for report in up])
        down = rehearse(luamig, database, "downgrade", below[0] if below else "base")
        luamig("downgrade", below[0] if below else "base")
        if [r["revision"] for r in down] != [r["revision"] for r in reversed(up)]:
            raise Failed("the way down is another than the way up")
        rows = sum(report["rows"] for report in up)
        print(f"{name} on {engine}: {len(up)} revisions, {rows} rows")
        if rows == 0:
            raise Failed("nothing was compared")
    finally:
        database.drop()


def main():
    program, name, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]
    reason = run_chain.missing(name, "sqlite" if engine == "wal" else engine)
    if reason:
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-rehearsal-") as directory:
        try:
            run(program, name, engine, pathlib.Path(directory))
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
