"""Takes a database up and down its revisions and wants it alike each time it is at the same place.

What is the same place is what `luamig current` says. The first time there the fingerprint is kept;
each later time it is compared. `alike` may make of it a text without what is new each time.
"""

import difflib

import fingerprint
from program import Failed, closure, in_order


class Walk:
    def __init__(self, luamig, database, parents, clocks=(), alike=str):
        self.luamig = luamig
        self.database = database
        self.parents = parents
        self.clocks = clocks
        self.alike = alike
        self.seen = {}
        self.compared = 0

    def look(self):
        """Keeps or compares the fingerprint; returns the rows of the version table."""
        rows = self.luamig.current()
        now = self.alike(fingerprint.take(self.database, self.clocks))
        if rows not in self.seen:
            self.seen[rows] = now
            return rows
        before = self.seen[rows]
        if now != before:
            lines = difflib.unified_diff(before.split("\n"), now.split("\n"),
                                         "the first time", "now", lineterm="", n=1)
            raise Failed(f"another database than the first time at {rows or 'base'}\n"
                         + "\n".join(list(lines)[:60]))
        self.compared += 1
        return rows

    def up_one_by_one(self):
        """Each revision by name, parents first."""
        self.look()
        applied = closure(self.parents, self.luamig.current())
        for revision in in_order(self.parents):
            if revision not in applied:
                self.luamig("upgrade", revision)
                self.look()

    def up_at_once(self):
        self.luamig("upgrade")
        self.look()

    def down_one_by_one(self):
        """As few revisions at a time as a target can name."""
        rows = self.look()
        while rows:
            self.luamig("downgrade", self.next_down(rows))
            below = self.look()
            if below == rows:
                raise Failed(f"downgrade left the database at {rows}")
            rows = below

    def down_at_once(self):
        self.luamig("downgrade", "base")
        self.look()

    def next_down(self, rows):
        """The parent of a row that has no other child; where there is none, the branch point."""
        for row in reversed(in_order(self.parents)):
            if row not in rows:
                continue
            parents = self.parents[row]
            if len(rows) == 1 and len(parents) < 2:
                return "-1"
            if sum(parents[0] in others for others in self.parents.values()) == 1:
                return parents[0]
        shared = set.intersection(*(closure(self.parents, [row]) for row in rows))
        return max(shared, key=in_order(self.parents).index)

    def everywhere(self):
        """Up and down in every way."""
        self.up_one_by_one()
        self.down_one_by_one()
        self.up_at_once()
        self.down_at_once()
        self.up_one_by_one()
