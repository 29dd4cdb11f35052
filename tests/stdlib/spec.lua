--- The words of the specs: test, equal, raises, contains, expect_sql.
local core = require("luamig.core")

local spec = { tests = {}, skipped = {} }

--- A fact, and the function that fails when it is none.
function spec.test(fact, body)
  table.insert(spec.tests, { fact = fact, body = body, file = spec.file })
end

--- The same, where `what` is there; else it is counted as skipped, for want of `name`.
function spec.test_with(what, name, fact, body)
  if what then
    spec.test(fact, body)
  else
    spec.skipped[name] = (spec.skipped[name] or 0) + 1
  end
end

local function show(value)
  if type(value) ~= "table" then
    return type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  local keys, parts = {}, {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b)
    return tostring(a) < tostring(b)
  end)
  for i, key in ipairs(keys) do
    parts[i] = ("%s = %s"):format(tostring(key), show(value[key]))
  end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

--- Fails unless both are alike, tables by what they hold.
function spec.equal(got, wanted)
  if show(got) ~= show(wanted) then
    error(("got\n%s\nwanted\n%s"):format(
      type(got) == "string" and got or show(got),
      type(wanted) == "string" and wanted or show(wanted)), 2)
  end
end

--- Fails unless the text holds the part.
function spec.contains(text, part)
  if type(text) ~= "string" or not text:find(part, 1, true) then
    error(("'%s' does not hold '%s'"):format(tostring(text), part), 2)
  end
end

--- Fails unless the function raises core.fail with this message (and hint, where it is given).
function spec.raises(message, body, hint)
  local ok, problem = pcall(body)
  if ok then
    error(("no error, where '%s' is wanted"):format(message), 2)
  elseif type(problem) ~= "table" then
    error(("an error that is not core.fail's: %s"):format(tostring(problem)), 2)
  end
  spec.equal(problem.message, message)
  if hint then
    spec.equal(problem.hint, hint)
  end
end

--- The text without the indentation of its first line and without blanks at its ends.
function spec.dedent(text)
  local lines = {}
  local indent = text:match("^%s*\n( *)") or text:match("^( *)")
  for line in (text:gsub("^%s*\n", "") .. "\n"):gmatch("(.-)\n") do
    lines[#lines + 1] = line:sub(1, #indent) == indent and line:sub(#indent + 1) or line
  end
  return (table.concat(lines, "\n"):gsub("%s+$", ""))
end

--- Everything that was sent since the spec began, one statement after the other.
function spec.sent()
  local statements = {}
  for i, statement in ipairs(core.now.sent) do
    statements[i] = statement.sql .. ";"
  end
  return table.concat(statements, "\n")
end

--- Fails unless the function sends exactly this SQL in this dialect.
function spec.expect_sql(dialect, body, wanted)
  core.now.dialect, core.now.sent = dialect, {}
  body()
  spec.equal(spec.sent(), spec.dedent(wanted))
end

--- Runs every spec that was declared. Returns how many failed.
function spec.run()
  local failed = 0
  for _, one in ipairs(spec.tests) do
    core.reset()
    local ok, problem = xpcall(one.body, function(problem)
      if type(problem) == "table" and problem.message then
        problem = "core.fail: " .. problem.message
      end
      return debug.traceback(tostring(problem), 2)
    end)
    if not ok then
      failed = failed + 1
      io.stderr:write(("FAILED %s: %s\n%s\n\n"):format(one.file, one.fact, problem))
    end
  end
  print(("%d specs, %d failed"):format(#spec.tests, failed))
  for name, count in pairs(spec.skipped) do
    print(("%d skipped: no %s"):format(count, name))
  end
  return failed
end

return spec
