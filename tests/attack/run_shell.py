#!/usr/bin/env python3
"""Types hostile entries into `luamig shell`, in luamig's own process and shut in, and fails where one
gets out, ends luamig by a signal, outlives its limits, sends control bytes on, or commits.

  run_shell.py --program build/luamig [--on sqlite|postgres] [-k PART]

On PostgreSQL the shell runs as a role that owns its database and nothing else, on the server of
LUAMIG_TEST_PG; without one the script ends with 77.
"""

import argparse
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

import run_attacks
from run_attacks import databases

CANARY = "CANARY-7d1f"
CHANGE = b"db:execute(\"UPDATE kept SET a = 'changed'\")\n"
TOML = """lock_wait = "1s"
[limits]
memory = "32MB"
time = "300ms"
total_time = "1500ms"
"""
MOST = 8.0  # seconds: limits, grace, and a busy machine

# What is typed, and what must be said of it (a regular expression; None: whatever).
INPUTS = {
    "control characters": (b"\x1b[2J\x07\x9b31m\n\x01\x02\x03\n'\x1b]0;title\x07'\n", None),
    "escapes in a value": (b"'\\27[2J\\7'\nlog('\\27[2J')\nerror('\\27]0;x\\7')\n", None),
    "escapes in a name": (b"db:all([[SELECT 1 AS \"a\x1b[2Jb\"]])\n", None),
    "a huge line": (b"x = '" + b"a" * 5_000_000 + b"'\n1 + 1\n", "64 KB"),
    "a line without an end": (b"y" * 3_000_000, "64 KB"),
    "lines without an end": (b"x = {\n" + b"1,\n" * 200_000, "1000 lines"),
    "open brackets": (b"(" * 60_000 + b"\n1\n", None),
    "nested tables": (b"x = " + b"{" * 30_000 + b"}" * 30_000 + b"\n", None),
    "binary": (bytes(range(256)) * 200 + b"\n", None),
    "NUL bytes": (b"x = 1\0 + 2\n\0\0\0\nlog('a\0b')\ndb:execute('SELECT 1\0')\n", None),
    "invalid UTF-8": (b"'\xff\xfe\xc3('\n\xff = 1\nlog('\xed\xa0\x80')\n", None),
    "bytecode": (b"\x1bLJ\x02\x0a\x00\x00\x00\n", "bytecode|unexpected"),
    "bytecode by load": (b"load('\\27LJ\\2')\nload(('\\27LJ\\2'))()\n", None),
    "COMMIT as SQL": (CHANGE + b"db:execute('COMMIT')\nop.execute('COMMIT')\n", "may not begin or end"),
    "COMMIT in a text": (CHANGE + b"db:execute('SELECT 1; COMMIT; BEGIN')\n", "may not begin or end"),
    "COMMIT as a word": (CHANGE + b"COMMIT\ncommit;\nCOMMIT;\n", r"\\commit"),
    "the word in a string": (CHANGE + b"x = [[\n\\commit\n]]\n", "rolled back"),
    "the word after a failure": (CHANGE + b"error('no')\n\\commit\n", "not committed"),
    "the books": (b"db:execute(\"UPDATE luamig_version SET version_num = 'x'\")\n"
                  b"db:execute('DROP TABLE luamig_version')\n", None),
    "an endless loop": (CHANGE + b"while true do end\n1 + 1\n", "computed for more than its 300 ms"),
    "an endless loop in pcall": (b"while true do pcall(function() while true do end end) end\n", None),
    "endless coroutines": (b"function f() return coroutine.wrap(f)() end\nf()\n", None),
    "memory": (b"t = {}\nfor i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end\n", None),
    "a deep value": (b"x = {}\ny = x\nfor i = 1, 1e5 do y.y = {}; y = y.y end\nx\n", None),
    "a value that is its own": (b"x = {}\nx.x = x\nx[x] = x\nx\n", None),
    "metamethods when shown": (
        b"x = setmetatable({}, { __index = function() log('ESCA' .. 'PED') end, __pairs = function() "
        b"log('ESCA' .. 'PED') end, __tostring = function() log('ESCA' .. 'PED') end, "
        b"__len = function() log('ESCA' .. 'PED') return 9 end })\nx\n{ x, x }\n", None),
    "an error object": (b"error(setmetatable({}, { __tostring = function() log('ESCA' .. 'PED') end }))\n",
                        None),
    "output": (b"for i = 1, 1e6 do print(('x'):rep(100)) end\n", None),
    "words of the stdlib": (b"require('luamig.core')\nrequire('luamig.shell')\nrequire('ffi')\n"
                            b"require('../../secret')\n", None),
    "the environment": (b"getfenv(0)\nsetmetatable(_G, {})\n_G._G = nil\n_G.op = nil\nop = 1\ndb = 1\n"
                        b"db:scalar('SELECT 1')\n", None),
    "unknown words": (b"\\\n\\!ls\n\\i /etc/passwd\n\\commit \\rollback\n" + b"\\" * 5000 + b"\n", None),
}

# Where the two databases differ.
SQLITE = {
    "END and RELEASE": (CHANGE + b"db:execute('END')\ndb:execute('RELEASE luamig_entry')\n"
                        b"db:execute('ROLLBACK TO luamig_entry')\ndb:execute('SAVEPOINT x')\n",
                        "may not begin or end"),
    "OR ROLLBACK": (CHANGE + b"db:execute([[INSERT OR ROLLBACK INTO kept VALUES (1, 'x')]])\n"
                    b"db:scalar('SELECT a FROM kept WHERE id = 1')\n\\commit\n", "is rolled back(.|\n)*nothing to commit"),
    "a caught OR ROLLBACK": (
        CHANGE + b"pcall(function() db:execute([[INSERT OR ROLLBACK INTO kept VALUES (1, 'x')]]) end)\n"
        b"\\commit\n", "is rolled back(.|\n)*nothing to commit"),
    "ATTACH": (b"db:execute(\"ATTACH 'other.db' AS o\")\n", None),
    "an endless query": (
        b"db:scalar('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
        b"SELECT count(*) FROM n')\n", "1500 ms"),
    "an endless result": (
        b"db:rows('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n')\n",
        "100 rows, and more"),
}

# What is built in the database, where books_ is luamig_.
BUILT = ("op.execute([=[DO $d$ BEGIN EXECUTE replace($q$%s$q$, 'books_', 'luamig_'); END $d$]=])\n"
         "\\commit\n")
BLAMED = "the entry itself changed luamig's own tables"
POSTGRES = {
    "END and RELEASE": (CHANGE + b"db:execute('END')\ndb:execute('RELEASE luamig_entry')\n"
                        b"db:execute('ROLLBACK TO luamig_entry')\ndb:execute('SAVEPOINT x')\n"
                        b"db:execute(\"PREPARE TRANSACTION 'x'\")\n", "may not begin or end"),
    "COMMIT in DO": (CHANGE + b"db:execute([[DO $d$ BEGIN COMMIT; END $d$]])\n"
                     b"db:execute([[DO $d$ BEGIN ROLLBACK; END $d$]])\n",
                     "invalid transaction termination"),
    "COMMIT in a procedure": (
        CHANGE + b"op.execute([[CREATE PROCEDURE pr() LANGUAGE plpgsql AS 'BEGIN COMMIT; END']])\n"
        b"db:execute('CALL pr()')\n", "invalid transaction termination"),
    "an endless query": (
        b"db:execute('SET statement_timeout = 0')\ndb:scalar('SELECT pg_sleep(100)')\n"
        b"db:scalar('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
        b"SELECT count(*) FROM n')\n", "1500 ms"),
    "an endless result": (
        b"db:rows('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n')\n",
        "100 rows, and more"),
    "a deaf statement": (
        CHANGE + b"db:execute([[DO $d$ BEGIN LOOP BEGIN PERFORM pg_sleep(100); EXCEPTION WHEN "
        b"query_canceled THEN NULL; END; END LOOP; END $d$]])\n\\commit\n", None),
    "notices": (
        b"db:execute('SET client_min_messages = debug5')\n"
        b"db:execute([[DO $d$ BEGIN LOOP RAISE NOTICE '%', repeat(E'\\033[2J\\a ESCA' || 'PED: x', "
        b"100000); END LOOP; END $d$]])\n", None),
    "errors of the server": (
        b"db:execute([[DO $d$ BEGIN RAISE EXCEPTION USING MESSAGE = 'luamig: the books moved' || "
        b"repeat(E'\\033[31m\\n', 10000), HINT = E'\\033[2J', DETAIL = 'luamig: on the books: x'; "
        b"END $d$]])\n", None),
    "a trigger on the books": (
        BUILT % "CREATE TRIGGER x BEFORE UPDATE ON books_version FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()", BLAMED),
    "a rule on the books": (
        BUILT % "CREATE RULE x AS ON DELETE TO books_version DO INSTEAD NOTHING", BLAMED),
    "a view in the books' place": (
        BUILT % "ALTER TABLE books_version RENAME TO odd; CREATE VIEW books_version AS SELECT * FROM odd",
        BLAMED),
    "no version": (BUILT % "DELETE FROM books_version", BLAMED),
    "an empty history": (BUILT % "TRUNCATE books_history", BLAMED),
    "row level security": (BUILT % "ALTER TABLE books_version ENABLE ROW LEVEL SECURITY", BLAMED),
    "what waits for COMMIT": (
        "op.execute([[CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN EXECUTE "
        "replace('DELETE FROM books_version', 'books_', 'luamig_'); RETURN NULL; END $f$]])\n"
        "op.execute([[CREATE CONSTRAINT TRIGGER late AFTER INSERT ON kept DEFERRABLE INITIALLY "
        "DEFERRED FOR EACH ROW EXECUTE FUNCTION late()]])\n"
        "db:execute([[INSERT INTO kept VALUES (3, 'three')]])\n"
        "db:execute('SET CONSTRAINTS ALL DEFERRED')\n\\commit\n", BLAMED),
    "operators of one's own": (
        "op.execute([[CREATE SCHEMA evil]])\n"
        "op.execute([[CREATE FUNCTION evil.yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true']])\n"
        "op.execute([[CREATE FUNCTION evil.yes(anyarray, anyarray) RETURNS boolean LANGUAGE sql AS "
        "'SELECT true']])\n"
        "op.execute([[CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.yes)]])\n"
        "op.execute([[CREATE OPERATOR evil.= (LEFTARG = anyarray, RIGHTARG = anyarray, FUNCTION = "
        "evil.yes)]])\nop.execute([[SET search_path = evil, pg_catalog, public]])\n"
        + BUILT % "UPDATE public.books_version SET version_num = $t$x$t$", BLAMED),
    "the server's files": (
        b"db:execute([[COPY kept FROM PROGRAM 'id']])\ndb:execute([[COPY kept TO '/tmp/x']])\n"
        b"db:execute([[DO $d$ BEGIN EXECUTE $q$COPY kept FROM PROGRAM 'id'$q$; END $d$]])\n"
        b"db:scalar([[SELECT pg_read_file('/etc/passwd')]])\n"
        b"db:scalar([[SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/luamig_lo')]])\n"
        b"db:scalar([[SELECT lo_import('/etc/passwd')]])\ndb:all([[SELECT * FROM pg_ls_dir('/')]])\n",
        "must be superuser"),
    "other roles": (
        b"db:execute('SET ROLE postgres')\ndb:execute('SET SESSION AUTHORIZATION postgres')\n"
        b"db:execute([[DO $d$ BEGIN EXECUTE 'SET ROLE postgres'; END $d$]])\ndb:execute('RESET ROLE')\n"
        b"db:scalar('SELECT current_user') == 'postgres' and 'ESCA' .. 'PED'\n", "permission denied"),
    "its own session ended": (
        CHANGE + b"db:execute([[DO $d$ BEGIN EXECUTE 'SELECT pg_' || "
        b"'terminate_backend(pg_backend_pid())'; END $d$]])\n\\commit\n40 + 2\n", "42(.|\n)*nothing to commit"),
    "the lock let go": (
        CHANGE + b"db:scalar('SELECT pg_advisory_unlock_all()')\n"
        b"db:execute([[DO $d$ BEGIN EXECUTE 'SELECT pg_' || 'terminate_backend(pid) FROM "
        b"pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user AND datname = "
        b"current_database()'; END $d$]])\ndb:scalar('SELECT pg_sleep(0.5)')\n\\commit\n",
        "the session that held the migration lock is gone"),
    "settings": (
        b"db:execute([[SET client_encoding = 'SQL_ASCII']])\n"
        b"db:execute([[DO $d$ BEGIN EXECUTE $q$SET client_encoding = 'LATIN1'$q$; EXECUTE 'SET "
        b"standard_conforming_strings = off'; END $d$]])\n'K\xc3\xa4se'\n"
        b"db:scalar([[SELECT 'K\xc3\xa4se']])\n", None),
}


def project(root, url):
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "luamig.toml").write_text(f'url = "{url}"\n{TOML}')
    (root / "secret.lua").write_text(f'return "{CANARY}"\n')
    (versions / "good.lua").write_text(
        'revision = "good"\nfunction upgrade()\n'
        '  op.execute("CREATE TABLE kept (id integer PRIMARY KEY, a text)")\n'
        "  op.execute(\"INSERT INTO kept VALUES (1, 'one'), (2, 'two')\")\n"
        "end\nfunction downgrade() end\n")


class Databases:
    """In each the revision is applied. On PostgreSQL, where one costs time, those that a shell has left
    as they were are had again."""

    def __init__(self, program, engine):
        self.program, self.engine = program, engine
        self.made, self.free = [], []

    def one(self, root):
        """For a project in `root`, which is made too."""
        if self.free:
            project(root, self.free[-1].url)
            return self.free.pop()
        if self.engine == "sqlite":
            database = run_attacks.Sqlite(root)
            database.path = root / "app.db"
        else:
            database = run_attacks.Postgres()
            self.made.append(database)
        project(root, database.url)
        subprocess.run([self.program, "-q", "upgrade"], cwd=root, check=True, env=environment(root))
        return database

    def has_changed(self, database, before):
        try:
            changed = database.fingerprint() != before
        except RuntimeError:  # luamig's tables are not there
            changed = True
        if not changed and self.engine == "postgres":
            self.free.append(database)
        return changed

    def drop(self):
        for database in self.made:
            database.drop()


def environment(root):
    return {"HOME": str(root), "PATH": "/usr/bin:/bin", "TERM": "xterm"}


def faults(said, status, took):
    if status < 0:
        yield f"luamig died by signal {-status}"
    if took > MOST:
        yield f"it took {took:.1f} s"
    yield from re.findall("ESCAPED.*", said)
    if CANARY in said:
        yield "what lies outside was shown"
    if len(said) > 1_500_000:
        yield f"{len(said)} bytes of output"
    if re.search("[\x00-\x08\x0b-\x1f\x7f]", said):
        yield "control bytes in the output"


def inputs_of(engine):
    return {**INPUTS, **(SQLITE if engine == "sqlite" else POSTGRES)}


def attack(program, having, name, flags):
    typed, wanted = inputs_of(having.engine)[name]
    typed = typed.encode() if isinstance(typed, str) else typed
    with tempfile.TemporaryDirectory(prefix="luamig-shell-") as place:
        root = pathlib.Path(place)
        database = having.one(root)
        before = database.fingerprint()
        began = time.monotonic()
        try:
            run = subprocess.run([program, "shell", *flags], cwd=root, input=typed, timeout=30,
                                 capture_output=True, check=False, env=environment(root))
        except subprocess.TimeoutExpired:
            return f"{name} {flags}: still running after 30 s"
        said = (run.stdout + run.stderr).decode(errors="replace")
        wrong = list(faults(said, run.returncode, time.monotonic() - began))
        if wanted and not re.search(wanted, said):
            wrong.append(f"it does not say '{wanted}'")
        if having.has_changed(database, before):
            wrong.append("the database is another one")
        return f"{name} {flags}: " + "; ".join(wrong) + "\n" + said[-1500:] if wrong else None


# On a terminal ------------------------------------------------------------------------------------

class Terminal:
    def __init__(self, program, root, flags):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(root)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a background job ignores it
            os.execve(program, [program, "shell", *flags], environment(root))
        self.said = ""

    def expect(self, text, seconds=10.0):
        until = time.monotonic() + seconds
        while text not in self.said:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"no {text!r} within {seconds} s in {self.said[-800:]!r}")
            try:
                self.said += os.read(self.fd, 65536).decode(errors="replace")
            except OSError as gone:
                raise AssertionError(f"it has ended: {self.said[-800:]!r}") from gone
        self.said = self.said.split(text, 1)[1]

    def type(self, text):
        os.write(self.fd, text.encode())

    def status(self):
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    self.said += os.read(self.fd, 65536).decode(errors="replace")
                except OSError:
                    pass
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        raise AssertionError("it does not end")


def converse(program, having, flags, talk, change):
    """Has `talk` at a terminal; whether the table is changed afterwards is `change`."""
    with tempfile.TemporaryDirectory(prefix="luamig-shell-") as place:
        root = pathlib.Path(place)
        database = having.one(root)
        before = database.fingerprint()
        at = Terminal(program, root, flags)
        try:
            at.expect("luamig> ")
            talk(at)
        except AssertionError as wrong:
            return f"{talk.__name__} {flags}: {wrong}"
        if having.has_changed(database, before) != change:
            return f"{talk.__name__} {flags}: the database is {'the same' if change else 'another'}"
    return None


def typed_change(at):
    at.type(CHANGE.decode())
    at.expect("luamig*> ")


def interrupted_entry_leaves_the_shell(at):
    typed_change(at)
    at.type("while true do pcall(function() end) end\n")
    time.sleep(0.1)
    at.type("\x03")
    at.expect("interrupted")
    at.expect("luamig*> ")
    at.type("db:scalar('SELECT a FROM kept WHERE id = 1')\n")
    at.expect('"changed"')
    at.type("\\commit\n")
    at.expect("committed")
    at.type("\\quit\n")
    assert at.status() == 0


def interrupted_statement_leaves_the_shell(at):
    at.type("db:scalar('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
            "SELECT count(*) FROM n')\n")
    time.sleep(0.3)
    at.type("\x03")
    at.expect("interrupted")
    at.expect("luamig> ")
    at.type("40 + 2\n")
    at.expect("42")
    at.expect("luamig> ")
    at.type("\x04")
    assert at.status() == 0


def interrupted_line_is_given_up(at):
    at.type("x = (1 +\n")
    at.expect("-> ")
    at.type("2\x03")
    at.expect("luamig> ")
    at.type("3 + 4\n")
    at.expect("7")
    at.expect("luamig> ")  # before it reads, the terminal makes nothing of the end of input
    at.type("\x04")
    assert at.status() == 0


def end_of_input_asks(at):
    typed_change(at)
    at.type("\x04")
    at.expect("[y/N]")
    at.type("y\n")
    at.expect("committed")
    assert at.status() == 0


def end_of_input_without_a_yes_rolls_back(at):
    typed_change(at)
    at.type("\x04")
    at.expect("[y/N]")
    at.type("\n")
    at.expect("rolled back")
    assert at.status() == 0


def terminate_rolls_back(at):
    typed_change(at)
    os.kill(at.pid, signal.SIGTERM)
    at.expect("rolled back")
    assert at.status() == 143


def lines_can_be_had_again(at):
    at.type("40 + 2\n")
    at.expect("42")
    at.expect("luamig> ")
    at.type("\x1b[A\n")
    at.expect("42")
    at.type("\"Käse\"\n")
    at.expect('"Käse"')
    at.type("\\quit\n")
    assert at.status() == 0


TALKS = {
    interrupted_entry_leaves_the_shell: True,
    interrupted_statement_leaves_the_shell: False,
    interrupted_line_is_given_up: False,
    end_of_input_asks: True,
    end_of_input_without_a_yes_rolls_back: False,
    terminate_rolls_back: False,
    lines_can_be_had_again: False,
}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--on", choices=databases.ENGINES, default="sqlite")
    arguments.add_argument("-k", default="")
    given = arguments.parse_args()
    if reason := databases.missing(given.on):
        print(f"skipped: {reason}")
        return databases.SKIPPED
    program = str(pathlib.Path(given.program).resolve())
    having = Databases(program, given.on)
    failures, count = [], 0
    try:
        for flags in ([], ["--sandbox"]):
            for name in inputs_of(given.on):
                if given.k in name:
                    count += 1
                    failures.append(attack(program, having, name, flags))
            for talk, change in TALKS.items():
                if given.k in talk.__name__:
                    count += 1
                    failures.append(converse(program, having, flags, talk, change))
    finally:
        having.drop()
    failures = [f for f in failures if f]
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{count} shells, {len(failures)} failures")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
