--- PostgreSQL: its parts but for the reflection, which most operations do not need.
return {
  name = "postgresql",
  types = require("luamig.dialect.postgresql.types"),
  rules = require("luamig.dialect.postgresql.compile").rules,
  words = require("luamig.dialect.postgresql.compile"),
}
