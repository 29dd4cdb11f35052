#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/connection.hpp"
#include "db/libpq_library.hpp"

namespace luamig::db {

using session_settings = std::vector<std::pair<std::string, std::string>>;

/// What every session has, so that values travel unchanged, and the time limits asked for.
[[nodiscard]] session_settings settings_of(const open_options& how);

struct connection_closer {
  decltype(&::PQfinish) finish = nullptr;
  void operator()(PGconn* c) const noexcept { finish(c); }
};
using connection_owner = std::unique_ptr<PGconn, connection_closer>;

/// A connection that stands.
struct connected {
  connection_owner raw;
  bool settings_hold = true;  ///< false: a pooler refused them in the start-up packet
};

/// Connects; `database` takes the place of the URL's when it is not empty. A dead network is
/// noticed within 30 s. Throws error{errc::connection}, of kind "missing_database" or "permission"
/// where the server says so.
[[nodiscard]] connected connect_postgres(const libpq_library& pq, const url& where,
                                         const open_options& how, const std::string& database);

/// As connect_postgres, where a refusal is an answer.
struct connect_outcome {
  std::optional<connected> made;
  std::optional<error> refused;  ///< set when nothing was made
};
[[nodiscard]] connect_outcome try_connect(const libpq_library& pq, const url& where,
                                          const open_options& how, const std::string& database);

/// "PGHOST=…", …: what the URL says, as libpq's programs read it from their environment.
[[nodiscard]] std::vector<std::string> connection_environment(const libpq_library& pq,
                                                              const url& where);

/// The database that libpq would choose for this URL.
[[nodiscard]] std::string database_name(const libpq_library& pq, const url& where);

}  // namespace luamig::db
