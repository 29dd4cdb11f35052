std = "luajit"
max_line_length = 100

local words = {
  "op", "sql", "db", "null", "exact", "blob", "array", "coalesce", "is_null", "log", "x",
  "sorted_pairs", "json", "text", "time", "uuid", "crypto", "secret", "csv",
}

files["**/versions/*.lua"] = {
  globals = {
    "revision", "down_revision", "branch_labels", "depends_on", "irreversible", "upgrade",
    "downgrade", "verify",
  },
  read_globals = words,
}
files["**/lib/*.lua"] = { read_globals = words }
files["**/env.lua"] = { globals = { "url", "before_step", "after_step", "on_error" } }
