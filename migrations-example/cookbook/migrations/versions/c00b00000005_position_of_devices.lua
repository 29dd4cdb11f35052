--- Give devices a position
--
-- What was not there is not made up, a null stays a null, and all the rest keeps its digits.

revision = "c00b00000005"
down_revision = "c00b00000004"

local FIELDS = { "lat", "lon" }

--- Rewrites every configuration that is an object with edit(config).
local function edit_config(edit)
  op.backfill("devices", {
    read = { "config" },
    write = { "config" },
    where = "config IS NOT NULL",
  }, function(device)
    local config = json.decode(device.config)
    if config == null then return nil end
    edit(config)
    return { config = json.encode(config) }
  end)
end

function upgrade()
  edit_config(function(config)
    local position = json.object({})
    for _, field in ipairs(FIELDS) do
      position[field] = config[field]
      config[field] = nil
    end
    config.position = next(position) and position
  end)
end

function downgrade()
  edit_config(function(config)
    for _, field in ipairs(FIELDS) do
      config[field] = config.position and config.position[field]
    end
    config.position = nil
  end)
end
