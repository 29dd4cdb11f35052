#include "script/script_directory.hpp"

#include <algorithm>
#include <cassert>

#include "base/error.hpp"
#include "base/file.hpp"
#include "script/checksum.hpp"
#include "script/scan.hpp"

namespace luamig::script {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> without_doubles(std::vector<fs::path> locations) {
  std::vector<fs::path> out;
  for (fs::path& location : locations) {
    location = location.lexically_normal();
    if (!location.has_filename()) location = location.parent_path();
    if (std::find(out.begin(), out.end(), location) == out.end()) out.push_back(location);
  }
  return out;
}

}  // namespace

script_directory::script_directory(fs::path migrations, std::vector<fs::path> locations)
    : migrations_(std::move(migrations)), locations_(without_doubles(std::move(locations))) {
  scanned_files files = scan_files(migrations_, locations_);
  messages_ = std::move(files.messages);
  location_of_ = std::move(files.location_of);
  is_conditional_ = std::move(files.is_conditional);
  try {
    graph_ = graph::revision_graph(std::move(files.revisions));
  } catch (error& problem) {
    add_line(problem, migrations_, locations_);
    throw;
  }
}

fs::path script_directory::path(graph::node n) const {
  const std::string_view all = name(n);
  return locations_[location_of_[n]] / all.substr(all.rfind('/') + 1);
}

script script_directory::read(graph::node n) const {
  script result{{}, path(n), std::string(name(n)), {}};
  result.text = normalise(file::read(result.path));
  result.head = scan_header(result.text, result.name);
  if (is_unchanged(n, result.head)) return result;
  error problem(errc::script, "the file has been changed while luamig was at work", "try again");
  problem.revision = graph_.id(n);
  problem.file = result.name;
  throw problem;
}

const script& script_directory::at(graph::node n) const {
  auto found = kept_.find(n);
  if (found == kept_.end()) found = kept_.emplace(n, read(n)).first;
  return found->second;
}

const std::vector<repeatable>& script_directory::repeatables() const {
  if (!repeatables_) repeatables_ = read_repeatables(migrations_);
  return *repeatables_;
}

const repeatable& script_directory::repeatable_of(std::string_view name) const {
  const auto found = std::find_if(repeatables().begin(), repeatables().end(),
                                  [&](const repeatable& one) { return one.file.name == name; });
  assert(found != repeatables().end());
  return *found;
}

const script& script_directory::of(std::string_view revision) const {
  // No id of a revision has a slash.
  if (revision.find('/') != std::string_view::npos) return repeatable_of(revision).file;
  return at(node_of(revision));
}

graph::node script_directory::node_of(std::string_view revision) const {
  const auto found = graph_.find(revision);
  assert(found);
  return *found;
}

bool script_directory::is_unchanged(graph::node n, const header& head) const {
  const auto names = [&](const std::vector<std::string>& texts,
                         std::span<const graph::node> edges) {
    std::vector<graph::node> named;
    for (const std::string& text : texts) {
      auto found = graph_.find(text);
      if (!found) found = graph_.find_label(text);
      if (!found) return false;
      if (std::find(named.begin(), named.end(), *found) == named.end()) named.push_back(*found);
    }
    return std::equal(named.begin(), named.end(), edges.begin(), edges.end());
  };
  return head.revision == graph_.id(n) && names(head.down_revision, graph_.down(n)) &&
         names(head.depends_on, graph_.dependencies(n));
}

}  // namespace luamig::script
