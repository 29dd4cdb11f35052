#!/bin/sh
# Every C++ file is as clang-format leaves it. A missing clang-format is a failure.
set -eu
cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null || { echo "clang-format is not installed (.ci/setup)"; exit 1; }
find runtime bindings tests -name '*.[ch]pp' -print0 | xargs -0 clang-format --dry-run -Werror
echo "formatted"
