#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text_list.hpp"
#include "graph/revision.hpp"

namespace luamig::script {

/// What a script directory wants to know of every file, in the order of their names.
struct scanned_files {
  std::vector<graph::revision> revisions;
  text_list messages;
  std::vector<std::uint16_t> location_of;  ///< by revision, an index into the locations
  std::vector<char> is_conditional;        ///< by revision, see script_directory
};

/// Reads and scans every `.lua` and `.sql` file of the locations; throws as script_directory does.
[[nodiscard]] scanned_files scan_files(const std::filesystem::path& migrations,
                                       const std::vector<std::filesystem::path>& locations);

/// Adds file and line to an error of the graph, which knows revisions and their files, not lines.
void add_line(error& problem, const std::filesystem::path& migrations,
              const std::vector<std::filesystem::path>& locations);

}  // namespace luamig::script
