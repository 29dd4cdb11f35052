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
]] }
