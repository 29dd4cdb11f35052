#!/usr/bin/env python3
"""Proves the walls by compiling: a forbidden include must fail, its allowed twin must compile.

usage: walls.py COMPILER FOLDER
FOLDER holds one NAME.includes for each room: its include directories, one a line.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from includes import ARROWS, ROOT

# Headers off the default include path: room → header that it alone may see.
HIDDEN = {"bindings": "lua.hpp", "db": "libpq-fe.h"}


def folder_of(room):
    return ROOT / ("bindings" if room == "bindings" else f"runtime/{room}")


def leads_to(header, hidden):
    """Whether it names that, or includes a header of its room that does."""
    text = header.read_text()
    return hidden in text or any(
        leads_to(header.parent / name, hidden)
        for name in re.findall(rf'#include "{header.parent.name}/(\w+\.hpp)"', text))


def some_header(room):
    """A small header of this room, as others include it; none that wants a macro defined, or what
    only this room may see."""
    hidden = HIDDEN.get(room, "LUAMIG_VERSION")
    plain = (p for p in folder_of(room).glob("*.hpp")
             if "LUAMIG_VERSION" not in p.read_text() and not leads_to(p, hidden))
    headers = sorted(plain, key=lambda p: (p.stat().st_size, p.name))
    return f'"{room}/{headers[0].name}"' if headers else None


def compiles(compiler, directories, include):
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write(f"#include {include}\nint main() {{ return 0; }}\n")
        source.flush()
        answer = subprocess.run(
            [compiler, "-std=c++20", "-fsyntax-only", *[f"-I{d}" for d in directories],
             source.name], capture_output=True, text=True)
    return answer.returncode == 0, answer.stderr


def checks(rooms):
    """(room, include, whether it must compile)"""
    headers = {room: some_header(room) for room in rooms}
    for room in rooms:
        for other, header in headers.items():
            if header:
                yield room, header, other == room or other in ARROWS[room]
        for owner, header in HIDDEN.items():
            yield room, f"<{header}>", owner == room


def main():
    compiler, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    rooms = {p.stem: p.read_text().split() for p in sorted(folder.glob("*.includes"))}
    count = faults = 0
    for room, include, allowed in checks(rooms):
        count += 1
        done, messages = compiles(compiler, rooms[room], include)
        if done != allowed:
            faults += 1
            print(f"{room}: #include {include} {'compiles' if done else 'does not compile'}")
            print(messages)
    print(f"{count} includes tried, {faults} wrong")
    return 1 if faults or count < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
