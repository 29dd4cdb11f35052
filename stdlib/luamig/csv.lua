--- csv: files of the migrations directory, line by line.

local core = require("luamig.core")
local strict = require("luamig.strict")

local csv = {}

local OPTIONS = { "columns", "delimiter" }
local SAMPLE = "csv.rows(\"seed/countries.csv\", { delimiter = \";\" })"

local function check_names(columns)
  local seen = {}
  for _, name in ipairs(columns) do
    if type(name) ~= "string" or name == "" or seen[name] then
      core.fail("csv.rows: 'columns' is a list of names, each of them once",
        "columns = { \"code\", \"name\" }")
    end
    seen[name] = true
  end
  if #columns == 0 then core.fail("csv.rows: 'columns' names no column") end
end

local function check(options)
  for _, name in ipairs(strict.sorted_keys(options)) do
    if name ~= "columns" and name ~= "delimiter" then
      core.fail("csv.rows has no option '" .. name .. "'" .. strict.did_you_mean(name, OPTIONS))
    end
  end
  local delimiter = options.delimiter or ","
  if type(delimiter) ~= "string" or #delimiter ~= 1 or delimiter:find("[\"\r\n%z\128-\255]") then
    core.fail("csv.rows: the delimiter is not one character", "delimiter = \";\"")
  end
  if options.columns ~= nil then
    if type(options.columns) ~= "table" then
      core.fail("csv.rows: 'columns' is a " .. core.type(options.columns) .. ", not a list",
        "columns = { \"code\", \"name\" }")
    end
    check_names(options.columns)
  end
  return delimiter
end

---A loop over the lines of a file beneath the migrations directory: strict rows of texts, whose
---columns the first line names.
---@param path string
---@param options? { delimiter?: string, columns?: string[] }
function csv.rows(path, options)
  if options ~= nil and type(options) ~= "table" then
    core.fail("csv.rows: the options are a " .. core.type(options) .. ", not a table", SAMPLE)
  end
  local delimiter = check(options or {})
  local names = options and options.columns and { unpack(options.columns) } or nil
  local rows = core.csv_rows(path, delimiter, names)
  return rows
end

return strict.close(csv, "csv.")
