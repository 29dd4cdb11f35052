#!/usr/bin/env python3
"""What includes.py must find: each kind of fault, and nothing in a right line."""

import unittest

from includes import (ROOT, VAGUE, drawing_faults, include_faults, output_faults, table_faults)

PATH = ROOT / "runtime/graph/plan.cpp"


def faults(room, line):
    return list(include_faults(PATH, room, [line])) + list(output_faults(PATH, room, line))


class Walls(unittest.TestCase):
    def test_a_wrong_arrow_is_found(self):
        self.assertTrue(faults("graph", '#include "engine/session.hpp"'))
        self.assertTrue(faults("engine", '#include "bindings/lua_host.hpp"'))
        self.assertFalse(faults("engine", '#include "graph/plan.hpp"'))

    def test_a_third_party_header_in_the_wrong_room_is_found(self):
        self.assertTrue(faults("engine", "#include <lua.hpp>"))
        self.assertTrue(faults("engine", "#include <libpq-fe.h>"))
        self.assertTrue(faults("cli", "#include <SQLiteCpp/SQLiteCpp.h>"))
        self.assertTrue(faults("script", "#include <pg_query.h>"))
        self.assertTrue(faults("graph", "#include <nlohmann/json.hpp>"))
        self.assertFalse(faults("bindings", "#include <lua.hpp>"))
        self.assertFalse(faults("db", "#include <libpq-fe.h>"))
        self.assertFalse(faults("graph", "#include <string>"))

    def test_an_include_without_a_room_is_found(self):
        self.assertTrue(faults("graph", '#include "plan.hpp"'))
        self.assertTrue(faults("graph", '#include "../engine/session.hpp"'))

    def test_printing_outside_cli_is_found(self):
        for line in ("std::cout << x;", "printf(\"x\");", "fprintf(stderr, \"x\");",
                     "std::cerr << x;", "#include <iostream>", "puts(text);", "std::puts(text);"):
            self.assertTrue(faults("engine", line), line)
            self.assertFalse(faults("cli", line), line)
        for line in ("snprintf(buffer, 4, \"x\");", "// printf(x)", "run(\"std::cout\");",
                     "sink.puts(text);", "#include <ostream>"):
            self.assertFalse(faults("engine", line), line)

    def test_a_vague_name_is_found(self):
        for name in ("util", "string_utils", "helper", "manager", "common", "misc"):
            self.assertTrue(VAGUE.search(name), name)
        for name in ("commonplace", "plan", "utility_pole"):
            self.assertFalse(VAGUE.search(name), name)


class Page(unittest.TestCase):
    PAGE = (ROOT / "docs/ARCHITECTURE.md").read_text()

    def test_an_arrow_that_is_not_drawn_is_found(self):
        self.assertTrue(list(drawing_faults(self.PAGE.replace("config   ──▶ db, ", "config   ──▶ "))))

    def test_an_arrow_that_is_not_there_is_found(self):
        self.assertTrue(list(drawing_faults(self.PAGE.replace("db       ──▶ ", "db       ──▶ graph, "))))

    def test_a_folder_that_is_not_listed_is_found(self):
        self.assertTrue(list(table_faults("| `tests/unit` | |", ["unit", "more"])))
        self.assertTrue(list(table_faults("| `tests/unit` | |", [])))
        self.assertFalse(list(table_faults("| `tests/unit` | |", ["unit"])))


if __name__ == "__main__":
    unittest.main()
