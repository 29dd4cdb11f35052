#pragma once

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "db/connection.hpp"

namespace luamig::testing {

/// A database of its own for one test, dropped at its end. Needs LUAMIG_TEST_PG (postgres.sh).
class postgres_database {
 public:
  /// Nothing where LUAMIG_TEST_PG is not set.
  static std::optional<postgres_database> make() {
    const char* const server = std::getenv("LUAMIG_TEST_PG");
    if (server == nullptr) return std::nullopt;
    return std::optional<postgres_database>(std::in_place, std::string(server));
  }

  explicit postgres_database(const std::string& server) : server_(server) {
    static int made = 0;
    name_ = "t_" + std::to_string(getpid()) + "_" + std::to_string(++made);
    admin()->execute("CREATE DATABASE " + name_ + " TEMPLATE template0");
  }
  postgres_database(postgres_database&& other) noexcept
      : server_(std::move(other.server_)), name_(std::exchange(other.name_, "")) {}
  postgres_database(const postgres_database&) = delete;
  postgres_database& operator=(const postgres_database&) = delete;
  ~postgres_database() {
    if (name_.empty()) return;
    try {
      admin()->execute("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (const std::exception&) {
      // the cluster goes away with the tests
    }
  }

  /// The server's URL with another database in it.
  [[nodiscard]] std::string url_of(const std::string& database) const {
    const std::size_t query = server_.find('?');
    const std::size_t slash = server_.rfind('/', query);
    return server_.substr(0, slash + 1) + database + server_.substr(query);
  }
  [[nodiscard]] std::string url() const { return url_of(name_); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::unique_ptr<db::connection> open(const db::open_options& how = {}) const {
    return db::open_database(db::parse_url(url(), "/"), how);
  }
  [[nodiscard]] std::unique_ptr<db::connection> admin() const {
    return db::open_database(db::parse_url(server_, "/"), {});
  }

 private:
  std::string server_;
  std::string name_;
};

}  // namespace luamig::testing
