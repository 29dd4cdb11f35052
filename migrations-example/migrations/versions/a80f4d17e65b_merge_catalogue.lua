--- Merge the catalogue
--
-- Two heads become one. Written by: luamig merge heads -m "Merge the catalogue"

revision = "a80f4d17e65b"
down_revision = { "5be7410fc3a8", "2c95e1b8f47d" }

function upgrade()
end

function downgrade()
end
