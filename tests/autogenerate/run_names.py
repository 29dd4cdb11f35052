#!/usr/bin/env python3
"""Models in which everything has the same few names: columns, values of enums, texts, functions, types.

    run_names.py PROGRAM sqlite|postgres [FIRST SEED] [HOW MANY]

Random changes of them are found, applied, taken back and applied again. Ends with 77 where the engine
is not here.
"""

import copy
import pathlib
import random
import sys
import tempfile

from models import lua, quoted
from project import Failed, Project

import databases

WORDS = ("a", "b", "note", "length", "text", "date", "nocase", "state")
CHECKS = ("{c} <> '{w}'", "length({c}) > 0", "CAST({c} AS text) <> '{w}'", "lower({c}) || '{w}' > {d}")
SEEDS = {"sqlite": 60, "postgres": 15}


class Models:
    def __init__(self, chance):
        self.chance, self.count = chance, 0
        self.enums = {name: chance.sample(WORDS, 3) for name in ("mood", "state")}
        self.tables = [{"name": name, "columns": {}, "parts": []} for name in ("t", "u")]
        for table in self.tables:
            for _ in range(3):
                self.add_column(table)
            for _ in range(2):
                self.add_part(table)

    def add_column(self, table):
        left = [w for w in WORDS if w not in table["columns"]]
        if left:
            kind = self.chance.choice(("text", "text", *self.enums))
            table["columns"][self.chance.choice(left)] = {"kind": kind}

    def drop_column(self, table):
        name = self.chance.choice(list(table["columns"]))
        if len(table["columns"]) > 1:
            del table["columns"][name]
            self.drop_parts(table, name)

    def drop_parts(self, table, name):
        table["parts"] = [p for p in table["parts"] if name not in (p["c"], p["d"])]

    def add_part(self, table):
        texts = [n for n, c in table["columns"].items() if c["kind"] == "text"]
        if texts:
            self.count += 1
            c, d = self.chance.choice(texts), self.chance.choice(texts)
            kind = self.chance.choice(("check", "unique", "index"))
            table["parts"].append({"kind": kind, "c": c, "d": d, "w": self.chance.choice(WORDS),
                                   "text": self.chance.choice(CHECKS),
                                   "named": self.chance.random() < 0.5, "number": self.count})

    def drop_part(self, table):
        if table["parts"]:
            table["parts"].remove(self.chance.choice(table["parts"]))

    def change_kind(self, table):
        name = self.chance.choice(list(table["columns"]))
        table["columns"][name]["kind"] = self.chance.choice(("text", *self.enums))
        if table["columns"][name]["kind"] != "text":
            self.drop_parts(table, name)

    def change_enum(self, _):
        values = self.enums[self.chance.choice(list(self.enums))]
        left = [w for w in WORDS if w not in values]
        if left and self.chance.random() < 0.6:
            values.insert(self.chance.randint(0, len(values)), self.chance.choice(left))
        elif len(values) > 1:
            values.remove(self.chance.choice(values))

    def rename_column(self, table):
        old = self.chance.choice(list(table["columns"]))
        left = [w for w in WORDS if w not in table["columns"]]
        if left and not any("was" in c for c in table["columns"].values()):
            new = self.chance.choice(left)
            table["columns"] = {new if n == old else n: c for n, c in table["columns"].items()}
            table["columns"][new]["was"] = old
            for part in table["parts"]:
                part["c"], part["d"] = (new if part[k] == old else part[k] for k in "cd")

    def rename_table(self, table):
        if "was" not in table:
            table["was"], table["name"] = table["name"], table["name"] + "2"

    def changed(self):
        after = copy.deepcopy(self)
        for _ in range(self.chance.randint(1, 4)):
            table = self.chance.choice(after.tables)
            self.chance.choice((after.add_column, after.drop_column, after.add_part, after.drop_part,
                                after.change_kind, after.change_enum, after.rename_column,
                                after.rename_table))(table)
        # A name that is free again by a rename is nobody's.
        for table in after.tables:
            freed = {c.get("was") for c in table["columns"].values()}
            for name in freed & set(table["columns"]):
                del table["columns"][name]
                after.drop_parts(table, name)
        return after

    def items(self):
        for table in self.tables:
            lines = ["t:id()"]
            lines += [self.column(name, c) for name, c in table["columns"].items()]
            lines += [part_text(part) for part in table["parts"]]
            was = f", {{ renamed_from = {lua(table['was'])} }}" if "was" in table else ""
            yield f"sql.table({lua(table['name'])}{was}, function(t) {' '.join(lines)} end)"

    def column(self, name, c):
        was = f", {{ renamed_from = {lua(c['was'])} }}" if "was" in c else ""
        if c["kind"] == "text":
            return f"t:text({lua(name)}{was})"
        values = ", ".join(lua(v) for v in self.enums[c["kind"]])
        return f"t:enum({lua(name)}, {lua(c['kind'])}, {{ {values} }}{was})"


def part_text(part):
    said = part["text"].format(c=quoted(part["c"]), d=quoted(part["d"]), w=part["w"])
    name = f"n{part['number']}"
    named = f", {{ name = {lua(name)} }}" if part["named"] else ""
    if part["kind"] == "check":
        return f"t:check({lua(said)}{named})"
    columns = ", ".join(lua(c) for c in dict.fromkeys((part["c"], part["d"])))
    if part["kind"] == "unique":
        return f"t:unique({{ {columns} }}{named})"
    return f"t:index({lua(name)}, {{ {columns} }}, {{ where = {lua(said)} }})"


def check(project, seed):
    before = Models(random.Random(seed))
    after = before.changed()
    luamig = project.luamig
    project.restart()
    project.write(before.items())
    project.write(before.items(), "before.lua")
    project.generate("aaaa")
    holds = project.holds()
    project.write(after.items())
    made = project.generate("bbbb")
    luamig("check")
    if made:
        luamig("downgrade")
        luamig("schema", "diff", "migrations/before.lua")
        if project.holds() != holds:
            raise Failed(f"the downgrade leaves another schema\n--- before\n{holds}\n"
                         f"--- now\n{project.holds()}")
        luamig("upgrade")
        luamig("check")


def main():
    program, engine = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    if why := databases.missing(engine):
        print(why)
        return databases.SKIPPED
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    count = int(sys.argv[4]) if len(sys.argv) > 4 else SEEDS[engine]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="luamig-names-") as directory:
        database = databases.make(engine, pathlib.Path(directory))
        with Project(program, database) as project:
            for seed in range(first, first + count):
                try:
                    check(project, seed)
                except (Failed, databases.sqlite3.Error) as failure:
                    failed += 1
                    made = "".join(p.read_text() for p in project.migrations.glob("versions/bbbb*"))
                    print(f"FAILED: seed {seed}\n{failure}\n{made}")
                database.clear()
        database.drop()
    print(f"{engine}: seeds {first} to {first + count - 1}, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
