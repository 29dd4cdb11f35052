--- The shell: one entry at a time in an environment that lasts, and what it gives as text.

local core = require("luamig.core")
local results = require("luamig.shell.results")
local shown = require("luamig.shell.shown")
local words = require("luamig.environment.words")

local shell = {}

-- What whoever types SQL may have meant.
local instead = {
  begin = "the transaction has begun by itself; \\commit ends it",
  commit = "\\commit",
  rollback = "\\rollback",
  select = 'db:all("SELECT …") shows rows',
  values = 'db:all("VALUES …") shows rows',
  with = 'db:all("WITH …") shows rows',
  exit = "\\quit",
  quit = "\\quit",
  help = "\\help",
}
for word in ("insert update delete create alter drop truncate grant set"):gmatch("%a+") do
  instead[word] = ('op.execute("%s …") runs SQL'):format(word:upper())
end

local function hint_for(text)
  return instead[(text:match("^%s*(%a+)") or ""):lower()]
end

-- The message of the compiler, "entry 3:2: '=' expected near 'x'", and its line.
local function without_place(message, name)
  if message:find("attempt to load chunk with wrong mode", 1, true) then
    return "this is compiled bytecode: an entry is text", 1
  end
  local line, rest = message:match("^" .. name .. ":(%d+): (.*)$")
  return rest or message, tonumber(line) or 1
end

-- Whether only its end is missing.
local function goes_on(message)
  return message:find("near '<eof>'", 1, true) ~= nil
end

-- SQL's or a shell's own word alone, which Lua takes for a variable that nobody has declared.
local function lone_word(text, environment)
  local word = text:match("^%s*(%a+)[%s;]*$")
  local known = word and (rawget(environment, word) ~= nil or rawget(words, word) ~= nil)
  return word and not known and instead[word:lower()] and word
end

-- The first value keeps the entry's call from being the last thing that is done: of such a call Lua
-- does not know the line.
local function shown_results(text, _, ...)
  local count = select("#", ...)
  if count == 1 and ... == nil and text:find("^%s*op%.") then return "" end
  return shown.results(count, ...)
end

---Runs an entry: an expression, whose value is shown, or statements. Nothing: more of it has to
---come, unless it is the `last`. False: it is not Lua; why, the line, and what may be meant.
---@param environment table
---@param text string
---@param name string what messages call it: "entry 3"
---@param last boolean
---@return string|false|nil shown
---@return string? problem
---@return integer? line
---@return string? hint
function shell.enter(environment, text, name, last)
  results.wanted = true
  text = text:gsub("\n$", "")
  local lone = lone_word(text, environment)
  if lone then return false, "'" .. lone .. "' is no Lua", 1, instead[lone:lower()] end
  local run = core.compile("return nil, " .. text, "@" .. name, environment)
  local problem
  if not run then run, problem = core.compile(text, "@" .. name, environment) end
  if not run then
    if goes_on(problem) and not last then return nil end
    local message, line = without_place(problem, name)
    return false, message, line, hint_for(text)
  end
  if text:find("^%s*local%s[^\n;]*\n?$") then
    core.log("warning", "a local ends with its entry: without the word it is kept")
  end
  local answer = shown_results(text, run())
  return answer
end

return shell
