#!/usr/bin/env bash
# Builds luamig and the reference programs, and times them side by side. Arguments go to run.py.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/build-bench
cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLUAMIG_TESTS=OFF -DLUAMIG_BENCH=ON >/dev/null
ninja -C "$build" >/dev/null
exec "$top/tests/support/postgres.sh" python3 "$top/tests/bench/run.py" "$build" "$@"
