#!/bin/bash
# Builds luamig and runs the example's migrations on a fresh SQLite file.
set -euo pipefail
cd "$(dirname "$0")/.."
build="$(realpath -m "${LUAMIG_BUILD:-build}")"

.ci/setup --build-only
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLUAMIG_TESTS=OFF >/dev/null
cmake --build "$build" --target luamig

shop="$build/example/shop.db"
mkdir -p "$build/example"
rm -f "$shop" "$shop"-*

# Shows a command as it can be typed, then what it prints.
show() {
  printf '\n$'
  printf ' %q' "$@"
  printf '\n'
  "$@"
}
luamig() {
  printf '\n$ luamig -u "sqlite:///%s"' "$shop"
  printf ' %q' "$@"
  printf '\n'
  "$build/luamig" -u "sqlite:///$shop" "$@"
}
ask() {
  printf '\n$ sqlite3 "%s" "%s"\n' "$shop" "$1"
  sqlite3 -header -column "$shop" "$1"
}

show cd migrations-example
luamig status
luamig upgrade e41d7750a6fb
ask "SELECT name, email, address FROM customers"
ask "SELECT sku, price FROM products"
luamig upgrade
luamig history --graph
luamig status
ask "SELECT first_name, last_name, email, email_as_typed FROM customers"
ask "SELECT street, postcode, city, country FROM addresses"
ask "SELECT sku, price_cents, category FROM products"
