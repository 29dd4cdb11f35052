-- on: sqlite postgres
-- A statement without end.
db:scalar("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c")
