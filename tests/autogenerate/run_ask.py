#!/usr/bin/env python3
"""A rename that the models do not speak of: asked for on a terminal, and never guessed.

    run_ask.py PROGRAM sqlite|postgres
"""

import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile
import time

from project import Failed, Project

import databases
from program import NOT_PASSED_ON

BEFORE = ('sql.table("users", function(t) t:id() t:string("mail", 255) t:integer("age") end)',
          'sql.table("notes", function(t) t:id() t:text("body") end)')
AFTER = ('sql.table("users", function(t) t:id() t:string("email", 255) t:integer("years") end)',
         'sql.table("remarks", function(t) t:id() t:text("body") end)')
QUESTIONS = ("is notes now remarks? [y/N] ", "is users.mail now users.email? [y/N] ",
             "is users.age now users.years? [y/N] ")
PATIENCE = 30  # seconds
GENERATE = ("revision", "--autogenerate", "-m", "x", "--rev-id", "bbbb")


def answer(project, answers, *words):
    """Runs it on a terminal, and answers each question when it is asked. Returns what was shown."""
    person, terminal = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
    run = subprocess.Popen([project.luamig.path, "-u", project.database.url, *GENERATE, *words],
                           cwd=project.directory, env=environment, stdin=terminal,
                           stdout=subprocess.PIPE, stderr=terminal)
    os.close(terminal)
    shown, until, asked = "", time.monotonic() + PATIENCE, 0
    while time.monotonic() < until:
        if not select.select([person], [], [], 0.1)[0]:
            if run.poll() is not None:
                break
            continue
        try:
            shown += os.read(person, 4096).decode()
        except OSError:  # nobody has the other end any more
            break
        if asked < len(answers) and shown.count("[y/N] ") > asked:
            os.write(person, f"{answers[asked]}\n".encode())
            asked += 1
    os.close(person)
    if run.wait(timeout=PATIENCE) != 0:
        raise Failed(f"ended with {run.returncode}: {shown}")
    return shown


def written(project):
    path, = project.migrations.glob("versions/bbbb*")
    text = path.read_text(encoding="utf-8")
    path.unlink()
    return text[text.index("function upgrade()"):text.index("function downgrade()")]


def require(text, *wanted, without=()):
    for one in wanted:
        if one not in text:
            raise Failed(f"'{one}' is not in\n{text}")
    for one in without:
        if one in text:
            raise Failed(f"'{one}' is in\n{text}")


RENAMES = ('op.rename_table("notes", "remarks")', 'op.rename_column("users", "mail", "email")')
GUESSES = ('-- is notes now remarks? Then let the models say renamed_from = "notes"\n'
           '  op.create_table("remarks"',
           '-- is users.mail now users.email? Then let the models say renamed_from = "mail"\n'
           '  op.add_column("users"')


def check(project):
    project.write(BEFORE)
    project.generate("aaaa")
    project.write(AFTER)
    shown = answer(project, ("y", "yes", ""))
    require(shown, *QUESTIONS)
    require(written(project), *RENAMES, 'op.drop_column("users", "age")', without=("-- is ",))
    require(answer(project, ("n", "no", "what?")), *QUESTIONS)
    require(written(project), 'op.drop_table("notes")', without=("rename", "-- is "))
    for flag in ("--no-input", "--yes"):
        require(answer(project, (), flag), without=("[y/N]",))
        require(written(project), *GUESSES, without=("op.rename",))
    project.luamig(*GENERATE)  # without a terminal
    require(written(project), *GUESSES, without=("op.rename",))
    # Of two that are alike nobody knows which is meant.
    project.write([AFTER[0].replace('t:string("email", 255)',
                                    't:string("email", 255) t:string("other", 255)'), BEFORE[1]])
    require(answer(project, ("y",)), QUESTIONS[2], without=("users.mail",))
    require(written(project), 'op.rename_column("users", "age", "years")')
    # What was said to be a rename leads to the models.
    project.write(AFTER)
    answer(project, ("y", "y", "y"))
    project.luamig("upgrade")
    project.luamig("check")


def main():
    program, engine = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    if why := databases.missing(engine):
        print(why)
        return databases.SKIPPED
    with tempfile.TemporaryDirectory(prefix="luamig-ask-") as directory:
        database = databases.make(engine, pathlib.Path(directory))
        try:
            with Project(program, database) as project:
                check(project)
        except Failed as problem:
            print(problem, file=sys.stderr)
            return 1
        finally:
            database.drop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
