"""Programs that do the same work, timed in turn: each begins with a fresh copy, and each must leave
the same behind."""
import statistics
import subprocess
import sys

SMALL = 1000
UNDECIDED = "UNDECIDED"
MOST_TIMES = 3  # as many rounds as are asked for, while they differ too much to tell


class Failed(Exception):
    """A side ended with an error; its text says which."""


class Side:
    """`command(place)`: what is run for a database. `is_luamig`: may fail, and is then left out."""

    def __init__(self, name, command, is_luamig=False):
        self.name, self.command, self.is_luamig = name, command, is_luamig
        self.seconds, self.kilobytes, self.small_kilobytes, self.failure = [], [], 0, None

    def median(self):
        return statistics.median(self.seconds)


class Bar:
    """A side may take at most `limit` times as long as the fastest of others, round by round."""

    def __init__(self, side, others, limit):
        self.side, self.others, self.limit = side, others, limit


def quartile_distance(values):
    if len(values) < 2:
        return 0.0
    quartiles = statistics.quantiles(values, n=4)
    return quartiles[2] - quartiles[0]


def error_of(text):
    """The line that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["no message"]
    inner = [line for line in lines if line.startswith("error ")]
    return inner[0].removeprefix("error").strip() if inner else lines[0]


def measured(launcher, command, cwd):
    """Seconds and peak kilobytes of a command."""
    done = subprocess.run([launcher, *map(str, command)], cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(error_of(done.stderr))
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes)


class Race:
    """`fresh(rows)` gives the place of a new copy, `result(place)` what a run has left there."""

    def __init__(self, title, launcher, cwd, fresh, result):
        self.title, self.launcher, self.cwd = title, launcher, cwd
        self.fresh, self.result = fresh, result
        self.sides, self.bars = [], []

    def add(self, *sides):
        self.sides.extend(sides)

    def bar(self, side, others, limit):
        self.bars.append(Bar(side, others, limit))

    def running(self):
        return [side for side in self.sides if not side.failure]

    def once(self, side, rows, expected):
        """Runs a side once; what it leaves must be what the first one left."""
        place = self.fresh(rows)
        seconds, kilobytes = measured(self.launcher, side.command(place), self.cwd)
        left = self.result(place)
        if expected.setdefault(rows, left) != left:
            raise Failed("leaves something else behind than the sides before it")
        return seconds, kilobytes

    def warm_up(self, expected):
        """The references first, so that what they leave is what counts."""
        for side in sorted(self.sides, key=lambda one: one.is_luamig):
            try:
                side.small_kilobytes = self.once(side, SMALL, expected)[1]
            except Failed as failure:
                if not side.is_luamig:
                    sys.exit(f"{self.title}: {side.name}: {failure}")
                side.failure = str(failure)

    def run(self, rows, rounds):
        """False when a side could not run or a bar is exceeded."""
        expected = {}
        self.warm_up(expected)
        for number in range(MOST_TIMES * rounds):
            if number >= rounds and not self.is_undecided():
                break
            self.run_round(number, rows, expected)
        return self.report(rows)

    def run_round(self, number, rows, expected):
        """Every side once, beginning with another one each time."""
        sides = self.running()
        turn = number % len(sides)
        for side in sides[turn:] + sides[:turn]:
            try:
                seconds, kilobytes = self.once(side, rows, expected)
            except Failed as failure:
                if not side.is_luamig:
                    sys.exit(f"{self.title}: {side.name}: {failure}")
                side.failure = str(failure)
                continue
            side.seconds.append(seconds)
            side.kilobytes.append(kilobytes)

    def is_undecided(self):
        """Whether the rounds so far differ too much to tell."""
        return any(verdict_on(*measure(bar), bar.limit) == UNDECIDED
                   for bar in self.bars if not is_missing(bar))

    def report(self, rows):
        rounds = max(len(side.seconds) for side in self.sides)
        print(f"\n{self.title}, {rows:,} rows, {rounds} rounds")
        print(f"  {'':38}{'median':>9}{'spread':>9}{'peak':>10}{'at 1,000':>10}")
        for side in self.sides:
            if side.failure:
                print(f"  {side.name:38}not built: {side.failure}")
                continue
            print(f"  {side.name:38}{side.median():7.2f} s{quartile_distance(side.seconds):7.2f} s"
                  f"{max(side.kilobytes) / 1024:7.1f} MB{side.small_kilobytes / 1024:7.1f} MB")
        good = not any(side.failure for side in self.sides)
        for bar in self.bars:
            good &= judged(bar)
        sys.stdout.flush()
        return good


def verdict_on(ratio, spread, limit):
    """In capitals where it is no pass."""
    if ratio <= limit:
        return ""
    if ratio > limit + spread:
        return "EXCEEDED"
    return UNDECIDED if spread > limit / 2 else "over, within the spread"


def is_missing(bar):
    return bar.side.failure or any(other.failure for other in bar.others)


def measure(bar):
    """The ratio and its spread."""
    ratios = [ours / min(theirs) for ours, *theirs in
              zip(bar.side.seconds, *(other.seconds for other in bar.others))]
    return statistics.median(ratios), quartile_distance(ratios)


def judged(bar):
    """Prints a ratio beside its limit."""
    title = f"{bar.side.name} : {' | '.join(other.name for other in bar.others)}"
    if is_missing(bar):
        print(f"  {title:58}not measured")
        return False
    ratio, spread = measure(bar)
    verdict = verdict_on(ratio, spread, bar.limit)
    print(f"  {title:58}{ratio:6.2f} x  spread {spread:.2f}  limit {bar.limit:.2f}  {verdict}")
    return not verdict.isupper()
