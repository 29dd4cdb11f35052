"""Runs luamig in a project, and walks a database through its revisions."""

import os
import re
import subprocess

# What would name another database or project than the test's own.
NOT_PASSED_ON = ("DATABASE_URL", "SHOP_DATABASE_URL", "LUAMIG_CONFIG", "LUAMIG_ENV")


class Failed(Exception):
    pass


class Program:
    def __init__(self, path, directory, url=None):
        self.path = path
        self.directory = directory
        self.url = url

    def __call__(self, *arguments):
        """Its standard output. An exit status other than 0 is an error that shows everything."""
        environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
        chosen = ["-u", self.url] if self.url else []
        done = subprocess.run([self.path, *chosen, *arguments], cwd=self.directory, text=True,
                              env=environment, capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=120, check=False)
        if done.returncode != 0:
            raise Failed(f"luamig {' '.join(arguments)} ended with {done.returncode}\n"
                         f"{done.stdout}{done.stderr}")
        return done.stdout

    def current(self):
        return tuple(sorted(line.split()[0] for line in self("current").splitlines()))


def parents_in(versions):
    """revision → its down_revisions, read from the files of a versions directory."""
    parents = {}
    for path in sorted(versions.glob("*.lua")):
        text = path.read_text(encoding="utf-8")
        revision = re.search(r'^revision *= "(.*?)"', text, re.MULTILINE).group(1)
        down = re.search(r"^down_revision *= (.*)$", text, re.MULTILINE)
        parents[revision] = re.findall(r'"(.*?)"', down.group(1)) if down else []
    return parents


def closure(parents, revisions):
    found, waiting = set(), list(revisions)
    while waiting:
        revision = waiting.pop()
        if revision not in found:
            found.add(revision)
            waiting += parents[revision]
    return found


def in_order(parents):
    """All revisions, parents first."""
    return sorted(parents, key=lambda revision: (len(closure(parents, [revision])), revision))
