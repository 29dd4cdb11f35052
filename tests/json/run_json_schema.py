#!/usr/bin/env python3
"""Validates what `luamig --json` prints for many command lines against docs/json.schema.json.

On SQLite, and on the server of LUAMIG_TEST_PG where that is set. Every kind of object that the
schema knows must turn up, so that none is valid only because nobody printed it. Ends with 77
(skipped) where python3-jsonschema is not installed.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cases"))

from runner import databases  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

FILES = {
    "a.lua": '''--- first
revision = "aaaa11112222"
function upgrade()
  log("making t")
  op.create_table("t", { sql.column("a", sql.integer) })
end
function downgrade() op.drop_table("t") end
''',
    "b.lua": '''--- second
revision = "bbbb11112222"
down_revision = "aaaa11112222"
branch_labels = "billing"
function upgrade() op.add_column("t", sql.column("b", sql.integer)) end
function downgrade() op.drop_column("t", "b") end
''',
    "r.lua": '''--- takes a while
revision = "dddd11112222"
down_revision = "bbbb11112222"
transactional = false
function upgrade()
  op.create_table("r", { sql.column("id", sql.integer, { primary_key = true }) })
  op.execute("INSERT INTO r VALUES (1), (2), (3)")
  if x.stop then error("asked to stop") end
  op.backfill("r", { read = "id", max_rejects = 1 }, function(row)
    if row.id == 2 then return "reject", "two" end
  end)
  op.backfill("r", { delete = true, where = "id > 0", batch = 1, pause = "600ms" })
end
function downgrade() op.drop_table("r") end
''',
    "c.lua": '''--- fails
revision = "cccc11112222"
down_revision = "aaaa11112222"
function upgrade() op.execute("INSERT INTO nosuch VALUES (1)") end
function downgrade() end
''',
}

# Each with the exit status that it must have; "sh:" is a shell command between them.
LINES = [
    (0, "heads"), (0, "branches"), (0, "history"), (0, "history -v"), (0, "current"),
    (0, "status"), (0, "config"), (0, "list-templates"), (0, "help"), (0, "help exit-codes"),
    (0, "completion bash"), (0, "plan upgrade heads"), (0, "upgrade bbbb11112222 --dry-run"),
    (0, "plan upgrade bbbb11112222 --measure -o p.json"), (0, "apply p.json"),
    (0, "downgrade base"), (0, "sh: echo 'log(1)' >loose.lua"), (0, "run loose.lua"),
    (0, "run loose.lua --dry-run"), (3, "apply loose.lua"),
    (0, "-vv upgrade bbbb11112222"),
    (0, "current -v"), (0, "history -i"), (0, "show billing@head"),
    (0, "show aaaa11112222 --source"), (9, "upgrade dddd11112222 -x stop"),
    (0, "ctl pause"), (0, "status"), (0, "ctl resume"), (0, "rejects"), (0, "upgrade dddd11112222"),
    (0, "rejects list"), (0, "rejects show 1"), (1, "rejects retry"),
    (0, "rejects drop 1"), (7, "rejects show 1"),
    (7, "ctl pause"), (0, "downgrade -1"),
    (0, "downgrade base --dry-run"), (1, "upgrade cccc11112222 --dry-run"),
    (0, "sh: rm migrations/versions/r.lua"), (1, "upgrade heads"), (0, "redo"),
    (0, "downgrade -1"), (0, "plan downgrade base"), (6, "current --check-heads"),
    (6, "status --check"), (0, "stamp cccc11112222"), (0, "stamp bbbb11112222"),
    (6, "check --single-head"), (3, "check"),
    (0, "sh: echo 'return {}' >migrations/none.lua"), (6, "schema diff migrations/none.lua"),
    (0, "sh: rm migrations/none.lua"), (0, "schema show"), (7, "reset"), (1, "reset --yes"), (0, "upgrade bbbb11112222"),
    (0, "ensure-version"), (0, "wait 1s"),
    (0, "merge heads -m join --rev-id eeee11112222"), (0, "check --single-head"),
    (0, "revision -m more --rev-id ffff11112222"), (0, "init other"),
    (0, "sh: echo '-- a remark' >>migrations/versions/a.lua"), (0, "status"),
    (0, "sh: echo 'local x' >>migrations/versions/a.lua"), (0, "status"),
    (0, "sh: rm migrations/versions/*eeee11112222* migrations/versions/*ffff11112222*"),
    (0, "sh: rm migrations/versions/b.lua"), (0, "status"), (0, "show bbbb11112222"),
    (8, "current"), (8, "upgrade"), (3, "show nosuch"), (2, "nosuch"), (2, "upgrade --nosuch"),
    (2, "upgrade --sql"), (2, "upgrade --tag"), (3, "-n nosuch current"),
    (3, "-u nonsense current"), (2, "-n all heads"), (8, "-n all current"), (0, "--version"),
    (0, "upgrade --help"),
]
# What other tests print: it takes two runs at the same time.
RARE = {"waiting"}


class Transcript:
    def __init__(self, program, directory, url):
        self.program, self.directory = program, directory
        self.validator = jsonschema.Draft202012Validator(
            json.loads((HERE.parent.parent / "docs" / "json.schema.json").read_text()))
        self.env = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "TERM": "dumb"}
        self.seen, self.problems = set(), []

    def run(self, expected, line):
        shell = line.startswith("sh: ")
        command = line[4:] if shell else f'"{self.program}" --json {line}'
        answer = subprocess.run(["/bin/sh", "-c", command], cwd=self.directory, env=self.env,
                                capture_output=True, text=True, timeout=60,
                                stdin=subprocess.DEVNULL)
        if answer.returncode != expected:
            self.problems.append(f"{line}: exit {answer.returncode}, not {expected}: "
                                 f"{answer.stdout}{answer.stderr}")
        if shell:
            return
        if not answer.stdout:
            self.problems.append(f"{line}: printed nothing")
        for text in answer.stdout.splitlines():
            self.check(line, text)

    def check(self, line, text):
        try:
            found = json.loads(text)
        except ValueError as problem:
            self.problems.append(f"{line}: {problem}: {text}")
            return
        self.seen.add(found.get("event") if isinstance(found, dict) else None)
        for problem in self.validator.iter_errors(found):
            near = jsonschema.exceptions.best_match([problem])
            self.problems.append(f"{line}: {near.message[:300]}\n    {text}")

    def known(self):
        kinds = set()
        for definition in self.validator.schema["$defs"].values():
            event = definition.get("properties", {}).get("event", {})
            kinds |= {event["const"]} if "const" in event else set(event.get("enum", []))
        return kinds


def run_on(engine, program):
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        versions = directory / "migrations" / "versions"
        versions.mkdir(parents=True)
        for file, text in FILES.items():
            (versions / file).write_text(text)
        (directory / "luamig.toml").write_text("[env.one]\n[env.two]\n")
        database = databases.make(engine, directory)
        try:
            transcript = Transcript(program, directory, database.url)
            for expected, line in LINES:
                transcript.run(expected, line)
        finally:
            database.drop()
    unseen = transcript.known() - transcript.seen - RARE
    if unseen:
        transcript.problems.append("never printed: " + ", ".join(sorted(unseen)))
    return transcript.problems


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    failed = False
    for engine in databases.ENGINES:
        if engine == "postgres" and not os.environ.get("LUAMIG_TEST_PG"):
            print("skipped on postgres: LUAMIG_TEST_PG is not set")
            continue
        problems = run_on(engine, program)
        failed = failed or bool(problems)
        print(f"{engine}: {len(LINES)} command lines, {len(problems)} problems")
        for problem in problems:
            print(f"  {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
