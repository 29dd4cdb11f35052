#!/usr/bin/env python3
"""Runs every script of scripts/ as a migration, in luamig's own process and shut in, and fails where
one gets out: it says so itself (`escaped`), shows what lies outside, ends luamig by a signal, outlives
its limits, or changes the database.

  run_attacks.py --program build/luamig [-k PART] [--postgres URL]
"""

import argparse
import concurrent.futures
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

SCRIPTS = pathlib.Path(__file__).parent / "scripts"
LIMIT = 0.3  # seconds a script may compute
WHOLE = 1.5  # a revision
GRACE = 1.0  # what the program gives after a limit
SLACK = 3.0  # a busy machine: starting, rolling back, printing
MODES = {"own process": [], "shut in": ["--sandbox"]}
CANARY = "CANARY-7d1f"
TOML = f"""[limits]
memory = "32MB"
time = "{int(LIMIT * 1000)}ms"
total_time = "{int(WHOLE * 1000)}ms"
"""
HEAD = """-- an attack
revision = "bad"
down_revision = "good"
local function escaped(what) print("ESCA" .. "PED: " .. tostring(what)) end
function upgrade()
"""
TAIL = """
end
function downgrade() end
"""
# A statement that stays is a failure too: each ends by an error.
END = '\nerror("the attack has ended")\n'


def project(root, url):
    versions = root / "project" / "migrations" / "versions"
    versions.mkdir(parents=True)
    migrations = versions.parent
    (migrations / "lib").mkdir()
    (root / "project" / "luamig.toml").write_text(f'url = "{url}"\n{TOML}')
    (root / "canary").write_text(CANARY)
    (root / "secret.csv").write_text(f"a\n{CANARY}\n")
    (root / "project" / "secret.csv").write_text(f"a\n{CANARY}\n")
    (root / "secret.lua").write_text(f'return "{CANARY}"\n')
    (migrations / "outside.lua").write_text(f'return "{CANARY}"\n')
    (migrations / "lib" / "link.lua").symlink_to(root / "secret.lua")
    (migrations / "link.csv").symlink_to(root / "secret.csv")
    (migrations / "link").symlink_to(root)
    (versions / "good.lua").write_text(
        'revision = "good"\nfunction upgrade()\n'
        '  op.execute("CREATE TABLE kept (id integer PRIMARY KEY, a text)")\n'
        "  op.execute(\"INSERT INTO kept VALUES (1, 'one'), (2, 'two')\")\n"
        "end\nfunction downgrade() end\n")
    return versions


def fingerprint(root):
    """The rows and the schema, without the history, which says that a revision failed."""
    with sqlite3.connect(root / "project" / "app.db") as db:
        lines = [line for line in db.iterdump() if "luamig_history" not in line]
        lines += [str(row) for row in db.execute("SELECT revision, outcome FROM luamig_history "
                                                 "WHERE outcome <> 'failed'")]
    return "\n".join(lines)


def luamig(program, root, *arguments):
    return subprocess.run([program, *arguments], cwd=root / "project", capture_output=True,
                          timeout=30, check=False, errors="replace",
                          env={"HOME": str(root), "PATH": "/usr/bin:/bin", "CANARY": CANARY})


def body_of(script):
    text = script.read_text()
    last = text.rstrip().splitlines()[-1]
    # Nothing may follow a return at the end of a block.
    ends = last.startswith(("return ", "goto ", "error("))
    return text if ends else text + END


def attack(program, script, mode, flags):
    """What went wrong, or None."""
    with tempfile.TemporaryDirectory(prefix="luamig-attack-") as place:
        root = pathlib.Path(place)
        versions = project(root, "sqlite:///app.db")
        first = luamig(program, root, "-q", "upgrade")
        if first.returncode != 0:
            return f"the project itself fails: {first.stderr}"
        before = fingerprint(root)
        files = sorted(str(p) for p in root.rglob("*") if "app.db" not in p.name)
        (versions / "bad.lua").write_text(HEAD + body_of(script) + TAIL)
        began = time.monotonic()
        try:
            run = luamig(program, root, "upgrade", *flags)
        except subprocess.TimeoutExpired:
            return "still running after 30 s"
        took = time.monotonic() - began
        (versions / "bad.lua").unlink()
        said = run.stdout + run.stderr
        wrong = []
        if run.returncode < 0:
            wrong.append(f"luamig died by signal {-run.returncode}")
        elif run.returncode not in (0, 1):
            wrong.append(f"exit {run.returncode}")
        if run.returncode == 0:
            wrong.append("the revision was applied")
        if took > WHOLE + GRACE + SLACK:
            wrong.append(f"it took {took:.1f} s")
        wrong += re.findall("ESCAPED: .*", said)
        if CANARY in said:
            wrong.append("what lies outside was shown")
        if len(said) > 1_500_000:
            wrong.append(f"{len(said)} bytes of output")
        if re.search("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]|\x1b(?!\\[)", said):
            wrong.append("control bytes in the output")
        if (root / "canary").read_text() != CANARY:
            wrong.append("a file outside was overwritten")
        after = sorted(str(p) for p in root.rglob("*") if "app.db" not in p.name)
        if after != [f for f in files if not f.endswith("bad.lua")]:
            wrong.append(f"files: {sorted(set(after) ^ set(files))}")
        if fingerprint(root) != before:
            wrong.append("the database is another one")
        check = luamig(program, root, "current")
        if check.stdout.split()[:1] != ["good"]:
            wrong.append(f"afterwards: {check.stdout}{check.stderr}")
        if not wrong:
            return None
        return f"{script.stem}, {mode}: " + "; ".join(wrong) + "\n" + said[-2000:]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("-k", default="")
    given = arguments.parse_args()
    program = str(pathlib.Path(given.program).resolve())
    scripts = sorted(s for s in SCRIPTS.glob("*.lua") if given.k in s.stem)
    runs = [(program, s, mode, flags) for s in scripts for mode, flags in MODES.items()]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        failures = [f for f in pool.map(lambda run: attack(*run), runs) if f]
    for failure in failures:
        print("FAILED", failure)
    print(f"{len(scripts)} attacks, {len(runs)} runs, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
