#!/usr/bin/env python3
"""Checks the walls of the house by reading: the arrows of CMakeLists.txt and every #include.

The arrows stand here a second time on purpose: a new one is a decision, made in two places. Those of
main, which is no room of CMakeLists.txt, stand here alone. What docs/ARCHITECTURE.md draws and lists
is compared as well.
Prints one line for each fault; exit status 1 when there is any.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

ARROWS = {
    "base": set(),
    "graph": {"base"},
    "script": {"graph", "base"},
    "codec": {"base"},
    "db": {"base"},
    "config": {"base", "db"},
    "engine": {"script", "db", "graph", "base"},
    "bindings": {"worker", "engine", "codec", "db", "script", "graph", "base"},
    "worker": {"base"},
    "broker": {"worker", "bindings", "engine", "script", "db", "graph", "base"},
    "cli": {"engine", "config", "script", "db", "graph", "base"},
    "main": {"cli", "broker", "bindings", "engine", "config", "db", "base"},
}

# Which rooms may include a third-party header, by its path.
LIBRARIES = [
    (re.compile(r"(lua|lualib|lauxlib|luajit)\.h(pp)?$"), {"bindings"}),
    (re.compile(r"libpq|pg_query|sqlite3|SQLiteCpp|postgres"), {"db"}),
    (re.compile(r"^CLI/"), {"cli"}),
    (re.compile(r"^nlohmann/"), {"cli", "db"}),
    (re.compile(r"^toml\+\+/|^toml\.hpp"), {"config"}),
    (re.compile(r"^sodium"), {"script", "codec", "db"}),
    (re.compile(r"^utf8proc"), {"codec"}),
    (re.compile(r"^seccomp\.h"), {"worker"}),
    (re.compile(r"^histedit\.h"), {"cli"}),
    (re.compile(r"^zlib\.h"), {"engine"}),
]

OUTPUT = re.compile(r"#include <(iostream|print)>|std::(cout|cerr|clog|print(ln)?)\b"
                    r"|(?<![\w:.])(std::)?(v?f?printf|f?puts|putchar|perror)\s*\(")
PRINTERS = {"cli", "main"}
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc|impl|stuff)(_|$)")
VAGUE_ALLOWED = {"stdlib/luamig/dialect/common.lua"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)


def sources():
    """Every C++ file of the program with its room."""
    for top in ("runtime", "bindings"):
        for path in sorted((ROOT / top).rglob("*.[ch]pp")):
            yield path, room_of(path.relative_to(ROOT).parts)


def room_of(parts):
    if parts[0] == "bindings":
        return "bindings"
    return pathlib.Path(parts[1]).stem  # the folder, or "main" of runtime/main.cpp


def arrow_faults():
    text = (ROOT / "CMakeLists.txt").read_text()
    for room, rest in re.findall(r"^luamig_room\((\w+)([^)]*)\)", text, re.M):
        uses = re.search(r"USES((?: [a-z_]+)+)", rest)
        for used in uses.group(1).split() if uses else []:
            if used not in ARROWS.get(room, set()):
                yield f"CMakeLists.txt: {room} may not use {used}"
        if room not in ARROWS:
            yield f"CMakeLists.txt: the room {room} has no line in tests/architecture/includes.py"


def drawn_arrows(page):
    """What the page draws: room → the rooms it uses, but for stdlib, which is Lua."""
    lines = re.findall(r"^(\w+) +──▶ (.+)$", page, re.M)
    return {room: set(re.findall(r"\w+", used)) for room, used in lines if room != "stdlib"}


def drawing_faults(page):
    drawn = drawn_arrows(page)
    wanted = {room: used for room, used in ARROWS.items() if used}
    for room in sorted(wanted.keys() | drawn.keys()):
        for other in sorted(wanted.get(room, set()) ^ drawn.get(room, set())):
            yield f"docs/ARCHITECTURE.md: the arrow from {room} to {other} is not drawn as it is"


def table_faults(page, folders):
    listed = {name for row in re.findall(r"^\|(.+?)\|", page, re.M)
              for name in re.findall(r"`tests/(\w+)`", row)}
    for name in sorted(listed ^ set(folders)):
        yield f"docs/ARCHITECTURE.md: tests/{name} is in the table or in the tree, not in both"


def page_faults():
    page = (ROOT / "docs/ARCHITECTURE.md").read_text()
    yield from drawing_faults(page)
    yield from table_faults(page, [p.name for p in (ROOT / "tests").iterdir() if p.is_dir()])


def include_faults(path, room, lines):
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found.group(2)
        place = f"{path.relative_to(ROOT)}:{number}"
        other = target.split("/")[0]
        if other in ARROWS and found.group(1) == '"':
            if other != room and other not in ARROWS[room]:
                yield f"{place}: {room} may not include {target}"
        for pattern, rooms in LIBRARIES:
            if found.group(1) == "<" and pattern.search(target) and room not in rooms:
                yield f"{place}: only {', '.join(sorted(rooms))} may include {target}"
        if found.group(1) == '"' and "/" not in target:
            yield f"{place}: write the room too: \"{room}/{target}\""
        if ".." in target.split("/"):
            yield f"{place}: an include never climbs: {target}"


def output_faults(path, room, text):
    if room in PRINTERS:
        return
    bare = COMMENT_OR_TEXT.sub(lambda m: "\n" * m.group(0).count("\n"), text)
    for number, line in enumerate(bare.split("\n"), 1):
        if OUTPUT.search(line):
            yield f"{path.relative_to(ROOT)}:{number}: only cli and main.cpp print"


def one_place_faults(pattern, what):
    users = [p for p, _ in sources() if re.search(pattern, p.read_text(), re.M)]
    if len(users) > 1:
        names = ", ".join(str(p.relative_to(ROOT)) for p in users)
        yield f"{what} belongs in one file, and is included in {names}"


def name_faults():
    for top in ("runtime", "bindings", "stdlib", "tests"):
        for path in sorted((ROOT / top).rglob("*")):
            name = str(path.relative_to(ROOT))
            if VAGUE.search(path.name.split(".")[0]) and name not in VAGUE_ALLOWED:
                yield f"{name}: a file is named for the one thing in it"


def all_faults():
    yield from arrow_faults()
    yield from page_faults()
    count = 0
    for path, room in sources():
        count += 1
        text = path.read_text()
        yield from include_faults(path, room, text.split("\n"))
        yield from output_faults(path, room, text)
        if path.suffix == ".hpp" and "#pragma once" not in text:
            yield f"{path.relative_to(ROOT)}: a header begins with #pragma once"
    if count < 20:
        yield f"only {count} sources were found under {ROOT}"
    yield from one_place_faults(r"^#include <CLI/", "CLI11")
    yield from name_faults()


def main():
    faults = list(all_faults())
    print("\n".join(faults) if faults else "the includes keep to the arrows")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
