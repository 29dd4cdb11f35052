#!/bin/bash
# Runs the recipes of docs/cookbook.md on a fresh SQLite file, and shows what becomes of the rows.
# LUAMIG names the program, where it is not build/luamig.
set -euo pipefail
cd "$(dirname "$0")"
luamig="$(realpath "${LUAMIG:-../../build/luamig}")"
directory="$(mktemp -d)"
trap 'rm -r "$directory"' EXIT
IBAN_KEY="$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
export IBAN_KEY

luamig() {
  printf '\n$ luamig %s\n' "$*"
  "$luamig" -u "sqlite:///$directory/cookbook.db" "$@"
}
ask() {
  printf '\n$ sqlite3 cookbook.db "%s"\n' "$1"
  sqlite3 -header -column -nullvalue NULL "$directory/cookbook.db" "$1"
}

luamig upgrade c00b00000000
ask "SELECT id, name, email, country, tags FROM contacts"
luamig upgrade
ask "SELECT id, first_name, last_name, email, country_code FROM contacts"
ask "SELECT contact_id, tag FROM contact_tags"
ask "SELECT number, id FROM subscribers"
ask "SELECT id, config FROM devices"
ask "SELECT * FROM invoice_corrections"
