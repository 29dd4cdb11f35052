#!/bin/bash
# Sets up, builds and runs every test, with a throw-away PostgreSQL around them.
# Arguments go to ctest: tests/run.sh -R cases
set -euo pipefail
cd "$(dirname "$0")/.."
build="${LUAMIG_BUILD:-build}"

.ci/setup
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLUAMIG_TESTS=ON
cmake --build "$build"

if [ -n "${LUAMIG_TEST_DATA:-}" ]; then
  echo "tests: data from $LUAMIG_TEST_DATA"
else
  echo "tests: LUAMIG_TEST_DATA is not set: tests that need it are skipped"
fi

# The last words are ctest's own; the totals of what its programs counted come just before them.
# A test here is a sentence of doctest, a case on one database, a spec; ctest counts programs.
totals() {
  awk -v log_file="$build/Testing/Temporary/LastTest.log" '
    /^[0-9]+% tests passed/ || /^No tests were found/ { closing = 1 }
    closing { held[++n] = $0; next }
    { print; fflush() }
    END {
      while ((getline line < log_file) > 0) {
        count = split(line, word, /[ |,:]+/)
        if (line ~ /^\[doctest\] test cases:/ || line ~ /^[0-9]+ passed, [0-9]+ failed/)
          for (i = 2; i <= count; ++i) {
            if (word[i] == "passed") passed += word[i - 1]
            if (word[i] == "failed") failed += word[i - 1]
            if (word[i] == "skipped") skipped += word[i - 1]
          }
        if (line ~ /^[0-9]+ bad inputs tried/) bad += line + 0
        if (line ~ /^[0-9]+ rows wait/) waiting += line + 0
      }
      if (passed + failed + skipped > 0) {
        printf "\nin these programs: %d passed, %d failed, %d skipped\n", passed, failed, skipped
        if (bad > 0) printf "bad inputs tried: %d\n", bad
        if (waiting > 0) printf "rows of the guides that wait: %d\n", waiting
      }
      for (i = 1; i <= n; ++i) print held[i]
    }'
}

# Databases that last for a test wait for no disk, where memory is there for them.
room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "${room:-0}" -gt 4000000 ]; then
  export TMPDIR=/dev/shm
fi

export CTEST_OUTPUT_ON_FAILURE=1
tests/support/postgres.sh ctest --test-dir "$build" -j2 --no-tests=error "$@" | totals
