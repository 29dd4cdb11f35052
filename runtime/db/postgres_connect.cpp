#include "db/postgres_connect.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/mask.hpp"

namespace luamig::db {

namespace {

/// Of PostgreSQL 14 and later, on Linux: the backend of a client that was killed goes away.
constexpr std::string_view check_interval = "client_connection_check_interval";

/// What libpq is told: a later entry wins over an earlier one.
class start_parameters {
 public:
  void add(std::string key, std::string value) {
    entries_.emplace_back(std::move(key), std::move(value));
  }
  [[nodiscard]] PGconn* connect(const libpq_library& pq) const {
    std::vector<const char*> keys;
    std::vector<const char*> values;
    for (const auto& [key, value] : entries_) {
      keys.push_back(key.c_str());
      values.push_back(value.c_str());
    }
    keys.push_back(nullptr);
    values.push_back(nullptr);
    return pq.connectdbParams(keys.data(), values.data(), 1);
  }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// A value inside `options`: blanks and backslashes are escaped.
std::string option_escaped(const std::string& value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// Calls `see` with each option that the URL gives.
template <class See>
void each_option(const libpq_library& pq, const url& where, See see) {
  char* reason = nullptr;
  PQconninfoOption* const options = pq.conninfoParse(where.conninfo.c_str(), &reason);
  if (options == nullptr) {
    const std::string why = reason == nullptr ? "it is malformed" : mask(text::trim(reason));
    pq.freemem(reason);
    throw error{errc::config, "cannot read the database URL '" + where.shown + "': " + why};
  }
  for (const PQconninfoOption* o = options; o->keyword != nullptr; ++o) {
    if (o->val != nullptr) see(*o);
  }
  pq.conninfoFree(options);
}

/// The URL's value of a key, "" where it has none.
std::string url_option(const libpq_library& pq, const url& where, std::string_view key) {
  std::string out;
  each_option(pq, where, [&](const PQconninfoOption& o) {
    if (key == o.keyword) out = o.val;
  });
  return out;
}

std::string environment(const char* name) {
  const char* const found = std::getenv(name);
  return found == nullptr ? "" : found;
}

start_parameters parameters_for(const libpq_library& pq, const url& where, const open_options& how,
                                const std::string& database, bool with_settings,
                                bool with_check_interval) {
  start_parameters out;
  out.add("keepalives", "1");
  out.add("keepalives_idle", "10");
  out.add("keepalives_interval", "5");
  out.add("keepalives_count", "3");
  out.add("tcp_user_timeout", "20000");
  out.add("connect_timeout", "10");
  out.add("dbname", where.conninfo);
  if (!database.empty()) out.add("dbname", database);
  out.add("application_name", how.application_name);
  out.add("client_encoding", "UTF8");
  const std::string own = url_option(pq, where, "options");
  std::string options;
  if (with_settings) {
    for (const auto& [name, to] : settings_of(how)) {
      options += "-c " + name + "=" + option_escaped(to) + " ";
    }
  }
  if (with_check_interval) options += "-c " + std::string(check_interval) + "=2000 ";
  out.add("options", options + (own.empty() ? environment("PGOPTIONS") : own));
  return out;
}

/// One try. The reason why it failed is in `why`.
connection_owner attempt(const libpq_library& pq, const start_parameters& with, std::string& why) {
  connection_owner raw{with.connect(pq), connection_closer{pq.finish}};
  if (!raw) throw error{errc::connection, "out of memory"};
  if (pq.status(raw.get()) == CONNECTION_OK) return raw;
  why = mask(text::trim(pq.errorMessage(raw.get())));
  raw.reset();
  return raw;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

error cannot_connect(const url& where, const std::string& why) {
  error e{errc::connection, "cannot connect to '" + where.shown + "': " + why};
  if (why.starts_with("invalid ") && has(why, " value: ")) {  // libpq's own, before it tries
    e.code = errc::config;
    e.hint = "correct that option in the URL, or the variable of the environment that gives it";
  } else if (has(why, "database \"") && has(why, "does not exist")) {
    e.kind = "missing_database";
    e.hint = "luamig upgrade --create-db makes it";
  } else if (has(why, "authentication failed") || has(why, "no password supplied")) {
    e.kind = "permission";
    e.hint = "give the password in the URL, in PGPASSWORD or in ~/.pgpass";
  } else {
    e.hint = "check that the server runs and that host, port and database are right";
  }
  return e;
}

}  // namespace

session_settings settings_of(const open_options& how) {
  session_settings out = {{"DateStyle", "ISO"},          {"TimeZone", "UTC"},
                          {"IntervalStyle", "iso_8601"}, {"extra_float_digits", "1"},
                          {"bytea_output", "hex"},       {"standard_conforming_strings", "on"}};
  if (how.statement_timeout.count() > 0) {
    out.emplace_back("statement_timeout", std::to_string(how.statement_timeout.count()));
  }
  if (how.lock_timeout.count() > 0) {
    out.emplace_back("lock_timeout", std::to_string(how.lock_timeout.count()));
  }
  if (how.read_only) out.emplace_back("default_transaction_read_only", "on");
  return out;
}

connect_outcome try_connect(const libpq_library& pq, const url& where, const open_options& how,
                            const std::string& database) {
  std::string why;
  const auto with = [&](bool settings, bool interval) {
    return attempt(pq, parameters_for(pq, where, how, database, settings, interval), why);
  };
  if (connection_owner raw = with(true, true)) return {connected{std::move(raw), true}, {}};
  if (has(why, check_interval)) {
    if (connection_owner raw = with(true, false)) return {connected{std::move(raw), true}, {}};
  }
  if (has(why, "startup parameter")) {
    if (connection_owner raw = with(false, false)) return {connected{std::move(raw), false}, {}};
  }
  return {std::nullopt, cannot_connect(where, why)};
}

connected connect_postgres(const libpq_library& pq, const url& where, const open_options& how,
                           const std::string& database) {
  connect_outcome out = try_connect(pq, where, how, database);
  if (!out.made) throw error{std::move(*out.refused)};
  return std::move(*out.made);
}

std::vector<std::string> connection_environment(const libpq_library& pq, const url& where) {
  std::vector<std::string> out;
  each_option(pq, where, [&](const PQconninfoOption& o) {
    if (o.envvar != nullptr) out.push_back(std::string(o.envvar) + "=" + o.val);
  });
  return out;
}

std::string database_name(const libpq_library& pq, const url& where) {
  for (const std::string& name :
       {where.database, url_option(pq, where, "dbname"), environment("PGDATABASE"),
        url_option(pq, where, "user"), environment("PGUSER")}) {
    if (!name.empty()) return name;
  }
  return "";
}

}  // namespace luamig::db
