--- The store's names in each of its two scripts: "InvoiceLine" on SQLite is invoice_line on
-- PostgreSQL.

local names = {}

--- The name as this engine's script has it.
function names.of(dialect, name)
  if dialect == "sqlite" then
    return name
  end
  return (name:gsub("(%l)(%u)", "%1_%2"):lower())
end

--- A text for this engine, with every {Name} in it turned and quoted.
function names.fill(dialect, text)
  return (text:gsub("{(%a+)}", function(name)
    return '"' .. names.of(dialect, name) .. '"'
  end))
end

return names
