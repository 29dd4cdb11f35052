--- PostgreSQL: its parts.
return {
  name = "postgresql",
  types = require("luamig.dialect.postgresql.types"),
  rules = require("luamig.dialect.postgresql.compile").rules,
  words = require("luamig.dialect.postgresql.compile"),
  reflect = require("luamig.dialect.postgresql.reflect"),
}
