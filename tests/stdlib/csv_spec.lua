--- op.import_csv, op.export_csv and op.copy_in: what they refuse, and which columns they write.
local core = require("luamig.core")
local op = require("luamig.op")
local spec = require("spec")

local equal, raises, test = spec.equal, spec.raises, spec.test

-- A table `items`: id and created have a default, name and amount none.
local function items()
  core.now.dialect = "postgresql"
  core.now.answer = function(text)
    if text:find("format_type(a.atttypid, a.atttypmod)", 1, true) then
      return {
        { name = "id", type = "bigint", default_text = "nextval()", place = 1 },
        { name = "name", type = "text" },
        { name = "amount", type = "integer" },
        { name = "created", type = "date", default_text = "now()" },
      }
    end
    return text:find("relkind IN ('r', 'p'", 1, true) and { { id = 1 } } or {}
  end
end

local function import(lines, fn, options)
  items()
  core.now.lines = lines
  options = options or {}
  options.table = "items"
  if not fn then
    return op.import_csv("items.csv", options)
  end
  return op.import_csv("items.csv", options, fn)
end

-- The columns of each stream, and how many rows it had.
local function streams()
  local list = {}
  for _, sent in ipairs(core.now.sent) do
    if sent.target then
      list[#list + 1] = table.concat(sent.target.columns, ",") .. " " .. #sent.rows
    end
  end
  return list
end

test("import_csv: a line that leaves out a column without a default has NULL there", function()
  local lines = { { "n" }, { "1" }, { "2" }, { "3" }, { "4" } }
  local counts = import(lines, function(line)
    local amount = tonumber(line.n) > 2 and 5 or nil
    return line.n == "1" and { name = "a" } or { name = "b", amount = amount }
  end)
  equal(counts, { read = 4, inserted = 4, rejected = 0 })
  equal(streams(), { "name 2", "amount,name 2" })
end)

test("import_csv: a column with a default is in a stream of rows that all have it", function()
  import({ { "n" }, { "1" }, { "2" }, { "3" } }, function(line)
    return { name = "a", created = line.n == "2" and "2024-01-01" or nil }
  end)
  equal(streams(), { "name 1", "created,name 1", "name 1" })
end)

test("import_csv: what the function gives back is looked at", function()
  local lines = { { "n" }, { "1" } }
  local function gives(answer)
    return function()
      return answer
    end
  end
  raises("import_csv: the function gives 'nam', which is no column of items (did you mean 'name'?)",
    function()
      import(lines, gives({ nam = 1 }))
    end)
  raises("import_csv: the function gives back a list", function()
    import(lines, gives({ 1, 2 }))
  end)
  raises("import_csv: the function gives back no column", function()
    import(lines, gives({}))
  end)
  raises('import_csv: the function gives back "delete"', function()
    import(lines, gives("delete"))
  end)
  raises("import_csv: the function gives back a number", function()
    import(lines, gives(5))
  end)
end)

test("import_csv: lines that the function rejects are counted, with their reasons", function()
  local counts = import({ { "n" }, { "1" }, { "2" }, { "3" } }, function(line)
    if line.n == "2" then
      return "reject", "two"
    elseif line.n == "3" then
      return "reject"
    end
  end)
  equal(counts, { read = 3, inserted = 0, rejected = 2 })
  equal(core.now.file.rejected, { "two", "the function rejects it" })
  equal(streams(), {})
end)

test("import_csv: without a function the header's names are columns of the table", function()
  local counts = import({ { "amount", "name" }, { "1", "a" } })
  equal(counts.read, 1)
  equal(streams(), { "amount,name 0" })
  raises("import_csv: the file has 'extra', which is no column of items", function()
    import({ { "name", "extra" } })
  end, "columns = { … } says which of them to take")
  raises("import_csv: the header of items.csv has no 'nam' (did you mean 'name'?)", function()
    import({ { "name" } }, nil, { columns = { "nam" } })
  end, "header = false where the file has none")
end)

test("import_csv: options that do not go together are refused", function()
  raises("import_csv: 'columns' is missing: without a header nothing names the fields", function()
    import({ {} }, nil, { header = false })
  end)
  raises("import_csv: 'columns' is for a file without a header, or without a function", function()
    import({ {} }, function() end, { columns = { "a" } })
  end)
  raises("import_csv: 'columns' names 'a' twice", function()
    import({ {} }, nil, { columns = { "a", "a" } })
  end)
  raises("import_csv: 'max_rejects' must be a whole number from 0, got -1", function()
    import({ {} }, nil, { max_rejects = -1 })
  end)
  raises("import_csv: 'delimiter' must be one character, as ';'", function()
    import({ {} }, nil, { delimiter = ";;" })
  end)
  raises("import_csv: 'null' item 1 must be a string, got a number", function()
    import({ {} }, nil, { null = { 5 } })
  end)
  raises("import_csv: 'table' is missing: it takes import_csv(path, fn?, options?)", function()
    op.import_csv("a.csv")
  end)
end)

test("import_csv and copy_in: a table that is not there, or that COPY passes by", function()
  core.now.dialect = "postgresql"
  raises("import_csv: there is no table 'items'", function()
    op.import_csv("a.csv", { table = "items" })
  end)
  items()
  local all = core.now.answer
  core.now.answer = function(text)
    return text:find("row_security_active", 1, true) and {} or all(text)
  end
  raises("copy_in: 'items' has rules or row level security, which COPY passes over", function()
    op.copy_in("items", { "name" }, { { "a" } })
  end, "op.bulk_insert writes to it")
end)

test("copy_in: rows are lists or tables of the columns, and no other", function()
  items()
  equal(op.copy_in("items", { "amount", "name" }, { { 1, "a" }, { name = "b", amount = 2 } }), 2)
  equal(streams(), { "amount,name 2" })
  raises("copy_in: row 2 has 1 value for 2 columns", function()
    op.copy_in("items", { "amount", "name" }, { { 1, "a" }, { 2 } })
  end)
  raises("copy_in: 'columns' has 'nam', which is no column of items (did you mean 'name'?)",
    function()
      op.copy_in("items", { "nam" }, { { 1 } })
    end)
end)

test("bulk_insert streams where that does the same, and else inserts", function()
  local function sent(options)
    core.now.sent = {}
    items()
    op.bulk_insert("items", { { name = "a" } }, options)
    return core.now.sent[1].target and "stream" or core.now.sent[1].sql:match("^%u+")
  end
  equal(sent(), "stream")
  equal(sent({ on_conflict = "error" }), "stream")
  equal(sent({ on_conflict = "nothing" }), "INSERT")
  core.now.offline = true
  equal(sent(), "INSERT")
end)

-- What the file of an export has, line by line.
local function exported(rows, fn, options)
  core.now.dialect = "sqlite"
  core.now.answer = function()
    rows.columns = { "id", "name" }
    return rows
  end
  local count = op.export_csv("SELECT id, name FROM items", "out.csv", options or {}, fn)
  assert(core.now.file.finished)
  return core.now.file.lines, count
end

test("export_csv: the function's fields come as a list or by name", function()
  local rows = { { id = 1 }, { id = 2 }, { id = 3 } }
  local lines, count = exported(rows, function(row)
    if row.id ~= 2 then
      return { row.id, "x" }
    end
  end, { header = { "a", "b" } })
  equal(lines, { { "a", "b" }, { 1, "x" }, { 3, "x" } })
  equal(count, 2)
  equal(exported({ { id = 1 } }, function()
    return { z = 1, a = 2 }
  end), { { "a", "z" }, { 2, 1 } })
  equal(exported({ { id = 1 } }, function()
    return { 5 }
  end, { header = false }), { { 5 } })
  equal(exported({}, function() end, { header = { "a" } }), { { "a" } })
end)

test("export_csv: fields that are not as those before are refused, naming the row", function()
  local rows = { { id = 1 }, { id = 2 } }
  local function refused(message, fn, options)
    raises("export_csv: " .. message, function()
      exported(rows, fn, options)
    end)
  end
  refused("row 2 has 1 field for 2 names", function(row)
    return row.id == 1 and { 1, 2 } or { 1 }
  end, { header = { "a", "b" } })
  refused("row 2 has no 'b'", function(row)
    return { a = 1, b = row.id == 1 and 1 or nil }
  end)
  refused("row 2 has 'b', which is no field of the lines", function(row)
    return { a = 1, b = row.id == 2 and 1 or nil }
  end)
  refused("row 2 has names, and the rows before it were lists", function(row)
    return row.id == 1 and { 1 } or { a = 1 }
  end, { header = false })
  refused("row 1: the function gives back a string", function()
    return "x"
  end)
  refused("row 1: the function gives back an empty table", function()
    return {}
  end)
  refused("the function gives back lists, and nothing says what the header is", function()
    return { 1 }
  end)
end)

test("export_csv: one word is a table, and in --sql there are no rows", function()
  core.now.dialect = "sqlite"
  local asked
  core.now.answer = function(text)
    asked = text
    return { columns = { "id" } }
  end
  op.export_csv("items", "out.csv")
  equal(asked, "SELECT * FROM items")
  equal(core.now.file.lines, { { "id" } })
  raises("export_csv: the header has 2 names, and the query 1 column", function()
    op.export_csv("items", "out.csv", { header = { "a", "b" } })
  end)
  core.now.offline = true
  raises("export_csv: in --sql no rows are read", function()
    op.export_csv("items", "out.csv")
  end)
  raises("import_csv: in --sql no function is asked", function()
    op.import_csv("a.csv", { table = "items" }, function() end)
  end)
end)
