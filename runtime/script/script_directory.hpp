#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_list.hpp"
#include "graph/revision_graph.hpp"
#include "script/header.hpp"
#include "script/repeatable.hpp"

namespace luamig::script {

/// All migration files of a project, scanned, and their graph. Nothing of them has been run.
/// The nodes of the graph are in the order of the file names.
///
/// Of a file it keeps the name and the message. Who wants the whole header has the file read again:
/// commands look at all revisions, or at the headers of a few.
class script_directory {
 public:
  /// Reads every `.lua` and `.sql` file of `locations` (not below them). Throws error{errc::script}
  /// or error{errc::graph}, naming file and line. A missing location is an error{errc::config}
  /// whose hint is `luamig init`.
  script_directory(std::filesystem::path migrations, std::vector<std::filesystem::path> locations);

  [[nodiscard]] const graph::revision_graph& graph() const noexcept { return graph_; }
  [[nodiscard]] std::size_t size() const noexcept { return graph_.size(); }
  /// As `script::name`, `header::message` and `script::path`; views live as long as this does.
  [[nodiscard]] std::string_view name(graph::node n) const { return graph_.origin(n); }
  [[nodiscard]] std::string_view message(graph::node n) const { return messages_[n]; }
  [[nodiscard]] std::filesystem::path path(graph::node n) const;
  /// Whether its header says where or how it may run: `environments`, `transactional = false` or
  /// `irreversible`. Of the others nobody need read the header for that.
  [[nodiscard]] bool is_conditional(graph::node n) const { return is_conditional_[n] != 0; }

  /// The file, read again. One that is no longer what the graph was made of is error{errc::script}.
  [[nodiscard]] script read(graph::node n) const;
  /// As `read`, the first time; kept as long as this lives.
  [[nodiscard]] const script& at(graph::node n) const;
  /// `at` of a revision that the graph has, or the repeatable of that name. Its absence is a broken
  /// invariant.
  [[nodiscard]] const script& of(std::string_view revision) const;
  [[nodiscard]] graph::node node_of(std::string_view revision) const;

  /// The files of repeatable/, read when they are first asked for.
  [[nodiscard]] const std::vector<repeatable>& repeatables() const;
  /// The one of this name. Its absence is a broken invariant.
  [[nodiscard]] const repeatable& repeatable_of(std::string_view name) const;

  [[nodiscard]] const std::filesystem::path& migrations() const noexcept { return migrations_; }
  [[nodiscard]] const std::vector<std::filesystem::path>& locations() const noexcept {
    return locations_;
  }

 private:
  [[nodiscard]] bool is_unchanged(graph::node n, const header& head) const;

  std::filesystem::path migrations_;
  std::vector<std::filesystem::path> locations_;
  std::vector<std::uint16_t> location_of_;
  std::vector<char> is_conditional_;
  text_list messages_;
  graph::revision_graph graph_;
  mutable std::map<graph::node, script> kept_;
  mutable std::optional<std::vector<repeatable>> repeatables_;
};

}  // namespace luamig::script
