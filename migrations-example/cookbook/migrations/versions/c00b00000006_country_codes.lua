--- Look up country codes in a CSV file
--
-- A line without a code is rejected and named; a contact whose country is not in the list
-- keeps the text and gets no code.

revision = "c00b00000006"
down_revision = "c00b00000005"

function upgrade()
  op.create_table("countries", function(t)
    t:char("code", 2, { primary_key = true })
    t:string("name", 100, { nullable = false, unique = true })
    t:bigint("population")
  end)
  local counts = op.import_csv("seed/countries.csv", { table = "countries", null = { "", "n/a" } },
    function(line)
      if not line.code then
        return "reject", "no code: " .. line.name
      end
      return { code = line.code, name = line.name, population = line.population }
    end)
  log("%d countries, %d lines rejected", counts.inserted, counts.rejected)

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
