--- Look up country codes in a CSV file
--
-- A line without a code is passed over and counted; a contact whose country is not in the list
-- keeps the text and gets no code.

revision = "c00b00000006"
down_revision = "c00b00000005"

function upgrade()
  op.create_table("countries", function(t)
    t:char("code", 2, { primary_key = true })
    t:string("name", 100, { nullable = false, unique = true })
    t:bigint("population")
  end)
  op.bulk_insert("countries", csv.rows("seed/countries.csv"), {
    map = function(line)
      if not line.code:match("^%u%u$") then return nil end
      return { code = line.code, name = line.name, population = tonumber(line.population) or null }
    end,
  })

  local code = db:map("SELECT name, code FROM countries", { key = text.lower })

  op.add_column("contacts",
    sql.column("country_code", sql.char(2), { references = "countries.code" }))
  op.backfill("contacts", {
    read = { "country" },
    write = { "country_code" },
    where = "country IS NOT NULL",
  }, function(contact)
    local known = code[text.lower(contact.country)]
    return known and { country_code = known }
  end)
end

function downgrade()
  op.drop_column("contacts", "country_code")
  op.drop_table("countries")
end
