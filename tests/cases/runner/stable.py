"""Replaces what changes from run to run, so that output can be compared as text."""

import datetime
import os
import pwd
import re
import socket

DURATION = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)? (?:ns|µs|ms|s|min|h)\b")
SECONDS = re.compile(r'("(?:seconds|duration)": ?)[0-9.e+-]+')
DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
                  r"(?: ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?")
PADDING = re.compile(r" {2,}(?=<(?:time|date|user|host)>)|(?<=<time>) {2,}|(?<=<date>) {2,}"
                     r"|(?<=<user>) {2,}|(?<=<host>) {2,}")
HOST = re.compile(rf"(?<![\w.-]){re.escape(socket.gethostname())}(?![\w.-])")
# The account where it is a value of its own: in a table, in JSON or in SQL.
USER = re.compile(rf"(?:(?<=  )|(?<=[\"'])){re.escape(pwd.getpwuid(os.getuid()).pw_name)}"
                  rf"(?:@\w+)?(?=  |[\"'])")
ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])")


class Replacer:
    """One for each run of a case: it remembers the generated ids that it has seen."""

    def __init__(self, case, database, directory, version):
        self.known = set(ID.findall("\n".join(case.lines)))
        self.generated = case.generated_ids
        self.ids = {}
        self.database = database
        self.directory = str(directory)
        self.version = version

    def __call__(self, text):
        text = self.database.hide(text)
        text = text.replace(self.directory, "$DIR")
        text = DATE.sub(self.date, SECONDS.sub(r"\1<time>", DURATION.sub("<time>", text)))
        text = USER.sub("<user>", HOST.sub("<host>", text))
        if self.version:
            text = text.replace(f"luamig {self.version}", "luamig <version>")
            text = text.replace(f"'{self.version}'", "'<version>'")
        if self.generated:
            text = ID.sub(self.id, text)
        return PADDING.sub("  ", text)

    def date(self, found):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        try:
            away = datetime.date.fromisoformat(found.group(1)) - today
        except ValueError:
            return found.group(0)
        return "<date>" if abs(away.days) <= 1 else found.group(0)

    def id(self, found):
        word = found.group(0)
        if word in self.known:
            return word
        return self.ids.setdefault(word, f"<id{len(self.ids) + 1}>")
