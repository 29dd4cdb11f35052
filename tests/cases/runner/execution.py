"""Runs one case on one database."""

import dataclasses
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile

from . import case_file, compare, databases, stable

TIMEOUT = 30  # seconds for one command
BAD_LINES = 15  # a message about a bad input may be this long
PASSED_ON = ("LUAMIG_TEST_DATA", "LUAMIG_TEST_PG", "ASAN_OPTIONS", "LSAN_OPTIONS",
             "UBSAN_OPTIONS", "GCOV_PREFIX", "LLVM_PROFILE_FILE")


@dataclasses.dataclass
class Problem:
    line: int
    reason: str
    expected: list
    actual: list


@dataclasses.dataclass
class Outcome:
    problems: list
    outputs: dict  # start line of a command → (lines, status), as they were
    bad_inputs: int = 0


def run(case, engine, program, version):
    outcome = Outcome([], {})
    root = pathlib.Path(tempfile.mkdtemp(prefix="luamig-case-"))
    database = None
    try:
        directory = root / "case"
        for folder in ("case", "home", "bin", "tmp"):
            (root / folder).mkdir()
        database = databases.make(engine, directory)
        prepare(case, root, directory, database, program)
        replace = stable.Replacer(case, database, directory, version)
        environment = environment_of(case, engine, root, directory, database)
        for step in case.steps:
            if isinstance(step, case_file.Write):
                write(directory, step)
            else:
                judge(case, step, engine, directory, environment, database, replace, outcome)
    except (OSError, RuntimeError, sqlite3.Error, subprocess.SubprocessError) as problem:
        outcome.problems.append(Problem(1, str(problem), [], []))
    finally:
        if database is not None:
            database.drop()
        shutil.rmtree(root, ignore_errors=True)
    return outcome


def prepare(case, root, directory, database, program):
    (root / "bin" / "luamig").symlink_to(program)
    db = root / "bin" / "db"
    file_form = "< \"$2\"" if isinstance(database, databases.Sqlite) else "-f \"$2\""
    text_form = "\"$1\"" if isinstance(database, databases.Sqlite) else "-c \"$1\""
    db.write_text(f"#!/bin/sh\nif [ \"$1\" = -f ]; then {database.ask} {file_form}; fi\n"
                  f"{database.ask} {text_form}\n")
    db.chmod(0o755)
    if case.url == "toml" and not case.writes_config:
        (directory / "luamig.toml").write_text(f'url = "{database.url}"\n')


def environment_of(case, engine, root, directory, database):
    environment = {
        "PATH": f"{directory}/bin:{root}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": f"{root}/home", "TMPDIR": f"{root}/tmp", "PWD": str(directory),
        "USER": "tester", "LOGNAME": "tester", "LANG": "C.UTF-8", "TZ": "UTC",
        "NO_COLOR": "1", "TERM": "dumb", "CASE_ENGINE": engine, "CASE_URL": database.url,
    }
    environment.update({name: os.environ[name] for name in PASSED_ON if name in os.environ})
    if case.url == "environment":
        environment["DATABASE_URL"] = database.url
    return environment


def write(directory, step):
    path = directory / step.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step.text, encoding="utf-8")
    if step.text.startswith("#!"):
        path.chmod(0o755)


def judge(case, command, engine, directory, environment, database, replace, outcome):
    before = database.fingerprint() if case.bad_inputs else None
    text, status = execute(command.text, directory, environment)
    lines = replace(text).split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    outcome.outputs[command.start] = (lines, status)

    expected, expected_status = command.expected(engine)
    if not compare.matches(expected, lines) or status != expected_status:
        outcome.problems.append(Problem(command.line, "", with_status(expected, expected_status),
                                        with_status(lines, status)))
    if case.bad_inputs and status != 0:
        outcome.bad_inputs += 1
        for reason in faults(lines, status, before, database.fingerprint()):
            outcome.problems.append(Problem(command.line, reason, [], []))


def with_status(lines, status):
    return lines + ([f"[{status}]"] if status else [])


def faults(lines, status, before, after):
    if status >= 124:
        yield f"a bad input ended with status {status}: a signal or a timeout"
    if len(lines) > BAD_LINES:
        yield f"a bad input was answered with {len(lines)} lines, more than {BAD_LINES}"
    if before != after:
        yield f"a bad input changed the database\n  before: {before}\n  after:  {after}"


def execute(text, directory, environment):
    """The merged output and the exit status; 128 + the signal's number where one ended it."""
    process = subprocess.Popen(["sh", "-c", text], cwd=directory, env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return output.decode("utf-8", "replace") + f"\nstopped after {TIMEOUT} seconds", 124
    status = process.returncode
    return output.decode("utf-8", "replace"), status if status >= 0 else 128 - status
