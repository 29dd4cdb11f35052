-- Hooks of this project. All are optional, and so is this file.

-- The database URL, where luamig.toml cannot say it; nil leaves it to luamig.toml.
-- function url() return os.getenv("APP_DATABASE") end

-- What `revision --autogenerate` and `check` compare; without it, models.lua beside this file.
-- target_metadata = require("models")
-- function include_object(object) return not object.name:match("^tmp_") end

-- Around each step: step.revision, step.direction, …
-- function before_step(step) end
-- function after_step(step) end
-- function on_error(step, err) end
