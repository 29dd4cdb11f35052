-- In the reader of a chunk that never ends.
load(function() return " " end)
