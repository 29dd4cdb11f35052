#!/bin/sh
# Stands in for luamig, so that the runner is tested without it.
case "$1" in
  --version) echo "luamig 9.8.7" ;;
  banner) echo "luamig 9.8.7 · $CASE_URL · took 82 ms on $(date +%F) in $PWD" ;;
  refuse) echo "error: refused" >&2; exit 3 ;;
  chatter) seq 20; exit 3 ;;
  crash) kill -SEGV $$ ;;
  spoil) db "CREATE TABLE spoilt (a integer)"; exit 3 ;;
  book) db "CREATE TABLE luamig_history (a integer)"; exit 3 ;;
  make) printf '%s\n' 0123456789ab fedcba987654 0123456789ab ;;
  engine) echo "on $CASE_ENGINE" ;;
  marks) printf '%s\n' '$ x' '# y' '[4]' '\z' ;;
esac
