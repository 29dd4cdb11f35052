--- Fields that many operations take alike.
return {
  table = { "table", kind = "name", required = true, doc = "The table." },
  schema = {
    "schema",
    option = true,
    kind = "name",
    doc = "Where it lies; without it, where the database looks first.",
  },
  if_exists = {
    "if_exists",
    option = true,
    kind = "boolean",
    doc = "Nothing when it is not there.",
  },
  if_not_exists = {
    "if_not_exists",
    option = true,
    kind = "boolean",
    doc = "Nothing when it is there.",
  },
  cascade = {
    "cascade",
    option = true,
    kind = "boolean",
    only = "postgresql",
    elsewhere = "skipped",
    doc = "With everything that depends on it.",
  },
}
