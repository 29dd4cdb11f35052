"""--update: puts what was seen into the case files, where it is not what was expected."""

import difflib

from . import case_file, compare


def all_cases(results):
    by_case = {}
    for (case, engine), outcome in results:
        by_case.setdefault(case.path, (case, {}))[1][engine] = outcome.outputs
    for case, outputs in by_case.values():
        if set(outputs) != set(case.engines):
            print(f"not updated, because it did not run on every database: {case.path}")
        else:
            one_case(case, outputs)


def one_case(case, outputs):
    lines = list(case.lines)
    commands = [step for step in case.steps if isinstance(step, case_file.Command)]
    for command in reversed(commands):
        seen = {engine: outputs[engine].get(command.start) for engine in case.engines}
        if None not in seen.values() and not all(met(command, e, seen[e]) for e in seen):
            lines[command.start:command.end] = merged({e: as_lines(*s) for e, s in seen.items()})
    if lines != case.lines:
        case.path.write_text("\n".join(lines), encoding="utf-8")
        print(f"updated {case.path}")


def met(command, engine, seen):
    lines, status = seen
    expected, expected_status = command.expected(engine)
    return status == expected_status and compare.matches(expected, lines)


def as_lines(lines, status):
    return [case_file.escape(line) for line in lines] + ([f"[{status}]"] if status else [])


def merged(by_engine):
    """Common lines as they are, others with their database's name before them."""
    engines = list(by_engine)
    if len(engines) == 1:
        return by_engine[engines[0]]
    one, other = (by_engine[engine] for engine in engines)
    result = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, one, other, False).get_opcodes():
        if what == "equal":
            result += one[a:b]
        else:
            result += [f"{engines[0]}> {line}".rstrip() for line in one[a:b]]
            result += [f"{engines[1]}> {line}".rstrip() for line in other[c:d]]
    return result
