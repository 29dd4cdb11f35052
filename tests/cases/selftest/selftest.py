#!/usr/bin/env python3
"""The runner's own tests: a case that is wrong must fail, and one that is right must pass."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Runner(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.case = pathlib.Path(self.folder.name) / "some.case"

    def run_case(self, text, *options, **variables):
        self.case.write_text(text, encoding="utf-8")
        environment = {k: v for k, v in os.environ.items() if k != "LUAMIG_TEST_PG"}
        answer = subprocess.run(
            [sys.executable, HERE.parent / "run_cases.py", "--program", HERE / "program.sh",
             *options, self.case],
            capture_output=True, text=True, env=environment | variables, timeout=120)
        return answer.returncode, answer.stdout + answer.stderr

    def passes(self, text, **variables):
        status, output = self.run_case(text, **variables)
        self.assertEqual((status, output.splitlines()[-1]),
                         (0, "1 passed, 0 failed, 0 skipped"), output)

    def fails(self, text, with_words):
        status, output = self.run_case(text)
        self.assertEqual((status, output.splitlines()[-1]),
                         (1, "0 passed, 1 failed, 0 skipped"), output)
        self.assertIn(with_words, output)

    def test_right_text_and_status_pass(self):
        self.passes("$ luamig refuse\nerror: refused\n[3]\n")

    def test_wrong_text_fails_with_a_diff(self):
        self.fails("$ luamig refuse\nerror: granted\n[3]\n", "-error: granted\n  +error: refused")

    def test_a_missing_line_fails(self):
        self.fails("$ luamig refuse\n[3]\n", "+error: refused")

    def test_a_line_too_many_fails(self):
        self.fails("$ luamig refuse\nerror: refused\nmore\n[3]\n", "-more")

    def test_a_wrong_status_fails(self):
        self.fails("$ luamig refuse\nerror: refused\n", "+[3]")

    def test_an_unexpected_success_fails(self):
        self.fails("$ true\n[3]\n", "-[3]")

    def test_every_command_is_judged(self):
        self.fails("$ luamig refuse\nerror: refused\n[3]\n\n$ echo a\nb\n", "+a")

    def test_dots_stand_for_text_and_for_lines(self):
        self.passes("$ seq 5\n1\n…\n5\n\n$ echo one two three\none … three\n")
        self.fails("$ seq 5\n1\n…\n6\n", "-6")
        self.fails("$ echo one two three\none … four\n", "-one … four")

    def test_what_changes_from_run_to_run_is_replaced(self):
        self.passes("$ luamig banner\n"
                    "luamig <version> · <url> · took <time> on <date> in $DIR\n")

    def test_generated_ids_are_numbered_only_when_asked(self):
        self.passes("# ids: generated\n$ luamig make\n<id1>\n<id2>\n<id1>\n")
        self.passes("# ids: generated\n$ luamig make\n0123456789ab\n<id1>\n0123456789ab\n")
        self.fails("$ luamig make\n<id1>\n<id2>\n<id1>\n", "+0123456789ab")

    def test_a_backslash_makes_any_line_output(self):
        self.passes("$ luamig marks\n\\$ x\n\\# y\n\\[4]\n\\\\z\n")

    def test_files_are_written_and_scripts_are_executable(self):
        self.passes("--- file: a/b.txt\n--- text\n\n--- file: bin/hello\n#!/bin/sh\ncat a/b.txt\n"
                    "\n$ hello\n--- text\n")
        self.passes("--- file: a\n# text\n\n---\n# a comment\n$ cat a\n\\# text\n")

    def test_commands_continue_on_more_lines(self):
        self.passes("$ cat <<END\n> a\n> b\n> END\na\nb\n")

    def test_lines_of_another_database_do_not_count(self):
        self.passes("$ luamig engine\nsqlite> on sqlite\npostgres> on postgres\n")

    def test_the_database_is_asked(self):
        self.passes("$ db 'CREATE TABLE t (a integer, b text)'\n"
                    "$ db \"INSERT INTO t VALUES (1, 'x')\"\n$ db 'SELECT * FROM t'\n1|x\n")

    def test_a_configuration_is_there_unless_the_case_brings_one(self):
        self.passes("$ cat luamig.toml\nurl = \"<url>\"\n")
        self.passes("--- file: luamig.toml\nx = 1\n$ cat luamig.toml\nx = 1\n")
        self.passes("# url: none\n$ ls\n$ echo $CASE_URL $DATABASE_URL\n<url>\n")
        self.passes("# url: environment\n$ ls\n$ echo $DATABASE_URL\n<url>\n")

    def test_the_environment_is_clean(self):
        self.passes("# url: none\n$ echo \"[$DATABASE_URL$PGHOST$LUAMIG_ENV]\"\n[]\n",
                    DATABASE_URL="sqlite:///x.db", PGHOST="h", LUAMIG_ENV="e")

    def test_what_cannot_run_is_skipped_and_never_passed(self):
        status, output = self.run_case("# on: postgres\n$ true\n")
        self.assertEqual(output.splitlines()[-1], "0 passed, 0 failed, 1 skipped")
        self.assertIn("LUAMIG_TEST_PG is not set", output)
        status, output = self.run_case("# needs: NOT_SET_ANYWHERE\n$ true\n")
        self.assertEqual((status, output.splitlines()[-1]), (0, "0 passed, 0 failed, 1 skipped"))

    def test_nothing_to_run_is_a_failure(self):
        self.assertNotEqual(self.run_case("# only a comment\n")[0], 0)
        self.assertNotEqual(self.run_case("$ true\n", "-k", "no such name")[0], 0)
        self.assertNotEqual(self.run_case("stray text\n$ true\n")[0], 0)

    def test_what_waits_is_named_and_counted_and_not_passed(self):
        status, output = self.run_case("# waiting: S1 later\n# waiting: S2 later still\n$ true\n")
        self.assertEqual((status, output.splitlines()),
                         (0, ["waiting " + self.case.name + ": S1 later",
                              "waiting " + self.case.name + ": S2 later still", "2 rows wait",
                              "1 passed, 0 failed, 0 skipped"]))

    def test_bad_inputs_are_counted(self):
        status, output = self.run_case("# bad inputs\n$ luamig refuse\nerror: refused\n[3]\n"
                                       "$ true\n$ luamig book\n[3]\n")
        self.assertEqual(output.splitlines(),
                         ["2 bad inputs tried", "1 passed, 0 failed, 0 skipped"])

    def test_bad_inputs_may_not_change_the_database(self):
        self.fails("# bad inputs\n$ luamig spoil\n[3]\n", "changed the database")
        self.passes("$ luamig spoil\n[3]\n")

    def test_bad_inputs_may_not_crash_or_chatter(self):
        self.fails("# bad inputs\n$ luamig crash\n[139]\n", "signal")
        self.fails("# bad inputs\n$ luamig chatter\n…\n[3]\n", "20 lines")

    def test_update_writes_what_was_seen(self):
        status, _ = self.run_case("# kept\n$ luamig refuse\nwrong\n\n# kept too\n$ luamig marks\n"
                                  "\n$ echo one two\none …\n", "--update")
        self.assertEqual(status, 1)
        self.assertEqual(self.case.read_text(encoding="utf-8"),
                         "# kept\n$ luamig refuse\nerror: refused\n[3]\n\n# kept too\n"
                         "$ luamig marks\n\\$ x\n\\# y\n\\[4]\n\\\\z\n\n$ echo one two\none …\n")
        self.passes(self.case.read_text(encoding="utf-8"))


class PostgresRunner(Runner):
    """The same runner on a real server, where there is one."""

    @unittest.skipUnless(os.environ.get("LUAMIG_TEST_PG"), "LUAMIG_TEST_PG is not set")
    def test_both_databases_are_asked_and_updated(self):
        server = os.environ["LUAMIG_TEST_PG"]
        status, output = self.run_case(
            "# on: sqlite postgres\n# bad inputs\n$ luamig engine\n\n$ luamig banner\n"
            "luamig <version> · <url> · …\n\n$ db 'SELECT 1, 2'\n1|2\n\n$ luamig book\n[3]\n",
            "--update", LUAMIG_TEST_PG=server)
        self.assertEqual(output.splitlines()[-1], "0 passed, 2 failed, 0 skipped", output)
        text = self.case.read_text(encoding="utf-8")
        self.assertIn("$ luamig engine\nsqlite> on sqlite\npostgres> on postgres\n\n", text)
        status, output = self.run_case(text, LUAMIG_TEST_PG=server)
        self.assertEqual((status, output.splitlines()[-1]), (0, "2 passed, 0 failed, 0 skipped"),
                         output)
        status, output = self.run_case(
            "# on: postgres\n# bad inputs\n$ luamig spoil\n[3]\n", LUAMIG_TEST_PG=server)
        self.assertIn("changed the database", output)


def load_tests(loader, _tests, _pattern):
    suite = loader.loadTestsFromTestCase(Runner)
    suite.addTest(PostgresRunner("test_both_databases_are_asked_and_updated"))
    return suite


if __name__ == "__main__":
    unittest.main()
