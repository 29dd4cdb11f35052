#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/revision_graph.hpp"
#include "script/header.hpp"

namespace luamig::script {

/// One migration file.
struct script {
  header head;
  std::filesystem::path path;  ///< as it can be opened
  std::string name;            ///< relative to the migrations directory: "versions/ab12_users.lua"
};

/// All migration files of a project, scanned, and their graph. Nothing of them has been run.
/// Node n of the graph is scripts()[n]; both are in the order of the file names.
class script_directory {
 public:
  /// Reads every `.lua` file of `locations` (not below them). Throws error{errc::script} or
  /// error{errc::graph}, naming file and line. A missing location is an error{errc::config} whose
  /// hint is `luamig init`.
  script_directory(std::filesystem::path migrations, std::vector<std::filesystem::path> locations);

  [[nodiscard]] const graph::revision_graph& graph() const noexcept { return graph_; }
  [[nodiscard]] const std::vector<script>& scripts() const noexcept { return scripts_; }
  [[nodiscard]] const script& at(graph::node n) const { return scripts_[n]; }
  /// The script of a revision that the graph has. Its absence is a broken invariant.
  [[nodiscard]] const script& of(std::string_view revision) const;
  [[nodiscard]] const std::filesystem::path& migrations() const noexcept { return migrations_; }
  [[nodiscard]] const std::vector<std::filesystem::path>& locations() const noexcept {
    return locations_;
  }

 private:
  std::filesystem::path migrations_;
  std::vector<std::filesystem::path> locations_;
  std::vector<script> scripts_;
  graph::revision_graph graph_;
};

}  // namespace luamig::script
