"""Compares lines of output with expected lines in which "…" stands for any text."""

import re

ANY_LINES = "…"


def line_matches(expected, actual):
    if "…" not in expected:
        return expected == actual
    pattern = ".*".join(re.escape(part) for part in expected.split("…"))
    return re.fullmatch(pattern, actual) is not None


def matches(expected, actual):
    """Whether the lines agree; a line of only "…" stands for any lines, none included."""
    reachable = {0}  # how many lines of `actual` the expected lines so far may have used
    for line in expected:
        if line == ANY_LINES:
            reachable = set(range(min(reachable), len(actual) + 1))
        else:
            reachable = {n + 1 for n in reachable
                         if n < len(actual) and line_matches(line, actual[n])}
        if not reachable:
            return False
    return len(actual) in reachable
