// Linked to libpq, connects, asks one question and ends: the floor under every start on PostgreSQL.
#include <libpq-fe.h>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  PGconn* const on = PQconnectdb(argv[1]);
  PGresult* const r = PQexec(on, "SELECT 1");
  const bool good = PQresultStatus(r) == PGRES_TUPLES_OK;
  PQclear(r);
  PQfinish(on);
  return good ? 0 : 1;
}
