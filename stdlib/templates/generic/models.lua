-- The schema you want, as a list of tables.
--
-- `luamig revision --autogenerate -m "what changes"` writes the migration that leads there.

return {
  -- sql.table("users", function(t)
  --   t:id()
  --   t:string("email", 255, { nullable = false, unique = true })
  --   t:timestamps()
  -- end),
}
