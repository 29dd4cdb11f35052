--- What was there before
--
-- The tables that the recipes begin with, and rows as they come: NULL and empty, doubled blanks,
-- letters of other scripts, addresses that differ in case, numbers that a double cannot hold.

revision = "c00b00000000"
down_revision = nil

local TABLES = { "sessions", "invoice_lines", "invoices", "devices", "accounts", "visits",
  "subscribers", "preferences", "contacts" }

-- The first integer that a double has no place for.
local BIG = exact("9007199254740993")

local function contacts()
  op.create_table("contacts", function(t)
    t:id()
    t:text("name")
    t:text("email")
    t:text("country")
    t:text("tags")
    t:date("last_login")
  end)
  op.bulk_insert("contacts", {
    { id = 1, name = "Ada Lovelace", email = "Ada@example.org", country = "germany",
      tags = "Maths, poetry,, maths", last_login = "2026-03-01" },
    { id = 2, name = "Grace  Brewster  Hopper", email = "ada@example.org", country = "ÖSTERREICH",
      tags = "navy,Maths", last_login = "2026-05-01" },
    { id = 3, name = "Žofia Čapková", email = "ŽOFIA@example.org", country = "Côte d'Ivoire",
      tags = "Übersetzung,übersetzung", last_login = null },
    { id = 4, name = "Plato", email = "žofia@example.org", country = "Atlantis", tags = "",
      last_login = null },
    { id = 5, name = "", email = "", country = "", tags = ",", last_login = "2026-01-31" },
    { id = 6, name = null, email = null, country = null, tags = null, last_login = null },
    { id = BIG, name = " Madonna ", email = null, country = "Korea, Republic of", tags = "pop",
      last_login = "0001-01-01" },
  })

  op.create_table("preferences", function(t)
    t:bigint("contact_id", { nullable = false, references = "contacts.id" })
    t:string("name", 50, { nullable = false })
    t:text("value")
    t:primary_key({ "contact_id", "name" })
  end)
  op.bulk_insert("preferences", {
    { contact_id = 1, name = "theme", value = "dark" },
    { contact_id = 1, name = "greeting", value = 'Good "morning", 你好' },
    { contact_id = 2, name = "theme", value = "" },
    { contact_id = BIG, name = "theme", value = null },
  })
end

local function subscribers()
  op.create_table("subscribers", function(t)
    t:bigint("id", { nullable = false })
    t:text("email", { nullable = false })
    t:bigint("invited_by")
  end)
  op.create_primary_key("subscribers_pkey", "subscribers", { "id" })
  op.create_foreign_key("subscribers_invited_by", "subscribers", "subscribers",
    { "invited_by" }, { "id" })
  op.create_table("visits", function(t)
    t:bigint("subscriber_id")
    t:text("page", { nullable = false })
    t:foreign_key({ "subscriber_id" }, { "subscribers.id" }, { name = "visits_subscriber" })
  end)
  op.bulk_insert("subscribers", {
    { id = 1, email = "first@example.org", invited_by = null },
    { id = 2, email = "second@example.org", invited_by = 1 },
    { id = BIG, email = "late@example.org", invited_by = 2 },
    { id = BIG - 1, email = "early@example.org", invited_by = BIG },
  })
  op.bulk_insert("visits", {
    { subscriber_id = BIG, page = "/late" },
    { subscriber_id = BIG - 1, page = "/early" },
    { subscriber_id = 1, page = "/" },
    { subscriber_id = 1, page = "/" },
    { subscriber_id = null, page = "/anonymous" },
  })
end

local function accounts()
  op.create_table("accounts", function(t)
    t:id()
    t:text("iban")
  end)
  op.bulk_insert("accounts", {
    { id = 1, iban = "AT61 1904 3002 3457 3201" },
    { id = 2, iban = "at611904300234573201" },
    { id = 3, iban = "" },
    { id = 4, iban = null },
  })
end

local function devices()
  op.create_table("devices", function(t)
    t:id()
    t:json("config")
  end)
  op.bulk_insert("devices", {
    { id = 1, config = '{"lat":48.2082,"lon":16.3738,"serial":9007199254740993,"tags":[]}' },
    { id = 2, config = '{"serial":null,"name":"Türschloß 🔒"}' },
    { id = 3, config = '{"lat":null,"lon":0,"extra":{}}' },
    { id = 4, config = "null" },
    { id = 5, config = null },
  })
end

local function invoices()
  op.create_table("invoices", function(t)
    t:id()
    t:bigint("contact_id", { references = "contacts.id" })
    t:bigint("total_cents")
  end)
  op.create_table("invoice_lines", function(t)
    t:id()
    t:bigint("invoice_id", { nullable = false, references = "invoices.id" })
    t:integer("quantity", { nullable = false })
    t:bigint("price_cents")
  end)
  op.bulk_insert("invoices", {
    { id = 1, contact_id = 1, total_cents = 700 },
    { id = 2, contact_id = 2, total_cents = 1 },
    { id = 3, contact_id = BIG, total_cents = BIG - 1 },
    { id = 4, contact_id = 6, total_cents = null },
    { id = 5, contact_id = null, total_cents = 5 },
  })
  op.bulk_insert("invoice_lines", {
    { invoice_id = 1, quantity = 2, price_cents = 350 },
    { invoice_id = 2, quantity = 3, price_cents = 100 },
    { invoice_id = 2, quantity = 1, price_cents = null },
    { invoice_id = 3, quantity = 1, price_cents = BIG },
    { invoice_id = 5, quantity = -1, price_cents = 250 },
  })
end

local function sessions()
  op.create_table("sessions", function(t)
    t:id()
    t:bigint("contact_id", { references = "contacts.id", ondelete = "CASCADE" })
    t:datetime("last_seen")
  end)
  op.bulk_insert("sessions", {
    { id = 1, contact_id = 1, last_seen = "2001-02-03 04:05:06" },
    { id = 2, contact_id = 2, last_seen = "2999-12-31 23:59:59" },
    { id = 3, contact_id = 3, last_seen = null },
    { id = 4, contact_id = null, last_seen = "0001-01-01 00:00:00" },
    { id = 5, contact_id = 4, last_seen = "2020-02-29 12:00:00" },
  })
end

function upgrade()
  contacts()
  subscribers()
  accounts()
  devices()
  invoices()
  sessions()
end

function downgrade()
  for _, name in ipairs(TABLES) do
    op.drop_table(name)
  end
end
