std = "luajit"
max_line_length = 100
codes = true
-- What a project starts from sets the names that luamig reads.
files["stdlib/templates"] = { globals = { "url" } }
-- SQL stands there word for word.
files["tests/stdlib/goldens"] = { max_line_length = false }
