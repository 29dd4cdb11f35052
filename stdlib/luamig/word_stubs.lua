--- Editor stubs of the words for values (docs/words.md), as one text.
return { [[
--- JSON: decoded, changed and encoded again, a text differs by the change alone.
json = {}

--- Objects are tables that keep the order of their keys, arrays are lists, null is `null`.
---@param text string
---@return any
function json.decode(text) end

---@param value any
---@return string
function json.encode(value) end

--- Says that a table is an object, also when it is empty.
---@param fields? table
---@return table
function json.object(fields) end

--- Says that a table is an array, also when it is empty.
---@param items? any[]
---@return table
function json.array(items) end

--- The value at a path of keys and positions, nil where there is none.
---@param text string|luamig.row a row is followed by the name of its column
---@param ... string|integer
---@return any
function json.at(text, ...) end

--- The text with the value at a path changed, all the rest spelled as it was.
---@param text string|luamig.row a row is followed by the name of its column
---@param ... any the path, and the value last
---@return string
function json.set(text, ...) end

--- Unicode texts, the same on every machine. A row is followed by the name of its column.
text = {}

---@param s string|luamig.row
---@param column? string
---@return string
function text.lower(s, column) end

---@param s string|luamig.row
---@param column? string
---@return string
function text.upper(s, column) end

--- Code points.
---@param s string|luamig.row
---@param column? string
---@return integer
function text.len(s, column) end

--- The longest beginning of at most so many code points that cuts no character.
---@param s string|luamig.row
---@param ... any a row's column, the number
---@return string
function text.truncate(s, ...) end

--- The fields between separators, empty ones too.
---@param s string|luamig.row
---@param ... string a row's column, the separator
---@return fun(): string?
function text.split(s, ...) end

--- string.match.
---@param s string|luamig.row
---@param ... any a row's column, the pattern
---@return string? ...
function text.match(s, ...) end

--- Instants as the databases write them, UTC. Now is the start of the step.
time = {}

--- The instant that lies "90 days", "1 year 6 months" before now.
---@param span string
---@return string
function time.ago(span) end

--- The text of an instant in seconds since 1970.
---@param seconds number
---@return string
function time.iso(seconds) end

--- The seconds since 1970 of a text.
---@param s string|luamig.row
---@param column? string
---@return number
function time.unix(s, column) end

--- uuid() is random.
---@class luamig.uuid
---@overload fun(): string
---@field v4 fun(): string random
---@field v7 fun(): string begins with the start of the step, and rises
uuid = nil

--- Cryptography by libsodium.
crypto = {}

--- 64 hexadecimal digits.
---@param s string|luamig.row
---@param column? string
---@return string
function crypto.sha256(s, column) end

--- HMAC-SHA256: 64 hexadecimal digits.
---@param key string
---@param s string
---@return string
function crypto.hmac(key, s) end

--- Encrypts and authenticates; base64.
---@param key string 32 bytes in hexadecimal digits or base64
---@param s string
---@return string
function crypto.seal(key, s) end

--- What was sealed with this key.
---@param key string
---@param sealed string
---@return string
function crypto.open(key, sealed) end

--- argon2id.
---@param s string
---@return string
function crypto.password(s) end

---@param s string|luamig.row
---@param column? string
---@return string
function crypto.hex(s, column) end

---@param s string|luamig.row
---@param column? string
---@return string
function crypto.unhex(s, column) end

---@param s string|luamig.row
---@param column? string
---@return string
function crypto.base64(s, column) end

---@param s string|luamig.row
---@param column? string
---@return string
function crypto.unbase64(s, column) end

--- Bytes of the operating system.
---@param count integer
---@return string
function crypto.random(count) end

--- The value of a name of [secrets] in luamig.toml; hidden in what is printed.
---@param name string
---@return string
function secret(name) end

--- Files of the migrations directory, line by line.
csv = {}

--- A loop over the lines as strict rows of texts, by the names of the first line.
---@param path string
---@param options? { delimiter?: string, columns?: string[] }
---@return fun(): luamig.row?
function csv.rows(path, options) end
]] }
