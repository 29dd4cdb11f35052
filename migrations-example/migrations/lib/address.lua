--- Addresses as the shop's first form had them: "Heidestraße 17; 51147 Köln; DE".
--
-- What a migration requires is part of what ran: it is hashed with the migration.

local address = {}

--- The parts of a written address. A text that is none is an error that shows it.
---@param text string
---@return { street: string, postcode: string, city: string, country: string }
function address.parse(text)
  local street, place, country = text:match("^(.-);%s*(.-);%s*(%u%u)$")
  -- A city is one word here, so that everything before it is the post code: "SW1Y 4LE London".
  local postcode, city = (place or ""):match("^(.*%d.*)%s+(%S+)$")
  if not city then
    error(("not an address: '%s'"):format(text))
  end
  return { street = street, postcode = postcode, city = city, country = country }
end

--- The written address of a row with these parts.
---@return string
function address.format(parts)
  return ("%s; %s %s; %s"):format(parts.street, parts.postcode, parts.city, parts.country)
end

return address
