#!/usr/bin/env python3
"""Times luamig beside hand-written programs, in turn, in one run.

    run.py BUILD_DIR [--rounds N] [--only WORD]

Every row runs A (luamig) and B (the reference) alternately, after one warm-up of each, and judges the
median of the pairwise ratios. The spread is the distance between the quartiles of those ratios. The exit
status is 1 when a ratio exceeds its limit by more than the spread, or a memory limit is exceeded.
PostgreSQL rows need LUAMIG_TEST_PG (tests/support/postgres.sh sets it).
"""
import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Timing:
    def __init__(self, seconds, kilobytes):
        self.seconds = seconds
        self.kilobytes = kilobytes


def timed(launcher, command, cwd):
    done = subprocess.run([launcher, *command], cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stderr}")
    seconds, kilobytes = done.stdout.split()
    return Timing(float(seconds), int(kilobytes))


def write_project(directory, count, url, tiny=False):
    """A linear chain of `count` revisions, each a file of ordinary size."""
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "luamig.toml").write_text(f'url = "{url}"\n')
    parent = "nil"
    for i in range(count):
        revision = f"rev{100000 + i}"
        body = ("  op.create_table(\"t\", { sql.column(\"n\", sql.bigint) })" if tiny and i == 0
                else f'  op.execute "INSERT INTO t VALUES ({i})"' if tiny
                else f'  op.add_column("accounts", sql.column("field_{i}", sql.string(255)))')
        (versions / f"{revision}_step.lua").write_text(
            f"--- Step {i} of a long history\n--\n-- Created: 2026-03-01\n\n"
            f'revision = "{revision}"\ndown_revision = {parent}\nbranch_labels = nil\n'
            f"depends_on = nil\n\nfunction upgrade()\n{body}\nend\n\nfunction downgrade()\nend\n")
        parent = f'"{revision}"'


@contextlib.contextmanager
def distance(program, url, microseconds):
    """The server's URL through a relay that delays every chunk of bytes, each way."""
    server = url.split("host=")[1].split("&")[0]
    with tempfile.TemporaryDirectory(prefix="far-") as directory:
        with subprocess.Popen([program, directory, server, str(microseconds)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as relay:
            relay.stdout.readline()
            yield url.replace(server, directory)
            relay.stdin.close()


class Bench:
    def __init__(self, build, rounds, scratch):
        self.build, self.rounds, self.scratch = build, rounds, scratch
        self.luamig = str(build / "luamig")
        self.failed = False
        print(f"{'':56}{'luamig':>10}{'reference':>11}{'ratio':>8}{'spread':>8}{'limit':>7}"
              f"{'memory':>9}")

    def reference(self, name):
        return str(self.build / "tests" / "bench" / f"bench_{name}")

    def compare(self, title, a, b, limit, cwd, before=None, rounds=None, megabytes=None):
        """`a`, `b`: commands; `before(side)` puts the scene back and is not timed."""
        pairs = []
        for i in range((rounds or self.rounds) + 1):
            pair = []
            for side, command in (("a", a), ("b", b)):
                if before:
                    before(side)
                pair.append(timed(self.reference("measure"), command, cwd))
            if i > 0:
                pairs.append(pair)
        ratios = [x.seconds / y.seconds for x, y in pairs]
        ratio = statistics.median(ratios)
        quartiles = statistics.quantiles(ratios, n=4)
        spread = quartiles[2] - quartiles[0]
        memory = max(x.kilobytes for x, _ in pairs) / 1024
        bad = limit is not None and ratio > limit + spread
        bad_memory = megabytes is not None and memory > megabytes
        self.failed |= bad or bad_memory
        ms = [statistics.median(p[k].seconds for p in pairs) * 1000 for k in (0, 1)]
        print(f"{title:56}{ms[0]:8.1f}ms{ms[1]:9.1f}ms{ratio:8.2f}{spread:8.2f}"
              f"{limit if limit is not None else '':>7}{memory:7.1f}MB"
              f"{'  EXCEEDED' if bad else ''}{'  TOO MUCH MEMORY' if bad_memory else ''}",
              flush=True)

    def project(self, name, count, tiny=False, url="sqlite:///./app.db"):
        directory = self.scratch / name
        write_project(directory, count, url, tiny)
        return directory

    def starts(self):
        one = self.project("one", 1)
        subprocess.run([self.luamig, "stamp", "head"], cwd=one, check=True, capture_output=True)
        self.compare("current, SQLite, 1 file", [self.luamig, "current"], [self.reference("empty")],
                     2.1, one, rounds=5 * self.rounds, megabytes=8)
        for count, limit, megabytes in ((1000, None, None), (10000, 1.4, None)):
            many = self.project(f"many{count}", count)
            versions = str(many / "migrations" / "versions")
            self.compare(f"current, SQLite, {count} files", [self.luamig, "current"],
                         [self.reference("scan_files"), versions], limit, many)

    def graphs(self):
        for count, megabytes in ((10000, 12), (100000, 60)):
            many = self.scratch / f"many{count}"
            if not many.exists():
                self.project(f"many{count}", count)
            versions = str(many / "migrations" / "versions")
            scan = [self.reference("scan_files"), versions]
            rounds = self.rounds if count < 100000 else 3
            for words in (["heads"], ["history"], ["plan", "upgrade", "head", "--from", "base"]):
                self.compare(f"{words[0]}, {count} revisions", [self.luamig] + words, scan, None,
                             many, rounds=rounds, megabytes=megabytes)

    def tiny_sqlite(self):
        tiny = self.project("tiny", 1001, tiny=True)
        database, other = tiny / "app.db", tiny / "reference.db"

        def fresh(_):
            for path in tiny.glob("*.db*"):
                path.unlink()
        self.compare("1,000 tiny revisions, SQLite", [self.luamig, "-q", "upgrade"],
                     [self.reference("tiny_sqlite"), str(other), "1000"], 1.05, tiny, before=fresh)
        assert database.exists() or other.exists()

    def postgres(self, server):
        if not server:
            print("PostgreSQL rows: not run, LUAMIG_TEST_PG is not set")
            self.failed = True
            return
        name = f"bench_{os.getpid()}"
        url = server.replace("/postgres?", f"/{name}?", 1)

        def sql(statement):
            subprocess.run(["psql", "-qX", server, "-c", statement], check=True,
                           capture_output=True)

        def fresh(_):
            sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            sql(f"CREATE DATABASE {name}")
        fresh("a")
        one = self.project("pg_one", 1, url=url)
        subprocess.run([self.luamig, "stamp", "head"], cwd=one, check=True, capture_output=True)
        self.compare("current, PostgreSQL", [self.luamig, "current"],
                     [self.reference("empty_libpq"), url], None, one, rounds=2 * self.rounds)
        with distance(self.reference("far_away"), url, microseconds=100) as far:
            for where, place, limit in (("0.2 ms away", far, 0.65), ("unix socket", url, None)):
                tiny = self.project(f"pg_tiny_{where[:4]}".replace(" ", "_"), 1001, tiny=True,
                                    url=place)
                for kind in ("plain", "prepared"):
                    self.compare(f"1,000 tiny revisions, PostgreSQL {where}, {kind}",
                                 [self.luamig, "-q", "upgrade"],
                                 [self.reference("tiny_postgres"), place, "1000", kind],
                                 limit if kind == "plain" else None, tiny, before=fresh)
        sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", choices=["", "starts", "graphs", "tiny", "postgres"])
    arguments = parser.parse_args()
    # On the disk that the build is on: a temporary directory may be memory, where fsync is free.
    scratch = Path(tempfile.mkdtemp(prefix="bench-", dir=arguments.build))
    try:
        bench = Bench(arguments.build.resolve(), arguments.rounds, scratch.resolve())
        for name, part in (("starts", bench.starts), ("graphs", bench.graphs),
                           ("tiny", bench.tiny_sqlite),
                           ("postgres", lambda: bench.postgres(os.environ.get("LUAMIG_TEST_PG")))):
            if arguments.only in ("", name):
                part()
    finally:
        shutil.rmtree(scratch)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
