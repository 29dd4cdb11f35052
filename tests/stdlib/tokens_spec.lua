--- How PostgreSQL's SQL is cut into tokens.
local spec = require("spec")
local tokens = require("luamig.dialect.postgresql.tokens")

local function cut(text)
  local parts = {}
  for i, token in ipairs(tokens.read(text)) do
    parts[i] = token.kind .. " " .. (token.name or token.text)
  end
  return table.concat(parts, "; ")
end

for _, one in ipairs({
  { "a name after a cast is a name", "'x'::billing.state",
    "string 'x'; sign :; sign :; word billing; sign .; word state" },
  { "what stands in an array is no name in brackets", "ARRAY[A, \"B\"]",
    "word array; sign [; word a; sign ,; quoted B; sign ]" },
  { "quotes are doubled", [["a""b" 'c''d']], [[quoted a"b; string 'c''d']] },
  { "a backslash escapes where the text begins with E", [[E'a\'b' 'c\' d]],
    [[string E'a\'b'; string 'c\'; word d]] },
  { "a text between dollars is one", "$$a.b'$$ $t$ $$ $t$ $1",
    "string $$a.b'$$; string $t$ $$ $t$; parameter $1" },
  { "comments hold comments", "a /* b /* c */ d */ e -- f\n g", "word a; word e; word g" },
  { "numbers are no names", "1.5e3 .5 x", "number 1.5e3; number .5; word x" },
  { "what is never closed ends with the text", "'abc", "string 'abc" },
}) do
  spec.test("tokens, postgresql: " .. one[1], function()
    spec.equal(cut(one[2]), one[3])
  end)
end
