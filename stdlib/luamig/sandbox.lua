--- What a migration sees: the allow-list and its counterpart. A name of LuaJIT in neither list
-- fails a test, so a new library function is decided on before it can be reached.

local sandbox = {}

---Functions and values that are given as LuaJIT has them.
sandbox.plain = {
  "_VERSION", "assert", "error", "ipairs", "next", "rawequal", "rawget", "rawset", "select",
  "setmetatable", "getmetatable", "tonumber", "tostring", "type", "unpack",
}

---Names of LuaJIT that are given in a form of our own.
sandbox.wrapped = {
  "_G", "collectgarbage", "load", "loadstring", "pairs", "pcall", "print", "require", "xpcall",
}

---Libraries: each environment gets its own copy of these members.
sandbox.libraries = {
  string = {
    "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse",
    "sub", "upper",
  },
  table = { "concat", "insert", "maxn", "move", "remove", "sort" },
  math = {
    "abs", "acos", "asin", "atan", "atan2", "ceil", "cos", "cosh", "deg", "exp", "floor", "fmod",
    "frexp", "huge", "ldexp", "log", "log10", "max", "min", "modf", "pi", "pow", "rad", "random",
    "randomseed", "sin", "sinh", "sqrt", "tan", "tanh",
  },
  bit = {
    "arshift", "band", "bnot", "bor", "bswap", "bxor", "lshift", "rol", "ror", "rshift", "tobit",
    "tohex",
  },
  os = { "clock", "date", "difftime", "time" },
  coroutine = { "create", "isyieldable", "resume", "running", "status", "wrap", "yield" },
  debug = { "traceback" },
}

---Members given in env.lua only.
sandbox.env_only = { os = { "getenv" } }

---Words of luamig's own. `op` and `db` are there while a function of the file runs.
sandbox.words = {
  "array", "blob", "coalesce", "db", "exact", "is_null", "log", "null", "op", "secret",
  "sorted_pairs", "x",
}

---Words that are a module of the stdlib, where it has it.
sandbox.modules = { "crypto", "csv", "json", "sql", "text", "time", "uuid" }

---What `require` gives besides migrations/lib.
sandbox.public = {
  "luamig.crypto", "luamig.csv", "luamig.json", "luamig.op", "luamig.operation", "luamig.sa",
  "luamig.sql", "luamig.testing", "luamig.text", "luamig.time", "luamig.uuid",
}

---Where that is another module than the name says.
sandbox.public_as = { ["luamig.operation"] = "luamig.operation.project" }

---Names that a migration file may set, and read before it does.
sandbox.header = {
  "revision", "down_revision", "branch_labels", "depends_on", "transactional", "irreversible",
  "environments", "upgrade", "downgrade", "verify",
}

---The same for env.lua: functions that luamig calls, and what it reads when it compares schemas.
sandbox.hooks = {
  "url", "before_step", "after_step", "on_error", "include_object", "process_revision",
}
sandbox.settings = { "configure", "target_metadata" }

---Names of LuaJIT that no script gets.
sandbox.denied = {
  "debug.debug", "debug.getfenv", "debug.gethook", "debug.getinfo",
  "debug.getlocal", "debug.getmetatable", "debug.getregistry", "debug.getupvalue",
  "debug.getuservalue", "debug.setfenv", "debug.sethook", "debug.setlocal", "debug.setmetatable",
  "debug.setupvalue", "debug.setuservalue", "debug.upvalueid", "debug.upvaluejoin", "dofile", "ffi",
  "gcinfo", "getfenv", "io", "jit", "jit.profile", "jit.util",
  "loadfile", "math.mod", "module", "newproxy", "os.execute",
  "os.exit", "os.getenv", "os.remove", "os.rename", "os.setlocale", "os.tmpname", "package",
  "setfenv", "string.buffer", "string.dump", "string.gfind", "table.clear", "table.foreach",
  "table.foreachi", "table.getn", "table.new",
}

local NO_FILES = "scripts work on the database alone; data can stand in lib/NAME.lua, or in a "
  .. "file for csv.rows"
local NO_WORD = "nothing takes its place: scripts work on the database alone"

---What to do without some of them. Reading such a name is an error with this as its hint.
sandbox.instead = {
  dofile = "require(\"NAME\") runs lib/NAME.lua",
  io = NO_FILES,
  loadfile = "require(\"NAME\") runs lib/NAME.lua",
  package = "require(\"NAME\") finds lib/NAME.lua, and nothing else",
  ["os.execute"] = NO_WORD,
  ["os.exit"] = "error(\"why\") ends the run",
  ["os.getenv"] = "x.NAME reads -x NAME=… of the command line; env.lua may use os.getenv",
  ["os.remove"] = NO_FILES,
  ["os.rename"] = NO_FILES,
  ["os.tmpname"] = NO_FILES,
}

return sandbox
