-- on: postgres
-- Where the next run looks for its books.
for _, text in ipairs({ "ALTER ROLE CURRENT_USER SET search_path = elsewhere",
  "DO $d$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = elsewhere', "
    .. "current_database()); END $d$",
  "DO $d$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = elsewhere', "
    .. "current_user, current_database()); END $d$" }) do
  pcall(db.execute, db, text)
end
-- It is luamig that has to refuse.
return nil
