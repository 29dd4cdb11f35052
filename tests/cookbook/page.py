#!/usr/bin/env python3
"""Compares the Lua and CSV blocks of docs/cookbook.md with the files that they are.

    page.py [--update]

A block stands below `[name](../migrations-example/cookbook/…)` and is the whole file, from its
first line to its last. Every revision but the first must be shown. --update writes the blocks anew.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "cookbook.md"
VERSIONS = ROOT / "migrations-example" / "cookbook" / "migrations" / "versions"
BLOCK = re.compile(r"(\]\((\.\./migrations-example/cookbook/[^)]+)\)[^\n]*\n+```\w+\n)(.*?)(^```$)",
                   re.DOTALL | re.MULTILINE)


def main():
    page = PAGE.read_text(encoding="utf-8")
    files = {}

    def as_it_is(found):
        path = (PAGE.parent / found.group(2)).resolve()
        files[path] = path.read_text(encoding="utf-8")
        return found.group(1) + files[path] + found.group(4)

    now = BLOCK.sub(as_it_is, page)
    shown = len(re.findall(r"^```(?:lua|csv)$", page, re.MULTILINE))
    if shown != len(files):
        sys.exit(f"{PAGE.name}: {shown} blocks in Lua or CSV, and {len(files)} files")
    missing = sorted(set(VERSIONS.glob("*.lua")) - set(files))[1:]
    if missing:
        sys.exit(f"{PAGE.name} does not show {', '.join(path.name for path in missing)}")
    if now != page:
        if "--update" not in sys.argv[1:]:
            sys.exit(f"{PAGE.name} shows other files than those that run: {__file__} --update")
        PAGE.write_text(now, encoding="utf-8")


if __name__ == "__main__":
    main()
