--- SQLite: its parts.
return {
  name = "sqlite",
  types = require("luamig.dialect.sqlite.types"),
  rules = require("luamig.dialect.sqlite.compile").rules,
  words = require("luamig.dialect.sqlite.compile"),
  reflect = require("luamig.dialect.sqlite.reflect"),
}
