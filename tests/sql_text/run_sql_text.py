#!/usr/bin/env python3
"""What `--sql` writes, fed to the database's own shell, does what the run itself does.

    run_sql_text.py PROGRAM sqlite|postgres [PART OF A FACT]

Every golden of tests/stdlib/goldens becomes a migration. It runs in one database, and its text,
written beside a second one that holds the same, runs there by `sqlite3 -bail` or
`psql -v ON_ERROR_STOP=1`. Schema, rows and books must be alike. Then whole projects, from an empty
database: the chain of ported migrations, and every kind of value. Ends with 77 where the engine is
not here.
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "chain")]

import databases  # noqa: E402
import fingerprint  # noqa: E402
import run_chain  # noqa: E402
from program import Failed, Program  # noqa: E402

MIGRATION = """revision = "aaaa11112222"
function upgrade() require("{room}")[{place}].call(op, sql) end
function downgrade() end
"""
BOOKS = """SELECT version_num, '' , '', '' FROM luamig_version UNION ALL
  SELECT revision, direction, outcome, coalesce(checksum, '') || ' ' || coalesce(required, '')
    FROM luamig_history ORDER BY 1, 2, 3, 4"""
# What only a run can do: nothing puts a PRAGMA back at the end of a text.
RUN_ALONE = {"sqlite": ("setting: a number", "setting: a word and a truth"), "postgres": ()}
# The instant of a row, and what the database counts up.
CLOCKS = ("created_at", "updated_at", "at")


def goldens(engine):
    lines = subprocess.run(["luajit", HERE / "list_goldens.lua", ROOT], check=True, text=True,
                           capture_output=True).stdout.splitlines()
    for line in lines:
        room, place, fact, *befores = line.split("\t")
        before = befores[0 if engine == "sqlite" else 1]
        if before != "-":
            yield room, place, bytes.fromhex(fact).decode(), bytes.fromhex(before[1:]).decode()


def make_project(directory):
    """A project whose library holds the goldens; `null` is what migrations have it by."""
    (directory / "migrations" / "versions").mkdir(parents=True)
    library = directory / "migrations" / "lib"
    library.mkdir()
    (directory / "luamig.toml").write_text('migrations = "migrations"\n')
    for path in (HERE.parent / "stdlib" / "goldens").glob("*.lua"):
        text = path.read_text(encoding="utf-8")
        text = text.replace('local null = require("luamig.core").null\n', "\n")
        (library / path.name).write_text(text, encoding="utf-8")


def feed(database, text):
    """Runs a text by the shell of the engine, as a person would."""
    if database.engine == "postgres":
        databases.answer_of(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", database.url, "-f", "-"],
                            text)
    else:
        databases.answer_of(["sqlite3", "-bail", database.path], text)


def state_of(database):
    if database.engine == "sqlite":
        taken = fingerprint.take(database, CLOCKS)
    else:
        schema = (HERE.parent / "support" / "postgres_schema.sql").read_text(encoding="utf-8")
        lines = "\n".join(" ".join(row) for row in database.rows(schema)).split("\n")
        taken = "\n".join(line for line in lines if "luamig_" not in line)
        taken += "\n" + "\n".join(rows_of(database))
    return taken + "\n" + "\n".join(" | ".join(row) for row in database.rows(BOOKS))


def rows_of(database):
    for table, columns in fingerprint.postgres_columns(database):
        names = ", ".join(sorted(fingerprint.quoted(name) for name in columns
                                 if name not in CLOCKS))
        if names:
            yield from sorted(f"row {table}: {' | '.join(row)}"
                              for row in database.rows(f"SELECT {names} FROM {table}"))


class Pair:
    """Two databases: one for the run, one for its text."""

    def __init__(self, engine, directory):
        self.online, self.fed = (self.make(engine, directory / name) for name in ("a", "b"))

    @staticmethod
    def make(engine, directory):
        directory.mkdir(exist_ok=True)
        return databases.make(engine, directory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.online.drop()
        self.fed.drop()

    def clear(self):
        self.online.clear()
        self.fed.clear()

    def compare(self, what):
        online, fed = state_of(self.online), state_of(self.fed)
        if online != fed:
            raise Failed(f"{what}: online\n{online}\nfed\n{fed}")


def check_golden(program, project, pair, golden):
    room, place, fact, before = golden
    (project / "migrations" / "versions" / "a.lua").write_text(
        MIGRATION.format(room=room, place=place), encoding="utf-8")
    pair.clear()
    for database in (pair.online, pair.fed):
        database.run(before + ";" if before.strip(" ;\n") else "SELECT 1;")
    online = Program(program, project, pair.online.url)
    fed = Program(program, project, pair.fed.url)
    online("upgrade")
    if fact in RUN_ALONE[pair.online.engine]:
        if not refuses(fed, "--sql"):
            raise Failed(f"{fact}: its text should be refused")
        return False
    text = fed("upgrade", "--sql")
    try:
        feed(pair.fed, text)
    except RuntimeError as problem:
        raise Failed(f"{fact}: {problem}\n{text}") from problem
    pair.compare(fact)
    return True


def refuses(luamig, *options):
    try:
        luamig("upgrade", *options)
    except Failed:
        return True
    return False


def check_all_goldens(program, engine, directory, part):
    project = directory / "goldens"
    make_project(project)
    with Pair(engine, directory) as pair:
        done = [check_golden(program, project, pair, golden)
                for golden in goldens(engine) if part in golden[2]]
    return done.count(True), done.count(False)


def check_project(program, project, engine, directory):
    """Up from nothing and down again, by the text and by the run."""
    with Pair(engine, directory) as pair:
        online = Program(program, project, pair.online.url)
        fed = Program(program, project, pair.fed.url)
        for way, target in (("upgrade", "head"), ("downgrade", "-1"), ("upgrade", "head")):
            online(way, target)
            feed(pair.fed, fed(way, target, "--sql"))
            pair.compare(f"{project.name}, {way} {target}")


def check_projects(program, engine, directory):
    for chain in (HERE.parent / "chain" / "porting_sa", HERE / "values"):
        project = directory / chain.name
        project.mkdir()
        run_chain.make_project(Program(program, project), chain)
        check_project(program, project, engine, directory)


def main():
    program, engine = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    part = sys.argv[3] if len(sys.argv) > 3 else ""
    if reason := databases.missing(engine):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-text-") as name:
        directory = pathlib.Path(name)
        try:
            alike, refused = check_all_goldens(program, engine, directory, part)
            if not part:
                check_projects(program, engine, directory)
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
    print(f"{engine}: the text does what the run does for {alike} goldens; {refused} are refused")
    return 0 if alike else 1


if __name__ == "__main__":
    sys.exit(main())
