-- Hooks of this project. All are optional, and so is this file.

-- The schema you want: what `luamig revision --autogenerate` and `luamig check` compare with.
target_metadata = require("models")

-- configure = { compare_type = true, compare_server_default = true }

-- The database URL, where luamig.toml cannot say it; nil leaves it to luamig.toml.
-- function url() return os.getenv("APP_DATABASE") end

-- What autogenerate leaves alone.
-- function include_object(object) return not object.name:match("^tmp_") end

-- function before_step(step) end
-- function after_step(step) end
-- function on_error(step, err) end
