"""Random schemas as models, and random changes of them."""

import copy

TYPES = {
    "integer": ["integer", "bigint", "smallint"],
    "bigint": ["bigint", "text"],
    "smallint": ["integer", "bigint"],
    "string": ["string", "text"],
    "text": ["text", "string", "integer"],
    "numeric": ["numeric", "text"],
}
SIZES = {"string": (20, 50, 200), "numeric": (8, 12, 20)}
ACTIONS = (None, "CASCADE", "SET NULL", "RESTRICT")
NUMBERS = ("integer", "bigint", "smallint", "numeric")


class Names:
    """Names that no other schema has: all begin with `start`."""

    def __init__(self, random, start):
        self.random, self.start, self.count = random, start, 0

    def new(self, prefix):
        self.count += 1
        name = self.start + prefix
        odd = self.random.random() < 0.1
        return f"{name} {self.count}'s" if odd else f"{name}_{self.count}"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def new_column(random, names, nullable=True):
    kind = random.choice(sorted(TYPES))
    column = {"name": names.new("c"), "type": kind, "size": 0}
    column["size"] = random.choice(SIZES.get(kind, (0,)))
    if random.random() < 0.4:
        column["default"] = random.randint(1, 50)
    if nullable and random.random() < 0.4:
        column["nullable"] = False
    if random.random() < 0.1:
        column["comment"] = f"It's {column['name']}"
    return column


def new_table(random, names, others):
    table = {"name": names.new("t"), "columns": [], "key": None, "parts": [], "forms": set()}
    if random.random() < 0.8:
        table["key"] = "id"
    for _ in range(random.choice((0, 0, 1, 2))):
        change_form(random, table)
    table["columns"] = [new_column(random, names) for _ in range(random.randint(2, 5))]
    for _ in range(random.randint(0, 4)):
        add_part(random, names, table, others + [table])
    return table


def change_form(random, table):
    """What SQLite's tables are as a whole, and others are not."""
    form = random.choice(("strict", "without_rowid", "autoincrement"))
    table["forms"] ^= {form}
    if not table["key"]:
        table["forms"] &= {"strict"}
    elif form == "without_rowid":
        table["forms"] -= {"autoincrement"}
    elif form == "autoincrement":
        table["forms"] -= {"without_rowid"}


def add_part(random, names, table, tables):
    """A constraint, an index or a view."""
    kind = random.choice(("unique", "check", "index", "index", "partial", "reference", "computed",
                          "view"))
    column = random.choice(table["columns"])
    part = {"kind": kind, "columns": [column["name"]], "name": None, "include": None}
    if kind in ("unique", "index", "view") and random.random() < 0.3 and len(table["columns"]) > 1:
        part["columns"] = [c["name"] for c in random.sample(table["columns"], 2)]
    elif kind == "unique" and random.random() < 0.2:
        part["include"] = random.choice(table["columns"])["name"]
    if kind in ("index", "partial", "view") or random.random() < 0.5:
        part["name"] = names.new("n").replace(" ", "_").replace("'", "")
    part["unique"] = kind == "index" and random.random() < 0.2
    part["bound"] = random.randint(-20, 0)
    if kind == "reference":
        targets = [t["name"] for t in tables if t["key"]]
        if not targets:
            return
        part["target"], part["ondelete"] = random.choice(targets), random.choice(ACTIONS)
        part["column"] = names.new("r")
    if kind in ("check", "partial", "computed") and column["type"] not in NUMBERS:
        return
    if kind == "computed":
        part["column"] = names.new("k")
    table["parts"].append(part)


def lua(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def options(**given):
    parts = [f"{name} = {value}" for name, value in given.items() if value is not None]
    return ", { " + ", ".join(parts) + " }" if parts else ""


def column_text(column):
    kind, default = column["type"], column.get("default")
    size = f", {column['size']}" if kind in SIZES else ""
    size += ", 2" if kind == "numeric" else ""
    if default is not None and kind not in ("integer", "bigint", "smallint", "numeric"):
        default = lua(default)
    return f"t:{kind}({lua(column['name'])}{size}" + options(
        nullable="false" if column.get("nullable") is False else None, server_default=default,
        comment=lua(column["comment"]) if column.get("comment") else None,
        renamed_from=lua(column["was"]) if "was" in column else None) + ")"


def part_text(part):
    kind, columns = part["kind"], "{ " + ", ".join(lua(c) for c in part["columns"]) + " }"
    name = lua(part["name"]) if part["name"] else None
    number = f"{quoted(part['columns'][0])} > {part['bound']}"
    if kind == "unique":
        include = f"{{ {lua(part['include'])} }}" if part["include"] else None
        return f"t:unique({columns}{options(name=name, include=include)})"
    if kind == "check":
        return f"t:check({lua(number)}{options(name=name)})"
    if kind == "index":
        return f"t:index({name}, {columns}{options(unique='true' if part['unique'] else None)})"
    if kind == "partial":
        return f"t:index({name}, {columns}{options(where=lua(number))})"
    if kind == "computed":
        return (f"t:numeric({lua(part['column'])}, 30, 2"
                f"{options(computed=lua(quoted(part['columns'][0]) + ' * 2'))})")
    action = lua(part["ondelete"]) if part["ondelete"] else None
    if not part["name"]:
        return (f"t:bigint({lua(part['column'])}"
                f"{options(references=lua(part['target'] + '.id'), ondelete=action)})")
    return (f"t:bigint({lua(part['column'])}) t:foreign_key({{ {lua(part['column'])} }}, "
            f"{{ {lua(part['target'] + '.id')} }}{options(name=name, ondelete=action)})")


def text(table):
    """The table as an item of models.lua."""
    forms, lines = table["forms"], []
    if "autoincrement" in forms:
        lines = ['t:bigint("id", { primary_key = true, autoincrement = true })']
    elif table["key"]:
        lines = ["t:id()"]
    lines += [column_text(c) for c in table["columns"]]
    lines += [part_text(p) for p in table["parts"] if p["kind"] != "view"]
    said = options(renamed_from=lua(table["was"]) if "was" in table else None,
                   strict="true" if "strict" in forms else None,
                   without_rowid="true" if "without_rowid" in forms else None)
    return f"sql.table({lua(table['name'])}{said}, function(t) {' '.join(lines)} end)"


def view_text(part, table):
    columns = ", ".join(quoted(c) for c in part["columns"])
    return f"sql.view({lua(part['name'])}, {lua(f'SELECT {columns} FROM ' + quoted(table['name']))})"


def items(tables):
    """All that models.lua lists."""
    views = [view_text(p, t) for t in tables for p in t["parts"] if p["kind"] == "view"]
    return [text(t) for t in tables] + views


def random_models(random, names):
    tables = []
    for _ in range(random.randint(1, 4)):
        tables.append(new_table(random, names, tables))
    return tables


def rename_column(random, names, table):
    column = random.choice(table["columns"])
    old, column["name"] = column["name"], names.new("c")
    column["was"] = old
    for part in table["parts"]:
        part["columns"] = [column["name"] if c == old else c for c in part["columns"]]
        part["include"] = column["name"] if part["include"] == old else part["include"]


def rename_table(names, table, tables):
    old, table["name"] = table["name"], names.new("t")
    table["was"] = old
    for other in tables:
        for part in other["parts"]:
            if part.get("target") == old:
                part["target"] = table["name"]


def drop_table(random, tables):
    table = random.choice(tables)
    tables.remove(table)
    for other in tables:
        other["parts"] = [p for p in other["parts"] if p.get("target") != table["name"]]


def drop_column(random, table):
    column = random.choice(table["columns"])
    if len(table["columns"]) > 1 and not column.get("required"):
        table["columns"].remove(column)
        table["parts"] = [p for p in table["parts"]
                          if column["name"] not in (*p["columns"], p["include"])]


def alter_column(random, table):
    column = random.choice(table["columns"])
    what = random.choice(("type", "default", "nullable", "comment"))
    bound = [p for p in table["parts"] if column["name"] in p["columns"]]
    if what == "type" and not any(p["kind"] in ("check", "partial", "computed") for p in bound):
        column["type"] = random.choice(TYPES[column["type"]])
        column["size"] = max(SIZES.get(column["type"], (0,)))
    elif what == "default":
        column["default"] = random.choice((None, 7, 8))
    elif what == "comment":
        column["comment"] = None if column.get("comment") else "another one"
    elif "required" in column:
        column["nullable"] = not column.get("nullable", True)


def holds_one_value(table, fresh):
    """Whether every row would hold the same where a unique constraint or index wants none alike:
    `fresh` are the columns that are new to rows that are there."""
    filled = {c["name"] for c in table["columns"]
              if c["name"] in fresh and c.get("default") is not None}
    return any(set(p["columns"]) <= filled for p in table["parts"]
               if p["kind"] == "unique" or p["unique"])


def can_be(before, after):
    """Whether rows allow the changes, and the way back."""
    for table in after:
        was = next((t for t in before if t["name"] == table.get("was", table["name"])), None)
        if was:
            kept = {c.get("was", c["name"]): c["name"] for c in table["columns"]}
            olds = {c["name"] for c in was["columns"]}
            new = {name for old, name in kept.items() if old not in olds}
            if holds_one_value(table, new) or holds_one_value(was, olds - set(kept)):
                return False
    return True


def changed(random, names, before):
    """The models after some changes that rows allow."""
    while True:
        after = change(random, names, before)
        if can_be(before, after):
            return after


def change(random, names, tables):
    tables = copy.deepcopy(tables)
    for column in (column for table in tables for column in table["columns"]):
        # Where there are rows, such a column is dropped for good, and a new one cannot be such.
        column["required"] = column.get("nullable") is False and "default" not in column
    for _ in range(random.randint(1, 6)):
        kind = random.choice(("table", "drop table", "rename table", "column", "drop column",
                              "rename column", "alter", "alter", "part", "drop part", "form"))
        table = random.choice(tables) if tables else None
        if kind == "table" or not table:
            tables.append(new_table(random, names, tables))
        elif kind == "drop table":
            drop_table(random, tables)
        elif kind == "rename table" and "was" not in table:
            rename_table(names, table, tables)
        elif kind == "column":
            column = new_column(random, names, nullable=False)
            table["columns"].insert(random.randint(0, len(table["columns"])), column)
        elif kind == "drop column":
            drop_column(random, table)
        elif kind == "rename column" and not any("was" in c for c in table["columns"]):
            rename_column(random, names, table)
        elif kind == "alter":
            alter_column(random, table)
        elif kind == "form":
            change_form(random, table)
        elif kind == "part":
            add_part(random, names, table, tables)
        elif kind == "drop part" and table["parts"]:
            table["parts"].remove(random.choice(table["parts"]))
    return tables
