#!/usr/bin/env python3
"""Schemas written down as models, and made again of them elsewhere.

    run_round_trip.py PROGRAM sqlite|postgres

Of each schema: schema dump gives models.lua; autogenerate writes the migration that makes it on an
empty database; then there is no difference left, to the models and between the two databases, by
luamig and by the databases' own catalogs. What dump --sql writes makes it too. The schemas are
everything_….sql and, where LUAMIG_TEST_DATA has it, Chinook. Ends with 77 where the engine is not here.
"""

import os
import pathlib
import sys
import tempfile

from project import HERE, Failed, Project

import databases

BESIDE = "-- What is not reflected"


def chinook(engine):
    folder = pathlib.Path(os.environ["LUAMIG_TEST_DATA"]) / "chinook"
    if engine == "sqlite":
        connection = databases.sqlite3.connect(folder / "Chinook_Sqlite.sqlite")
        schema = [row[0] for row in connection.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")]
        connection.close()
        return ";\n".join(schema), ""
    script = (folder / "Chinook_PostgreSql_SerialPKs.sql").read_text(encoding="utf-8")
    return databases.from_first_table(script), ""


def everything(engine):
    text = (HERE / f"everything_{engine}.sql").read_text(encoding="utf-8")
    schema, _, beside = text.partition(BESIDE)
    return schema, "--" + beside


def require(holds, what):
    if not holds:
        raise Failed(what)


def same(what, one, other):
    left, right = set(one.splitlines()), set(other.splitlines())
    if left != right:
        raise Failed("\n".join([what] + sorted(f"< {x}" for x in left - right)
                               + sorted(f"> {x}" for x in right - left)))


def dumped(project):
    """The comment that says what is missing, and the models."""
    text = project.luamig("schema", "dump")
    at = text.index("return {")
    return text[:at], text[at:]


def check(program, engine, directory, schema, beside):
    (directory / "one").mkdir()
    (directory / "other").mkdir()
    source = databases.make(engine, directory / "one")
    target = databases.make(engine, directory / "other")
    source.run(schema)
    with Project(program, source) as there, Project(program, target) as here:
        _, models = dumped(there)
        (here.migrations / "models.lua").write_text(models, encoding="utf-8")
        require(here.generate("aaaa"), "no difference to an empty database")
        here.luamig("check")
        require(dumped(here) == ("", models), "the dump of the dump is another one")
        here.luamig("schema", "diff", source.url)
        there.luamig("schema", "diff", target.url)
        same("the catalogs differ", there.holds(), here.holds())
        here.luamig("downgrade")
        require(here.luamig("schema", "dump") == "return {\n}\n", "something is left")
        target.run(there.luamig("schema", "dump", "--sql"))
        here.luamig("schema", "diff", source.url)
        (here.migrations / "whole.sql").write_text(there.luamig("schema", "dump", "--sql"),
                                                   encoding="utf-8")
        here.luamig("schema", "diff", "migrations/whole.sql")
        source.run(beside)
        head, now = dumped(there)
        require(not beside or "1 trigger" in head, "what is not reflected is not named")
        require(now == models, "what is not reflected changes the dump")
    source.drop()
    target.drop()


def main():
    program, engine = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    if why := databases.missing(engine):
        print(why)
        return databases.SKIPPED
    schemas = {"everything": everything}
    if os.environ.get("LUAMIG_TEST_DATA"):
        schemas["chinook"] = chinook
    else:
        print("skipped chinook: LUAMIG_TEST_DATA names no data")
    failed = 0
    for name, schema in schemas.items():
        with tempfile.TemporaryDirectory(prefix="luamig-trip-") as directory:
            try:
                check(program, engine, pathlib.Path(directory), *schema(engine))
                print(f"{engine}: {name} made again")
            except Failed as failure:
                failed += 1
                print(f"FAILED: {name}\n{failure}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
