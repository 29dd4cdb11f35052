// What lasts longer than a statement, and the making of sessions and databases.

#include <poll.h>

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/postgres.hpp"
#include "db/postgres_connection.hpp"

namespace luamig::db {

void postgres_connection::send_session(std::string_view sql) {
  pipeline_.send({sql, {}, "", 0, false, naming::first_use, true});
}

/// Until the transaction ends, for a pooler hands the session to others.
void postgres_connection::send_settings() {
  for (const auto& [name, to] : settings_of(options_)) {
    const std::array<value, 2> values = {value{name}, value{to}};
    pipeline_.send({"SELECT pg_catalog.set_config($1, $2, true)", values, "", 0, false,
                    naming::first_use, true});
  }
}

/// What stood in the start-up packet is the session's default, so RESET ALL brings it back.
void postgres_connection::reset_session() {
  if (pipeline_.pooled()) return;
  if (loose_) sync();
  send_session("RESET ALL");
  if (dirty_) {
    send_session("RESET SESSION AUTHORIZATION");
    send_session("CLOSE ALL");
    send_session("DISCARD TEMP");
    send_session("UNLISTEN *");
    send_session("SELECT pg_catalog.pg_advisory_unlock_all()");
    dirty_ = false;
  }
  // A BEGIN behind it goes by what holds then.
  if (!begun_) pipeline_.barrier();
}

statement_facts postgres_connection::inspect(std::string_view sql) {
  return reader_.read(sql).facts;
}

void postgres_connection::protect(std::vector<std::string> tables) { reader_.protect(tables); }

void postgres_connection::interrupt() noexcept {
  std::array<char, 256> reason{};
  if (cancel_) pq_.cancel(cancel_.get(), reason.data(), static_cast<int>(reason.size()));
}

/// A server that ends a session says so and closes: then there is something to read. A network that
/// went dark is noticed by TCP keepalive.
bool postgres_connection::alive() noexcept {
  pollfd socket{pq_.socket(raw_.get()), POLLIN, 0};
  while (::poll(&socket, 1, 0) > 0) {
    if (pq_.consumeInput(raw_.get()) != 1) return false;
  }
  return pq_.status(raw_.get()) == CONNECTION_OK;
}

std::unique_ptr<connection> open_postgres(const url& where, const open_options& how) {
  const libpq_library pq = libpq_library::load();
  return std::make_unique<postgres_connection>(pq, connect_postgres(pq, where, how, where.instead),
                                               how);
}

namespace {

/// From "postgres", or where that is missing or closed to us, from "template1".
std::unique_ptr<connection> open_maintenance(const libpq_library& pq, const url& where) {
  const open_options how;
  connect_outcome first = try_connect(pq, where, how, "postgres");
  return std::make_unique<postgres_connection>(
      pq, first.made ? std::move(*first.made) : connect_postgres(pq, where, how, "template1"), how);
}

}  // namespace

/// Creators at one instant wait for each other: the second finds the database made.
bool create_postgres(const url& where) {
  const libpq_library pq = libpq_library::load();
  connect_outcome there = try_connect(pq, where, {}, "");
  if (there.made) return false;
  if (there.refused->kind != "missing_database") throw error{std::move(*there.refused)};
  const auto from = open_maintenance(pq, where);
  const std::string name = database_name(pq, where);
  from->execute("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended('luamig', 0))");
  if (scalar(*from, "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1",
             std::array{value(name)})) {
    return false;
  }
  from->execute("CREATE DATABASE " + text::sql_identifier(name));
  return true;
}

}  // namespace luamig::db
