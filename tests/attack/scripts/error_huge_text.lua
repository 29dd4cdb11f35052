-- on: sqlite postgres
-- An error as large as memory allows.
error(("x"):rep(3000000))
