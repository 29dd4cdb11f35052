std = "luajit"
max_line_length = 100
codes = true
-- What a project starts from sets the names that luamig reads.
files["stdlib/templates"] = { globals = { "url" } }
-- A library of a migrations directory.
files["tests/values"] = { read_globals = { "db", "is_null", "null", "op", "sql" } }
-- SQL stands there word for word.
files["tests/stdlib/goldens"] = { max_line_length = false }
