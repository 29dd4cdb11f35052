"""Reads a .case file into the steps that it asks for; run_cases.py describes the form."""

import dataclasses
import pathlib
import re

from . import databases

HEADER = re.compile(r"# (on|needs|url|ids): +(.+)")
WAITING = re.compile(r"# waiting: +(.+)")
NOT_OUTPUT = re.compile(r"\$ |> |#|\[\d+\]$|--- file:|sqlite> |postgres> |\\")
ENGINE_LINE = re.compile(r"(sqlite|postgres)> ?(.*)")
END_OF_FILE = re.compile(r"--- file:|---$|\$ ")
STATUS = re.compile(r"\[(\d+)\]")


@dataclasses.dataclass
class Write:
    """A file to write before the next command."""
    path: str
    text: str


@dataclasses.dataclass
class Command:
    """A command and the lines below it, as they stand in the file from `start` to `end`."""
    text: str
    line: int
    start: int
    end: int
    raw: list

    def expected(self, engine):
        """What this engine must show: the lines (with "…" in them) and the exit status."""
        lines = []
        for raw in self.raw:
            special = ENGINE_LINE.fullmatch(raw)
            if special is None:
                lines.append(raw)
            elif special.group(1) == engine:
                lines.append(special.group(2))
        status = 0
        while lines and not lines[-1]:
            lines.pop()
        if lines and STATUS.fullmatch(lines[-1]):
            status = int(STATUS.fullmatch(lines.pop()).group(1))
        while lines and not lines[-1]:
            lines.pop()
        return [unescape(line) for line in lines], status


@dataclasses.dataclass
class Case:
    path: pathlib.Path
    lines: list
    engines: list
    needs: list
    url: str
    generated_ids: bool
    bad_inputs: bool
    waiting: list
    steps: list

    @property
    def writes_config(self):
        """Whether the case brings its own luamig.toml before its first command."""
        for step in self.steps:
            if isinstance(step, Command):
                return False
            if step.path == "luamig.toml":
                return True
        return False


def escape(line):
    return "\\" + line if NOT_OUTPUT.match(line) else line


def unescape(line):
    return line[1:] if line.startswith("\\") else line


def read(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    headers = dict(m.groups() for line in lines if (m := HEADER.fullmatch(line.strip())))
    case = Case(path, lines,
                engines=headers.get("on", "sqlite").split(),
                needs=headers.get("needs", "").split(),
                url=headers.get("url", "toml"),
                generated_ids=headers.get("ids") == "generated",
                bad_inputs="# bad inputs" in lines,
                waiting=[m.group(1) for line in lines if (m := WAITING.fullmatch(line.strip()))],
                steps=read_steps(lines))
    unknown = set(case.engines) - set(databases.ENGINES)
    if unknown:
        raise SystemExit(f"{path}: unknown database '{unknown.pop()}'")
    if not any(isinstance(step, Command) for step in case.steps):
        raise SystemExit(f"{path}: a case without a command tests nothing")
    return case


def read_steps(lines):
    steps, at = [], 0
    while at < len(lines):
        if lines[at].startswith("--- file:"):
            step, at = read_file_block(lines, at)
            steps.append(step)
        elif lines[at].startswith("$ "):
            step, at = read_command(lines, at)
            steps.append(step)
        elif lines[at].strip() and not lines[at].startswith("#"):
            raise SystemExit(f"line {at + 1} belongs to no command: {lines[at]}")
        else:
            at += 1
    return steps


def read_file_block(lines, at):
    path = lines[at][len("--- file:"):].strip()
    end = at + 1
    while end < len(lines) and not END_OF_FILE.match(lines[end]):
        end += 1
    step = Write(path, "\n".join(lines[at + 1:end]).rstrip("\n") + "\n")
    return step, end + 1 if lines[end:end + 1] == ["---"] else end


def read_command(lines, at):
    text, line = [lines[at][2:]], at + 1
    at += 1
    while at < len(lines) and lines[at].startswith("> "):
        text.append(lines[at][2:])
        at += 1
    start = at
    while at < len(lines) and not lines[at].startswith(("--- file:", "$ ", "#")):
        at += 1
    end = at
    while end > start and not lines[end - 1]:
        end -= 1
    return Command("\n".join(text), line, start, end, lines[start:end]), at
