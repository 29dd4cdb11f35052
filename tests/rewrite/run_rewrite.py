#!/usr/bin/env python3
"""op.backfill with rewrite = true, on tables that have something which a plain swap would lose.

    run_rewrite.py PROGRAM

The rows must be what an UPDATE makes of them, and what pg_dump says of the schema the same as before;
a table has been made anew exactly where nothing stands in the way, and else the output says what.
"""

import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import databases  # noqa: E402
from tables import HEAD, ROWS, TABLE, TABLES  # noqa: E402

REVISION = """revision = "{id}"
{more}
function upgrade()
{body}
end
function downgrade() end
"""
BACKFILL = """  {before}local counts = op.backfill("{table}", {{ read = {{ "v" }}, write = {{ "v" }},
    rewrite = true, where = "id <> :not", params = {{ ["not"] = 7 }}{schema}{options} }}, function(row)
    {inside}if row.id % 10 == 0 then return "delete" end
    if row.id % 3 ~= 0 then return {{ v = row.v .. "!" }} end
  end)
  assert(counts.read == 49 and counts.deleted == 5 and counts.changed == 29, "counts")
"""
EXPECTED = [[str(i), f"v{i}" + ("!" if i % 3 and i != 7 else "")] for i in range(1, 51) if i % 10]


class Project:
    def __init__(self, program, root):
        self.program, self.versions, self.last = program, root / "migrations/versions", None
        self.root = root
        self.versions.mkdir(parents=True)
        (root / "luamig.toml").touch()

    def run(self, url, body, more="", fails=False):
        number = len(list(self.versions.iterdir())) + 1
        revision = f"{number:012x}"
        head = f'down_revision = "{self.last}"\n{more}' if self.last else more
        path = self.versions / f"{revision}.lua"
        path.write_text(REVISION.format(id=revision, more=head, body=body))
        done = subprocess.run([self.program, "-u", url, "upgrade"], cwd=self.root, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120, check=False)
        if (done.returncode != 0) != fails:
            sys.exit(f"luamig upgrade ended with {done.returncode}\n{done.stdout}")
        if fails:
            path.unlink()
        else:
            self.last = revision
        return done.stdout


def require(condition, *said):
    if not condition:
        sys.exit("\n".join(map(str, said)))


def backfill(table, inside="", options="", before=""):
    schema, _, name = table.rpartition(".")
    return "  do\n" + BACKFILL.format(table=name, inside=inside, options=options, before=before,
                                    schema=f', schema = "{schema}"' if schema else "") + "  end\n"


def dump(base):
    """The schema, but for luamig's own tables."""
    lines = base.dump_schema("-T", "luamig_*").splitlines()
    return [line for line in lines if not line.startswith(("\\restrict", "\\unrestrict"))]


def oid_of(base, name):
    return base.rows(f"SELECT '{name}'::regclass::oid")[0][0]


def others_of(base, name):
    """All but what the function changes, in the order of the key."""
    return base.rows(f"SELECT to_jsonb(t) - 'v', t.tableoid::regclass FROM {name} AS t"
                     " WHERE id % 10 <> 0 ORDER BY id")


def positions(base):
    return [base.rows(f'SELECT last_value, is_called FROM {name}') for name in
            ('"Counted\'s No"', "serial_one_no_seq", "never_counted_no_seq")]


def make(base, role):
    base.run(f"SET allow_in_place_tablespaces = on; CREATE TABLESPACE {role}_space LOCATION ''")
    script = [HEAD]
    for name, (before, after, _) in TABLES.items():
        persistence = "UNLOGGED " if name == "light" else ""
        script += [TABLE.format(name=name, persistence=persistence), before + ";",
                   ROWS.format(name=name), after.replace("{r}", role) + ";"]
    base.run("\n".join(script).replace("{r}", role))


def same_schema(base, before):
    after = dump(base)
    require(before == after, "the schema is another", *sorted(set(before) ^ set(after)))


def all_tables(program, root, base, role):
    """Every table by itself, in one revision."""
    project = Project(program, root)
    make(base, role)
    before, oids, places = dump(base), {t: oid_of(base, t) for t in TABLES}, positions(base)
    others = {t: others_of(base, t) for t in TABLES}
    said = project.run(base.url, "".join(map(backfill, TABLES)))
    same_schema(base, before)
    require(places == positions(base), "a sequence has moved", places, positions(base))
    for name, (_, _, why) in TABLES.items():
        plain = name.rpartition(".")[2]
        lines = [line.strip() for line in said.splitlines() if f"backfill {plain}: " in line]
        said_why = [f"backfill {plain}: not by a new table: {why.replace('{r}', role)}"] if why else []
        require(lines == said_why, f"{name}: said", *lines, "for", *said_why)
        require((oid_of(base, name) == oids[name]) == bool(why), f"{name}: made anew, or not")
        require(base.rows(f"SELECT id, v FROM {name} ORDER BY id") == EXPECTED, f"{name}: its rows")
        require(others_of(base, name) == others[name], f"{name}: what was not to be changed is")
    statistics = base.rows("SELECT count(*) FROM pg_stats WHERE tablename = 'analyzed'")
    require(statistics == [["3"]], "the planner knows nothing of it any more")
    base.run("INSERT INTO counted (id, v) VALUES (1000, 'next'); INSERT INTO serial_one (id) VALUES (99)")


def whole_database(program, root, base, _):
    """What concerns every table of a database."""
    base.run((TABLE + ROWS).format(name="plain", persistence=""))
    project = Project(program, root)
    oid = oid_of(base, "plain")
    base.run("CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
             "CREATE EVENT TRIGGER watcher ON ddl_command_end EXECUTE FUNCTION seen()")
    said = project.run(base.url, backfill("plain"))
    require("not by a new table: there is the event trigger watcher" in said, said)
    base.run("DROP EVENT TRIGGER watcher; TRUNCATE plain; CREATE PUBLICATION all_of_it FOR ALL TABLES;"
             + ROWS.format(name="plain"))
    said = project.run(base.url, backfill("plain"))
    require("not by a new table: the publication all_of_it has it" in said, said)
    require(oid_of(base, "plain") == oid, "it was made anew")


def as_somebody(program, root, base, role):
    """By a user who is no superuser."""
    user = f"{role}_user"
    base.run(f"CREATE ROLE {user} LOGIN; CREATE ROLE {role}_group; GRANT {role}_group TO {user};"
             f"CREATE ROLE {role}_closed; GRANT {role}_closed TO {user};"
             f"GRANT CREATE ON SCHEMA public TO {user}, {role}_group; CREATE SCHEMA tight;"
             f"GRANT USAGE ON SCHEMA tight TO {user}; CREATE TABLE plans (id int PRIMARY KEY);"
             "INSERT INTO plans SELECT generate_series(1, 50)")
    reasons = {"mine": None, "ours": None, "theirs": f"{role}_closed owns it",
               "tight.kept": "nothing can be created in the schema tight",
               "refers": "the constraint refers_n_fkey refers to a table that the user may not refer to"}
    owners = {"ours": f"{role}_group", "theirs": f"{role}_closed"}
    for name in reasons:
        base.run((TABLE + ROWS).format(name=name, persistence=""))
        more = " ADD FOREIGN KEY (n) REFERENCES plans," if name == "refers" else ""
        base.run(f"ALTER TABLE {name} {more} OWNER TO {owners.get(name, user)}")
    before, oids = dump(base), {t: oid_of(base, t) for t in reasons}
    parts = urllib.parse.urlsplit(base.url)
    url = parts._replace(netloc=user + "@").geturl()
    said = Project(program, root).run(url, "".join(map(backfill, reasons)))
    same_schema(base, before)
    for name, why in reasons.items():
        require((oid_of(base, name) == oids[name]) == bool(why), f"{name}: made anew, or not", said)
        require(why is None or f"not by a new table: {why}\n" in said, name, why, said)
        require(base.rows(f"SELECT id, v FROM {name} ORDER BY id") == EXPECTED, f"{name}: its rows")


def functions(program, root, base, _):
    """Functions that do more than to look at their row."""
    project = Project(program, root)

    def fresh(more=""):
        base.run("DROP TABLE IF EXISTS plain, log; CREATE TABLE log (id int, what text);"
                 + (TABLE + ROWS).format(name="plain", persistence="") + more)
        return oid_of(base, "plain")

    def has(expected):
        found = base.rows("SELECT id, v FROM plain ORDER BY id")
        require(found == expected, "its rows", found)

    oid = fresh()
    said = project.run(base.url, backfill("plain", 'db:execute("UPDATE plain SET n = -1 WHERE id = '
                                          '$1", { row.id })\n    '))
    require("not by a new table: the function changes rows of the table by itself" in said, said)
    has(EXPECTED)
    require(base.rows("SELECT count(*) FROM plain WHERE n = -1") == [["44"]], "n of each", said)
    require(oid_of(base, "plain") == oid, "it was made anew")
    # Asks, writes elsewhere, and fails within a pcall.
    oid = fresh()
    project.run(base.url, backfill("plain", """assert(db:scalar("SELECT count(*) FROM plain") == 50)
    db:try(function() db:execute("INSERT INTO nowhere VALUES (1)") end)
    db:execute("INSERT INTO log VALUES ($1, 'seen')", { row.id })
    """))
    has(EXPECTED)
    require(base.rows("SELECT count(DISTINCT id), count(*) FROM log") == [["49", "49"]], "log")
    require(oid_of(base, "plain") != oid, "it was not made anew")
    # A table that is empty, and one that becomes so.
    oid = fresh("DELETE FROM plain;")
    everything = '  op.backfill("plain", { read = "v", rewrite = true }, function() return "delete" end)'
    project.run(base.url, everything)
    require(oid_of(base, "plain") != oid, "the empty one was not made anew")
    oid = fresh()
    project.run(base.url, everything)
    require(oid_of(base, "plain") != oid, "the one that is emptied was not made anew")
    has([])
    # In a pcall that fails, all is as it was.
    oid, before = fresh(), dump(base)
    body = "  pcall(function()\n" + backfill("plain") + "error('no') end)\n"
    project.run(base.url, body)
    has([[str(i), f"v{i}"] for i in range(1, 51)])
    require(oid_of(base, "plain") == oid, "it was made anew")
    # What the function raises is an error of its row, and what the database refuses too.
    said = project.run(base.url, backfill("plain", "assert(row.id ~= 33, 'not this one')\n    "),
                       fails=True)
    require("not this one (plain, id = 33)" in said, said)
    base.run("ALTER TABLE plain ADD CHECK (v <> 'v23!')")
    said = project.run(base.url, backfill("plain"), fails=True)
    require("(plain, id = 23; given v = 'v23!')" in said, said)
    has([[str(i), f"v{i}"] for i in range(1, 51)])
    require(dump(base) != before and oid_of(base, "plain") == oid, "it was made anew")


def durable(program, root, base, _):
    """In a durable revision: one step where nothing stands in the way, else batches."""
    project = Project(program, root)
    base.run((TABLE + ROWS).format(name="plain", persistence="")
             + (TABLE + ROWS).format(name="viewed", persistence="")
             + "CREATE VIEW v AS SELECT v FROM viewed")
    oid = oid_of(base, "plain")
    said = project.run(base.url, backfill("plain", options=", batch = 10")
                       + backfill("viewed", options=", batch = 10"), "transactional = false")
    require("not by a new table: view v depends on it" in said, said)
    require(oid_of(base, "plain") != oid, "it was not made anew")
    for name in ("plain", "viewed"):
        require(base.rows(f"SELECT id, v FROM {name} ORDER BY id") == EXPECTED, f"{name}: its rows")


def run(part, program):
    base = databases.Postgres()
    role = f"{base.name}_r"
    try:
        with tempfile.TemporaryDirectory() as name:
            part(program, pathlib.Path(name), base, role)
    finally:
        base.drop()
        roles = base.psql(base.server, f"SELECT rolname FROM pg_roles WHERE rolname LIKE '{role}%'")
        for one in roles.split():
            base.psql(base.server, f"DROP OWNED BY {one}; DROP ROLE {one}")
        base.psql(base.server, f"DROP TABLESPACE IF EXISTS {role}_space")


def main():
    reason = databases.missing("postgres")
    if reason:
        print(f"skipped: {reason}")
        sys.exit(databases.SKIPPED)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    for part in (all_tables, whole_database, as_somebody, functions, durable):
        run(part, program)
    print("every table is what it was, and its rows are what they should be")


main()
