// A copy of a PostgreSQL database, by the server itself or by its tools.
#include "db/postgres_copy_database.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/mask.hpp"
#include "db/postgres.hpp"
#include "db/postgres_connect.hpp"

namespace luamig::db {
namespace {

constexpr std::string_view in_use = "55006";
constexpr std::string_view not_allowed = "42501";

/// Not in the database that is copied, for that would be somebody who is connected.
std::unique_ptr<connection> open_beside(const url& of, const std::string& name) {
  url beside = of;
  std::optional<error> first;
  for (const char* const database : {"postgres", "template1"}) {
    if (name == database) continue;
    beside.instead = database;
    try {
      return open_postgres(beside, {});
    } catch (const error& e) {
      if (!first) first = e;
    }
  }
  throw error{*std::move(first)};
}

/// "'shop' (pid 4711)", …: who is connected to the database; "" for nobody.
std::string who_is_connected(connection& beside, const std::string& name) {
  std::string who;
  for (const auto& row :
       all(beside,
           "SELECT coalesce(nullif(application_name, ''), usename::text, ''), pid::text FROM "
           "pg_catalog.pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend' "
           "ORDER BY pid LIMIT 5",
           std::array{value(name)})) {
    who += (who.empty() ? "'" : ", '") + text::one_line(std::get<std::string>(row[0])) +
           "' (backend pid " + std::get<std::string>(row[1]) + ")";
  }
  return who;
}

/// What stands in the way of a copy by the server.
enum class in_the_way { nothing, somebody, owner };

in_the_way copy_by_server(connection& beside, const std::string& name, const std::string& copy) {
  if (!who_is_connected(beside, name).empty()) return in_the_way::somebody;
  try {
    beside.execute("CREATE DATABASE " + text::sql_identifier(copy) + " TEMPLATE " +
                   text::sql_identifier(name));
  } catch (const error& e) {
    if (e.sqlstate == not_allowed) return in_the_way::owner;  // or no database can be made at all
    if (e.sqlstate != in_use) throw;
    return in_the_way::somebody;
  }
  return in_the_way::nothing;
}

/// As the other one is: its encoding and locale.
void create_empty(connection& beside, const std::string& name, const std::string& made) {
  beside.execute("CREATE DATABASE " + text::sql_identifier(made) +
                 std::get<std::string>(*scalar(
                     beside,
                     "SELECT ' TEMPLATE template0 ENCODING ' || "
                     "quote_literal(pg_encoding_to_char(encoding)) || ' LC_COLLATE ' || "
                     "quote_literal(datcollate) || ' LC_CTYPE ' || quote_literal(datctype) FROM "
                     "pg_catalog.pg_database WHERE datname = $1",
                     std::array{value(name)})));
}

/// As create_empty, for a copy. Throws error{errc::refused} where the role may make no database.
void create_empty_copy(connection& beside, const std::string& name, const std::string& made) {
  try {
    create_empty(beside, name, made);
  } catch (const error& e) {
    if (e.sqlstate != not_allowed) throw;
    const std::string role = std::get<std::string>(*scalar(beside, "SELECT current_user::text"));
    error refused(errc::refused,
                  "no copy of the database can be made beside it, for role '" + role +
                      "' may not make databases: " + e.message,
                  "ALTER ROLE " + text::sql_identifier(role) +
                      " CREATEDB; or the URL of another role; or --dry-run without =copy, which "
                      "needs no copy");
    refused.sqlstate = e.sqlstate;
    refused.state_after = "nothing was changed";
    throw refused;
  }
}

/// What ALTER DATABASE … SET has set does not come along.
void copy_settings(connection& beside, const std::string& name, const std::string& copy) {
  for (const auto& row :
       all(beside,
           "SELECT split_part(s, '=', 1), substr(s, strpos(s, '=') + 1) FROM "
           "pg_catalog.pg_db_role_setting AS r JOIN pg_catalog.pg_database AS d ON d.oid = "
           "r.setdatabase, unnest(r.setconfig) AS s WHERE d.datname = $1 AND r.setrole = 0",
           std::array{value(name)})) {
    const std::string& key = std::get<std::string>(row[0]);
    const std::string& to = std::get<std::string>(row[1]);
    const bool is_list = key == "search_path" || key == "temp_tablespaces";
    beside.execute("ALTER DATABASE " + text::sql_identifier(copy) + " SET " +
                   text::sql_identifier(key) + " TO " +
                   (is_list && !to.empty() ? to : text::sql_string(to)));
  }
}

/// Where PATH has a program, "" where it has none.
std::string find_program(const std::string& name) {
  const char* const path = std::getenv("PATH");
  for (const std::string& directory : text::split(path == nullptr ? "" : path, ':')) {
    const std::string candidate = directory + "/" + name;
    if (!directory.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

/// This environment, and in it what the URL says, so that no password is in an argument.
std::vector<std::string> environment_for(const url& of, const std::string& database) {
  std::vector<std::string> out = connection_environment(libpq_library::load(), of);
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view entry = *one;
    if (!entry.starts_with("PG")) out.emplace_back(entry);
  }
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string entry = *one;
    const std::string key = entry.substr(0, entry.find('=') + 1);
    const bool known = std::any_of(out.begin(), out.end(),
                                   [&](const std::string& o) { return o.starts_with(key); });
    if (entry.starts_with("PG") && !known) out.push_back(entry);
  }
  std::erase_if(out, [](const std::string& o) { return o.starts_with("PGDATABASE="); });
  out.push_back("PGDATABASE=" + database);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& of) {
  std::vector<char*> out;
  for (std::string& one : of) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

/// Starts a program between these streams. Throws error{errc::config} where it cannot be.
pid_t start(const std::string& program, std::vector<std::string> arguments,
            std::vector<std::string> environment, int in, int out, int err) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  pid_t child = -1;
  const int code = ::posix_spawn(&child, program.c_str(), &actions, nullptr,
                                 pointers(arguments).data(), pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (code == 0) return child;
  throw error(errc::config, "cannot run '" + program + "': " + std::strerror(code));
}

struct descriptor {
  int fd = -1;
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
  void close() { ::close(std::exchange(fd, -1)); }
};

bool ended_well(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// What the programs have said, for a message.
std::string said_in(int file) {
  std::array<char, 2000> room{};
  const ssize_t n = ::pread(file, room.data(), room.size(), 0);
  const std::string_view all(room.data(), n < 0 ? 0 : static_cast<std::size_t>(n));
  return mask(text::one_line(text::shorten(text::trim(all), 500)));
}

void copy_by_tools(const url& of, const std::string& name, const std::string& copy,
                   const std::string& dump, const std::string& restore) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw error(errc::config, "no pipe is to be had");
  descriptor from{ends[0]};
  descriptor to{ends[1]};
  const descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  const descriptor said{::open("/tmp", O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, 0600)};
  const int err = said.fd >= 0 ? said.fd : null.fd;
  const pid_t writer = start(dump, {"pg_dump", "--format=custom", "--compress=0"},
                             environment_for(of, name), null.fd, to.fd, err);
  to.close();
  const pid_t reader =
      start(restore, {"pg_restore", "--exit-on-error", "--no-owner", "--dbname=" + copy},
            environment_for(of, copy), from.fd, null.fd, err);
  from.close();
  const bool written = ended_well(writer);
  const bool read = ended_well(reader);
  if (written && read) return;
  throw error(errc::refused, "the database could not be copied by pg_dump: " + said_in(said.fd),
              "stop the application, and the server copies it by itself; or --dry-run without "
              "=copy");
}

}  // namespace

std::string name_of_copy() {
  std::random_device random;
  return "luamig_copy_" + std::to_string(::getpid()) + "_" + std::to_string(random() % 1'000'000);
}

void make_postgres_copy(const url& of, const std::string& copy) {
  const std::string name = database_name(libpq_library::load(), of);
  const auto beside = open_beside(of, name);
  const in_the_way what = copy_by_server(*beside, name, copy);
  if (what != in_the_way::nothing) {
    const std::string dump = find_program("pg_dump");
    const std::string restore = find_program("pg_restore");
    create_empty_copy(*beside, name, copy);
    if (dump.empty() || restore.empty()) {
      const bool owned = what == in_the_way::somebody;
      throw error(
          errc::refused,
          owned ? "the server copies a database only while nobody is connected to it, and there "
                  "is " +
                      who_is_connected(*beside, name)
                : "the server copies a database for its owner only, and this role is another",
          std::string(owned ? "end these sessions" : "the URL of the owner") +
              "; or install pg_dump and pg_restore, which copy it all the same; or --dry-run "
              "without =copy");
    }
    copy_by_tools(of, name, copy, dump, restore);
  }
  copy_settings(*beside, name, copy);
}

void make_empty_postgres(const url& beside, const std::string& made) {
  const std::string name = database_name(libpq_library::load(), beside);
  try {
    const auto other = open_beside(beside, name);
    create_empty(*other, name, made);
    copy_settings(*other, name, made);
  } catch (error& e) {
    if (e.sqlstate != not_allowed) throw;
    throw error(errc::refused, "no empty database can be made beside this one: " + e.message,
                "a role with CREATEDB, on this server or on another one that has the same schema");
  }
}

/// A failure leaves a database behind that bears its origin in its name.
void drop_postgres_copy(const url& copy) noexcept {
  try {
    open_beside(copy, "")->execute("DROP DATABASE IF EXISTS " + text::sql_identifier(copy.instead) +
                                   " WITH (FORCE)");
  } catch (const std::exception&) {
    return;
  }
}

void drop_postgres_copy_at_last(const url& copy) noexcept {
  drop_postgres_copy(copy);
  ::sleep(5);  // a CREATE DATABASE that was under way has noticed by then
  drop_postgres_copy(copy);
}

}  // namespace luamig::db
