#!/bin/bash
# postgres.sh COMMAND…: runs the command beside a throw-away PostgreSQL cluster, whose URL it finds
# in LUAMIG_TEST_PG (and PGHOST, PGUSER for psql), and returns the command's status. The cluster
# lives in a temporary directory, listens on a unix socket there and nowhere else, and ends with the
# command, however that ends.
set -u

bin=""
for candidate in /usr/lib/postgresql/*/bin; do
  [ -x "$candidate/initdb" ] && bin=$candidate
done
if [ -z "$bin" ]; then
  echo "postgres.sh: no PostgreSQL server found (apt install postgresql)" >&2
  exit 127
fi

# The server refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/luamig-pg.XXXXXX") || exit 127
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$dir" && chmod 755 "$dir"
fi

server=""
child=""
stop() {
  trap - EXIT INT TERM HUP
  [ -n "$child" ] && kill "$child" 2>/dev/null
  if [ -n "$server" ]; then
    kill -QUIT "$server" 2>/dev/null
    wait "$server" 2>/dev/null
  fi
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
  echo "postgres.sh: $1" >&2
  cat "$dir/log" >&2
  exit 127
}

cd "$dir" || exit 127
"${as[@]}" "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
  --no-sync --no-instructions </dev/null >"$dir/log" 2>&1 || fail "initdb failed"

"${as[@]}" "$bin/postgres" -D "$dir/data" -k "$dir" \
  -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
  -c max_connections=200 -c shared_buffers=64MB -c autovacuum=off -c max_prepared_transactions=0 \
  -c wal_level=minimal -c max_wal_senders=0 -c lc_messages=C ${LUAMIG_TEST_PG_OPTIONS:-} \
  </dev/null >>"$dir/log" 2>&1 &
server=$!

ready=no
for ((i = 0; i < 300; i++)); do
  if "$bin/pg_isready" -q -h "$dir" -U postgres; then
    ready=yes
    break
  fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.05
done
[ $ready = yes ] || fail "the server did not start"

export LUAMIG_TEST_PG="postgresql://postgres@/postgres?host=$dir"
export PGHOST=$dir PGUSER=postgres
# Before Debian's wrappers, each of which starts a Perl to find these.
export PATH=$bin:$PATH
cd "$OLDPWD" || exit 127
# In the background, so that a signal to this script ends it at once.
"$@" <&0 &
child=$!
wait "$child"
status=$?
child=""
exit $status
