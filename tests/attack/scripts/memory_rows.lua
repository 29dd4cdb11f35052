-- on: sqlite postgres
-- Rows that are all read at once.
local _ = #db:all([[WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000000)
  SELECT n, 'a text that takes memory, row by row' AS t FROM c]])
