#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "db/connection.hpp"

namespace luamig::engine {

/// The tables that a SQLite file holds, without virtual ones, and the indexes that somebody has
/// made, each with its table. The names are those of the catalog.
struct file_objects {
  std::set<std::string, std::less<>> tables;
  std::map<std::string, std::string> indexes;
};
[[nodiscard]] file_objects read_file_objects(db::connection& on);

[[nodiscard]] std::int64_t count_rows(db::connection& on, const std::string& table);

}  // namespace luamig::engine
