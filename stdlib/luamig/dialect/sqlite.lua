--- SQLite: its parts but for the reflection, which most operations do not need.
return {
  name = "sqlite",
  types = require("luamig.dialect.sqlite.types"),
  rules = require("luamig.dialect.sqlite.compile").rules,
  words = require("luamig.dialect.sqlite.compile"),
}
