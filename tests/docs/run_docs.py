#!/usr/bin/env python3
"""Types what the README's tour and the tutorial tell a reader to type, in their order, in an empty
directory, and compares what they say is printed with what is.

Of a text between two headings it takes the blocks without a language, as commands ("$ …") and their
output, and those in Lua that have an upgrade(): they go into the revision that was made last. The
ids are those of the text; how a command ends is not looked at. A comment <!-- type: COMMAND --> types what the prose asks for. A block
that names the server db.internal is left out. What runs is a case (tests/cases/run_cases.py).
"""

import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "cases"))

from runner import stable  # noqa: E402

TEXTS = [("README.md", "## In 60 seconds", "## Install"),
         ("docs/tutorial.md", "## 1.", None)]
PART = re.compile(r"^```(\w*)\n(.*?)^```$|^<!-- type: (.*?) -->$", re.DOTALL | re.MULTILINE)
MADE = re.compile(r"versions/([0-9a-f]{12})_")

HEAD = """# url: none
# on: sqlite
--- file: bin/fill
#!/bin/sh
# The functions of the newest revision are those of stdin; a whole file replaces it.
newest=$(ls -t migrations/versions/*.lua | head -1)
cat >new
grep -q '^revision' new || { sed '/^function upgrade/,$d' "$newest"; cat new; } >whole
grep -q '^revision' new && mv new whole
mv whole "$newest"
---
"""


def section(text, first, last):
    text = text[text.index("\n" + first) + 1:]
    return text[:text.index("\n" + last)] if last else text


def transcript(block):
    """A block's lines; what makes a revision is told the id that the text says it got."""
    lines = block.rstrip("\n").split("\n")
    for at, line in enumerate(lines):
        following = []
        for answer in lines[at + 1:]:
            if answer.startswith("$ "):
                break
            following.append(answer)
        made = MADE.search("\n".join(following))
        if re.match(r"\$ luamig (revision|merge) ", line) and made:
            yield f"{line} --rev-id {made.group(1)}"
        else:
            yield line + " || :" if line.startswith("$ ") else stabilised(line)


def stabilised(line):
    line = stable.DURATION.sub("<time>", re.sub(r"luamig \d+\.\d+\.\d+", "luamig <version>", line))
    return stable.PADDING.sub("  ", line)


def case_of(text):
    lines = [HEAD.rstrip("\n")]
    for language, block, typed in PART.findall(text):
        if typed:
            lines.append("$ " + typed)
        elif language == "lua" and "function upgrade()" in block:
            lines.append("$ fill <<'END'")
            lines += ["> " + line for line in [*block.rstrip("\n").split("\n"), "END"]]
        elif not language and block.startswith("$ ") and "db.internal" not in block:
            lines += transcript(block)
    return "\n".join(lines) + "\n"


def main():
    with tempfile.TemporaryDirectory() as directory:
        cases = []
        for path, first, last in TEXTS:
            case = pathlib.Path(directory) / (pathlib.Path(path).stem + ".case")
            case.write_text(case_of(section((ROOT / path).read_text(), first, last)))
            if case.read_text().count("\n$ ") < 10:
                sys.exit(f"run_docs: {path} has hardly a command to type")
            cases.append(case)
        return subprocess.run([sys.executable, HERE.parent / "cases" / "run_cases.py",
                               "--program", sys.argv[1], *cases], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
