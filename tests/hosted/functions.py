"""Random functions on rows, as a script may write them, with all that the host can run itself and
some that it cannot."""

TEXTS = ('""', '"x"', '"Ab"', '"10"', '"ÄÖß"', '"reject"')
NUMBERS = ("0", "1", "-1", "0.5", "2", "100", "70000", "1e15")
PATHS = ('"city"', '"tags", 1', '"tags", 2', '"n"', '"deep", "er"', '"none"', '"flag"', '"null"')
COLUMNS = {"text": ("a", "b"), "number": ("i", "r"), "any": ("a", "b", "i", "r", "f", "j")}


class Writer:
    """One function's source. Deeper than `depth` an expression is a column or a constant."""

    def __init__(self, chance, depth):
        self.chance, self.depth, self.locals = chance, depth, []

    def pick(self, *makers):
        return self.chance.choice(makers)

    def column(self, kind):
        return f"row.{self.chance.choice(COLUMNS[kind])}"

    def text_of_row(self):
        """What a word takes: a text, or the row and a column."""
        return self.pick(lambda: f'row, "{self.chance.choice("abj")}"', lambda: self.text(1))()

    def text(self, depth=0):
        if depth >= self.depth:
            return self.pick(self.column_text, lambda: self.chance.choice(TEXTS))()
        deeper = depth + 1
        return self.pick(
            self.column_text,
            lambda: self.chance.choice(TEXTS),
            lambda: f"({self.text(deeper)} .. {self.text(deeper)})",
            lambda: f'({self.text(deeper)} .. " " .. {self.number(deeper)})',
            lambda: f"text.lower({self.text_of_row()})",
            lambda: f"text.upper({self.text_of_row()})",
            lambda: f"text.truncate({self.text_of_row()}, {self.chance.choice((0, 1, 3, 60))})",
            lambda: f"{self.column_text()}:lower()",
            lambda: f"({self.text(deeper)}):upper()",
            lambda: f"({self.text(deeper)}):sub({self.chance.randint(-4, 4)})",
            lambda: f"({self.text(deeper)}):sub({self.chance.randint(-4, 4)}, "
                    f"{self.chance.randint(-4, 4)})",
            lambda: self.chance.choice((f"({self.text(deeper)}):rep(2)", "row.a",
                                        f"tostring({self.text(deeper)})", '"x"')),
            lambda: f"json.at(row, \"j\", {self.chance.choice(PATHS)})",
            lambda: f"coalesce({self.text(deeper)}, {self.text(deeper)})",
            lambda: f"({self.condition(deeper)} and {self.text(deeper)} or {self.text(deeper)})",
            lambda: "PREFIX",
        )()

    def column_text(self):
        return self.column("text")

    def number(self, depth=0):
        if depth >= self.depth:
            return self.pick(lambda: self.column("number"),
                             lambda: self.chance.choice(NUMBERS))()
        deeper = depth + 1
        return self.pick(
            lambda: self.column("number"),
            lambda: self.chance.choice(NUMBERS),
            lambda: f"({self.number(deeper)} {self.chance.choice('+-*/%')} {self.number(deeper)})",
            lambda: f"-{self.column('number')}",
            lambda: f"#({self.text(deeper)})",
            lambda: f"text.len({self.text_of_row()})",
            lambda: f"({self.text(deeper)}):len()",
            lambda: "RATE",
        )()

    def condition(self, depth=0):
        deeper = depth + 1
        compared = self.chance.choice(("==", "~=", "<", "<=", ">", ">="))
        if depth >= self.depth:
            return self.pick(lambda: "row.f", lambda: f"{self.column('any')} == nil")()
        return self.pick(
            lambda: "row.f",
            lambda: self.column("any"),
            lambda: f"is_null({self.column('any')})",
            # With what most rows have: just there the one differs from the other.
            lambda: f"row.i {compared} {self.chance.choice(('1', '0', 'row.i', '2'))}",
            lambda: f"{self.chance.choice(('1', '0.5', 'RATE'))} {compared} row.r",
            lambda: "row.a " + compared + self.chance.choice((' "Ada"', ' "Bob"', " row.a")),
            lambda: f"{self.column('any')} {self.chance.choice(('==', '~='))} "
                    f"{self.chance.choice(('nil', 'null', 'true', 'false', '1'))}",
            lambda: f"{self.text(deeper)} {compared} {self.text(deeper)}",
            lambda: f"{self.number(deeper)} {compared} {self.number(deeper)}",
            lambda: f"{self.column('any')} == {self.column('any')}",
            lambda: f"not {self.condition(deeper)}",
            lambda: f"({self.condition(deeper)} and {self.condition(deeper)})",
            lambda: f"({self.condition(deeper)} or {self.condition(deeper)})",
        )()

    def value(self):
        return self.pick(self.text, self.text, self.number, lambda: "null", lambda: self.column("any"),
                         lambda: f"({self.condition(1)} and {self.text(1)} or null)")()

    def change(self):
        return self.pick(
            lambda: f"{{ x = {self.value()}, y = {self.value()} }}",
            lambda: f"{{ x = {self.value()}, y = {self.value()} }}",
            lambda: f'{{ y = {self.value()}, x = "fixed" }}',
            lambda: '{ x = "fixed", y = 1 }',
        )()

    def insert(self):
        return f'out:insert("seen", {{ id = row.id, what = {self.value()} }})'

    def answer(self):
        if self.chance.random() < 0.02:
            return f'return "reject", {self.text(1)}'
        return self.pick(*[lambda: f"return {self.change()}"] * 6, lambda: 'return "delete"',
                         lambda: "return nil", lambda: "return", lambda: "return false")()

    def statements(self, depth):
        lines = []
        if self.chance.random() < 0.3:
            lines.append(self.insert())
        if self.chance.random() < 0.3:
            lines += [f"local a, b = {self.value()}, {self.value()}", "local c = a or b",
                      "if c == b then c = a end"]
        if depth < 2 and self.chance.random() < 0.5:
            lines += [f"if {self.condition()} then", *self.statements(depth + 1)]
            if self.chance.random() < 0.5:
                lines += [f"elseif {self.condition()} then", *self.statements(depth + 1)]
            lines += ["end"]
        if self.chance.random() < 0.1:
            lines += ["local made = {}", f"made.x = {self.value()}", "made.y = 2", "return made"]
        else:
            lines.append(f"do {self.answer()} end")
        return lines


def random_function(chance):
    """The lines between `function(row, out)` and `end`."""
    return Writer(chance, chance.randint(1, 3)).statements(0)
