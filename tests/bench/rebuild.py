#!/usr/bin/env python3
"""A table of a million rows on SQLite: made anew, and edited.

    rebuild.py PROGRAM [ROWS]

A rebuild is timed beside the same statements in SQLite's shell, an edit of the table's text beside
the query that looks at the rows; each three times, in turn, the best counts. The exit status is 1
when a limit is exceeded.
"""

import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "rebuild"))

from project import Project  # noqa: E402

ROUNDS = 3
TABLE = """CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, n INT, at TEXT,
  CONSTRAINT k CHECK (n >= 0))"""
SHELL = f"""BEGIN IMMEDIATE;
PRAGMA legacy_alter_table = ON;
ALTER TABLE t RENAME TO old_t;
{TABLE.replace("n INT", "n BIGINT")};
INSERT INTO t (id, name, n, at) SELECT id, name, n, at FROM old_t;
DROP TABLE old_t;
CREATE INDEX t_name ON t (name);
COMMIT;"""


def fill(project, rows):
    project.run(f"""{TABLE};
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows})
INSERT INTO t SELECT i, 'name ' || (i * 7919 % {rows}), i % 1000, '2024-01-01 00:00:00' FROM s;
CREATE INDEX t_name ON t (name);
CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p SELECT DISTINCT n FROM t;""")


def timed(action, *arguments):
    began = time.monotonic()
    action(*arguments)
    return time.monotonic() - began


def shell(path, text):
    subprocess.run(["sqlite3", "-bail", str(path)], input=text, text=True, check=True,
                   stdout=subprocess.DEVNULL)


def nothing(project):
    return timed(project.upgrade, "")


def compare(project, body, text):
    """The best seconds of luamig, without what an empty revision takes, and of the shell."""
    ours, theirs = [], []
    saved = project.directory / "saved.db"
    shutil.copyfile(project.path, saved)
    for _ in range(ROUNDS):
        theirs.append(timed(shell, project.path, text))
        shutil.copyfile(saved, project.path)
        empty = nothing(project)
        ours.append(timed(project.upgrade, body) - empty)
        shutil.copyfile(saved, project.path)
        project.made = 1
        for path in project.versions.glob("r[2-9]*.lua"):
            path.unlink()
    saved.unlink()
    return min(ours), min(theirs)


# What, the migration, and the query that finds a row against it.
EDITS = (
    ("SET NOT NULL", 'op.alter_column("t", "name", { nullable = false })',
     "SELECT 1 FROM t WHERE name IS NULL LIMIT 1;"),
    ("CHECK", 'op.create_check_constraint("c", "t", "n < 5000")',
     "SELECT 1 FROM t WHERE NOT (n < 5000) LIMIT 1;"),
    ("FOREIGN KEY", 'op.create_foreign_key("f", "t", "p", "n", "id")',
     "SELECT 1 FROM t WHERE n IS NOT NULL AND NOT EXISTS (SELECT 1 FROM p WHERE p.id = t.n) "
     "LIMIT 1;"),
    ("DROP CONSTRAINT", 'op.drop_constraint("k", "t")', "SELECT 1;"),
    ("RENAME CONSTRAINT", 'op.rename_constraint("k", "k2", "t")', "SELECT 1;"),
)


def show(what, ours, theirs, verdict, good):
    print(f"{what:24} luamig {ours * 1000:7.0f} ms   shell {theirs * 1000:7.0f} ms   {verdict}"
          f"{'' if good else '  EXCEEDED'}", flush=True)
    return good


def main():
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with Project(sys.argv[1]) as project:
        fill(project, rows)
        project.upgrade("")
        ours, theirs = compare(project, 'op.alter_column("t", "n", { type = sql.bigint })', SHELL)
        good = show("rebuild", ours, theirs, f"{ours / theirs:.2f} x (limit 1.3 x)",
                    ours <= 1.3 * theirs)
        for what, body, probe in EDITS:
            ours, theirs = compare(project, body, probe)
            over = (ours - theirs) * 1000
            good &= show(what, ours, theirs, f"{over:+.0f} ms (limit +50 ms)", over <= 50)
    return 0 if good else 1


sys.exit(main())
