--- Hooks of this project. All are optional, and so is this file.

--- The database, where nobody named one on the command line; nil leaves it to DATABASE_URL and
-- luamig.toml. Migrations cannot read the environment; this file can.
function url()
  return os.getenv("SHOP_DATABASE_URL")
end
