#!/usr/bin/env bash
# What data migrations cost beside C++, SQL and Python: builds all, and times them side by side.
#
#     data.sh [--rows N] [--rounds N] [--only update|split|load|export|execute|memory]
#             [--engine sqlite|postgres]
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/build-bench
cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLUAMIG_TESTS=OFF -DLUAMIG_BENCH=ON >/dev/null
ninja -C "$build" >/dev/null
# A server as it is installed, but with room for the rows, and with no checkpoint in the middle of a run.
options="-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c wal_level=replica
  -c shared_buffers=512MB -c max_wal_size=8GB -c checkpoint_timeout=1h"
export LUAMIG_TEST_PG_OPTIONS="${LUAMIG_TEST_PG_OPTIONS:-$options}"
# Debian's Python, which its psycopg2 is made for.
exec "$top/tests/support/postgres.sh" /usr/bin/python3 "$top/tests/bench/data/run.py" "$build" "$@"
